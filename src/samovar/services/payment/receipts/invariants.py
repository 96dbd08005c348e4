"""What must hold of receipts, whatever happens: L10, each rouble has exactly one."""

from datetime import UTC, datetime

from samovar.kit.database import Database
from samovar.services.payment.ledger.domain import Fault
from samovar.services.payment.receipts import repository

_EVER = (datetime(2000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))


async def faults(database: Database) -> list[Fault]:
    """Return what is wrong with the receipts; it may be used meanwhile.

    Receipts are planned in the transaction that moves the money, so that nothing is ever found that is only on its way:
    what came in or went out has a receipt of its sum; a paid order has one; a line given after its payment has the one
    that closes it; the lines of each are its total.
    """
    found = [
        *await repository.differences(database, *_EVER),
        *await repository.orders_without_receipt(database),
        *await repository.lines_not_closed(database),
        *await repository.unbalanced(database),
    ]
    return [
        Fault(
            invariant="L10",
            subject=one.subject,
            detail=f"{one.money} kopecks moved, the receipts say {one.receipts}",
        )
        for one in found
    ]
