"""What can go wrong with quotes.

Conflict
├── QuoteExpired    409  payment.quote_expired    its time is over: ask anew
├── QuoteTaken      409  payment.quote_taken      an order was made of it
└── ItemsRefused    409  payment.items_refused    something cannot be bought; `errors` says what and why
InvalidInput
└── QuoteTampered   422  payment.quote_tampered   it is not what was signed
"""

from samovar.kit.errors import Conflict, InvalidInput


class QuoteExpired(Conflict):
    """The time of the quote is over."""

    code = "payment.quote_expired"


class QuoteTaken(Conflict):
    """An order was made of the quote before."""

    code = "payment.quote_taken"


class ItemsRefused(Conflict):
    """Some items cannot be bought; the fields say which, and why."""

    code = "payment.items_refused"


class QuoteTampered(InvalidInput):
    """The quote is not what was signed, or the signature that was sent is another one."""

    code = "payment.quote_tampered"
