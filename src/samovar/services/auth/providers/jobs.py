"""What outside sign-in needs by the clock."""

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.workers import every
from samovar.services.auth.providers import repository

DELETED_AT_ONCE_MAX = 5_000


@every(300)
async def forget_ended_journeys(database: Database, clock: Clock) -> None:
    """Delete journeys, one-time tokens and digests of signed data whose time is over."""
    deleted = DELETED_AT_ONCE_MAX
    while deleted >= DELETED_AT_ONCE_MAX:
        async with database.transaction() as tx:
            deleted = await repository.delete_expired(tx, clock.now(), DELETED_AT_ONCE_MAX)
