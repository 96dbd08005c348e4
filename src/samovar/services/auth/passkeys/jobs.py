"""What passkeys need by the clock."""

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.workers import every
from samovar.services.auth.passkeys import repository

DELETED_AT_ONCE_MAX = 10_000


@every(600)
async def forget_old_passkey_challenges(database: Database, clock: Clock) -> None:
    """Delete what was never signed."""
    async with database.transaction() as tx:
        await repository.delete_challenges_before(tx, clock.now(), DELETED_AT_ONCE_MAX)
