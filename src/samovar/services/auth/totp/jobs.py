"""What authenticator apps need by the clock."""

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.workers import every
from samovar.services.auth.domain import FORMER_FACTORS_KEPT_FOR
from samovar.services.auth.totp import repository

DELETED_AT_ONCE_MAX = 10_000


@every(600)
async def forget_old_enrolments(database: Database, clock: Clock) -> None:
    """Delete secrets that nobody confirmed, and those that nobody can call back any more."""
    async with database.transaction() as tx:
        now = clock.now()
        await repository.delete_enrolments_before(tx, now, DELETED_AT_ONCE_MAX)
        await repository.delete_former_before(tx, now - FORMER_FACTORS_KEPT_FOR, DELETED_AT_ONCE_MAX)
