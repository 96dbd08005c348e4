"""What can go wrong with legal details.

NotFound
└── ClaimNotFound   404  developer.claim_not_found   the organisation has nothing to decide
Conflict
└── InnTaken        409  developer.inn_taken         another organisation is confirmed with this number
"""

from samovar.kit.errors import Conflict, NotFound


class ClaimNotFound(NotFound):
    """The organisation has said nothing that is to be decided."""

    code = "developer.claim_not_found"


class InnTaken(Conflict):
    """Another organisation is confirmed with the number of this taxpayer."""

    code = "developer.inn_taken"
