"""What recovery codes need by the clock."""

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.workers import every
from samovar.services.auth.domain import FORMER_FACTORS_KEPT_FOR
from samovar.services.auth.recovery_codes import repository

DELETED_AT_ONCE_MAX = 10_000


@every(3_600)
async def forget_former_recovery_codes(database: Database, clock: Clock) -> None:
    """Delete codes that nobody can call back any more."""
    async with database.transaction() as tx:
        kept_from = clock.now() - FORMER_FACTORS_KEPT_FOR
        await repository.delete_former_before(tx, kept_from, DELETED_AT_ONCE_MAX)
