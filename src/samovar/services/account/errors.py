"""What can go wrong in account.

    Unavailable
    └── AccountNotReady   503  account.not_ready    registered a moment ago; the event that tells so is on its way
    NotFound
    └── AccountNotFound   404  account.not_found    no such person, or one who does not want to be found by the caller

A field that breaks a rule is an `InvalidInput` that names it.
"""

from samovar.kit.errors import NotFound, Unavailable


class AccountNotReady(Unavailable):
    """The person has a token, and the event that tells of their registration has not come yet."""

    code = "account.not_ready"


class AccountNotFound(NotFound):
    """There is no such person, or the caller must not learn that there is."""

    code = "account.not_found"
