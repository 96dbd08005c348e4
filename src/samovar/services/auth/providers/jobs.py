"""What outside sign-in needs by the clock."""

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.workers import every
from samovar.services.auth.providers import repository
from samovar.services.auth.providers.links.use_cases import Links

DELETED_AT_ONCE_MAX = 5_000


@every(300)
async def forget_ended_journeys(database: Database, clock: Clock) -> None:
    """Delete journeys, one-time tokens and digests of signed data whose time is over."""
    deleted = DELETED_AT_ONCE_MAX
    while deleted >= DELETED_AT_ONCE_MAX:
        async with database.transaction() as tx:
            deleted = await repository.delete_expired(tx, clock.now(), DELETED_AT_ONCE_MAX)


@every(3_600)
async def forget_former_links(links: Links) -> None:
    """Delete former links that nobody can call back any more."""
    await links.forget_former()
