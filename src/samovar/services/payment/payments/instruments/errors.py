"""What can go wrong with kept instruments.

NotFound
└── SavedMethodNotFound  404  payment.saved_method_not_found  no such instrument of this caller
"""

from samovar.kit.errors import NotFound


class SavedMethodNotFound(NotFound):
    """There is no such instrument, or it is another player's."""

    code = "payment.saved_method_not_found"
