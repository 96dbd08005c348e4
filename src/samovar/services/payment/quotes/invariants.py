"""What must hold of quotes, whatever happens."""

from samovar.kit.database import Database
from samovar.services.payment.ledger.domain import Fault
from samovar.services.payment.quotes import repository

FAULTS_MAX = 100


async def faults(database: Database) -> list[Fault]:
    """Return what is wrong: an order costs what its quote promised to the same account, and that quote is taken."""
    return [
        Fault(
            invariant="quote",
            subject=f"order {wrong.order_id}",
            detail=f"costs {wrong.total}, quoted {'and taken never' if wrong.quoted is None else wrong.quoted}",
        )
        for wrong in await repository.orders_beside_quotes(database, FAULTS_MAX)
    ]
