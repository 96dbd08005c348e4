"""What can go wrong in payment. Rooms have trees of their own below this one.

    NotFound
    ├── OrderNotFound  404  payment.order_not_found  no such order of this caller
    └── QuoteNotFound  404  payment.quote_not_found  no such quote of this caller
    Forbidden
    └── AccountHeld    403  payment.account_held     nothing of value leaves the account for a few days
    Unavailable
    └── NoProvider     503  payment.no_provider      the operator has no payment provider: only what needs none is paid

A field that breaks a rule is an `InvalidInput` that names it.
"""

from typing import Final

from samovar.kit.errors import Forbidden, NotFound, Unavailable

# An operator has to configure one first.
NO_PROVIDER_RETRY_S: Final = 60.0


class OrderNotFound(NotFound):
    """There is no such order, or it is another player's."""

    code = "payment.order_not_found"


class QuoteNotFound(NotFound):
    """There is no such quote, or it is another player's."""

    code = "payment.quote_not_found"


class AccountHeld(Forbidden):
    """The account is held: its owner said that a sign-in was not theirs. The parameter `until` says how long."""

    code = "payment.account_held"


class NoProvider(Unavailable):
    """The operator has configured no payment provider: nobody would ever collect the money."""

    code = "payment.no_provider"
