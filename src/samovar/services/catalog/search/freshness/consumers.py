"""What wakes the follower of this process."""

from samovar.kit.events import Delivery, consumes
from samovar.services.catalog.contract.events import SearchChanged, SearchRebuildWanted
from samovar.services.catalog.search.freshness.follower import Follower


@consumes(SearchChanged, mode="broadcast")
async def read_again(event: SearchChanged, follower: Follower) -> None:  # noqa: ARG001  What changed stands in the database.
    """Look for what has changed."""
    follower.wake()


@consumes(SearchRebuildWanted, mode="broadcast")
async def build_anew(event: SearchRebuildWanted, delivery: Delivery, follower: Follower) -> None:  # noqa: ARG001  It says all by being there.
    """Begin to build the index anew; one asked for before this process was there is not built again."""
    follower.begin_rebuilding(asked_at=delivery.time)
