"""The loop that keeps the index of this process fresh."""

from samovar.kit.workers import every
from samovar.services.catalog.search.freshness.follower import Follower


@every(1, alone=False)
async def follow_search_changes(follower: Follower) -> None:
    """Follow until the process ends."""
    await follower.run()
