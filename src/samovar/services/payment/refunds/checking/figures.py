"""All figures of refunds that should agree and do not."""

from samovar.kit.database import Database
from samovar.services.payment.refunds.checking import repository
from samovar.services.payment.refunds.checking.repository import Differing


async def differing(database: Database, limit: int) -> list[Differing]:
    """Return figures that differ, at most `limit` of each kind."""
    return [
        *await repository.lines(database, limit),
        *await repository.funds(database, limit),
        *await repository.sums(database, limit),
        *await repository.dues(database, limit),
        *await repository.compensations(database, limit),
    ]
