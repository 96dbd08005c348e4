"""What wakes the follower of this process."""

from samovar.kit.events import consumes
from samovar.services.catalog.contract.events import SearchChanged
from samovar.services.catalog.search.freshness.follower import Follower


@consumes(SearchChanged, mode="broadcast")
async def read_again(event: SearchChanged, follower: Follower) -> None:  # noqa: ARG001  What changed stands in the database.
    """Look for what has changed."""
    follower.wake()
