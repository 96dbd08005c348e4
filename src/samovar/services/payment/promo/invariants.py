"""What must hold of promo codes, whatever happens."""

from samovar.kit.database import Database
from samovar.services.payment.ledger.domain import Fault
from samovar.services.payment.promo import repository

FAULTS_MAX = 100


async def faults(database: Database) -> list[Fault]:
    """Return what is wrong: what is counted of a code, in all and by account, is what was redeemed and not given back.

    Of what erased accounts redeemed the count of a code stays, so that it may be more than the rows that are left, never less.
    """
    return [
        Fault(
            invariant="promo",
            subject=f"promo code {wrong.code_id}" + (f" of {wrong.account_id}" if wrong.account_id else ""),
            detail=f"counted {wrong.counted}, redeemed {wrong.redeemed}",
        )
        for wrong in await repository.miscounted(database, FAULTS_MAX)
    ]
