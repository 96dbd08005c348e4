"""What must hold of refunds, compensations and chargebacks, whatever happens: L6."""

from samovar.kit.database import Database
from samovar.services.payment.ledger.domain import Fault
from samovar.services.payment.refunds.checking import figures

FAULTS_MAX = 100


async def faults(database: Database) -> list[Fault]:
    """Return what is wrong.

    L6: of a line no more has gone back and is on its way than was paid, and exactly what its refunds say; of each source of money no more
    than came; a refund is the sum of its lines and of its parts; in the ledger exactly that is due which is still on its way; a
    compensation is given once, in full.
    """
    return [
        Fault(
            invariant="L6",
            subject=one.subject,
            detail=f"{one.what}: {one.is_so}, and it should be {one.should_be}",
        )
        for one in await figures.differing(database, FAULTS_MAX)
    ]
