"""What can go wrong with kept instruments.

NotFound
└── SavedMethodNotFound  404  payment.saved_method_not_found  no such instrument of this caller
Conflict
└── SavedMethodInUse     409  payment.saved_method_in_use     a payment with it is just being made
"""

from samovar.kit.errors import Conflict, NotFound


class SavedMethodNotFound(NotFound):
    """There is no such instrument, or it is another player's."""

    code = "payment.saved_method_not_found"


class SavedMethodInUse(Conflict):
    """A payment with it is just being made; a moment later it can be forgotten."""

    code = "payment.saved_method_in_use"
