"""What can go wrong with payouts.

NotFound
├── PayeeNotFound      404  payment.payee_not_found      no such organisation, or not of this caller
├── PayoutNotFound     404  payment.payout_not_found     as above
└── StatementNotFound  404  payment.statement_not_found  nothing was sold then, or the month is not over
Conflict
├── PayeeInnDiffers    409  payment.payee_inn_differs    the payee is another taxpayer than the organisation
├── PayoutDecided      409  payment.payout_decided       somebody was first, or it has gone
└── ReceiptTaken       409  payment.receipt_taken        it has another receipt already, or needs none
Forbidden
└── SecondPersonNeeded 403  payment.second_person_needed nobody approves what they proposed, or details of theirs
Unavailable
├── BankAway           503  payment.bank_away            the bank does not answer
└── NpdAway            503  payment.npd_away             the tax service does not answer
"""

from samovar.kit.errors import Conflict, Forbidden, NotFound, Unavailable


class PayeeNotFound(NotFound):
    """There is no such payee, or it is not the caller's to know."""

    code = "payment.payee_not_found"


class PayoutNotFound(NotFound):
    """There is no such payout, or it is not the caller's to know."""

    code = "payment.payout_not_found"


class StatementNotFound(NotFound):
    """There is no act of that month: nothing was sold, or it is not over."""

    code = "payment.statement_not_found"


class PayeeInnDiffers(Conflict):
    """The organisation is confirmed by another number of a taxpayer than its payee has."""

    code = "payment.payee_inn_differs"


class PayoutDecided(Conflict):
    """The payout is no longer in the state that this needs."""

    code = "payment.payout_decided"


class ReceiptTaken(Conflict):
    """The payout has another receipt already, or is none that needs one."""

    code = "payment.receipt_taken"


class SecondPersonNeeded(Forbidden):
    """Whoever proposed a payout, or wrote where it goes, does not approve it."""

    code = "payment.second_person_needed"


class BankAway(Unavailable):
    """The bank does not answer, or so that nothing follows from it: what it did is asked later."""

    code = "payment.bank_away"


class NpdAway(Unavailable):
    """The tax service does not answer, or asks to be asked less."""

    code = "payment.npd_away"
