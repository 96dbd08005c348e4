"""What developers' reports ask: how much an app is played by all."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.services.library.play.sums import repository
from samovar.services.library.play.sums.repository import PlaySum

# A heartbeat counts the last 200 s at the most: what is older than this changes by play alone that is told of later, which forgets sums.
CLOSED_AFTER = timedelta(hours=1)
# So many are counted in one transaction: whoever runs out of time in the first look at years goes on there.
COUNTED_AT_ONCE_MAX = 92


class PlaySums:
    """How much apps are played by all. What is over is counted once and kept, until somebody tells of more."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def between(self, app_id: UUID, bounds: Sequence[datetime]) -> list[PlaySum]:
        """Return how much an app was played between each two of these moments, for those who made sure that they may know.

        Spans in which nobody played are left out. A single span, any that one may ask for, is not kept.
        """
        if len(bounds) == 2:  # noqa: PLR2004  the beginning and the end of it
            return await repository.count_whole(self._database, app_id, bounds[0], bounds[1])
        known = {one.place: one for one in await repository.list_kept(self._database, app_id, bounds)}
        closed_at = self._clock.now() - CLOSED_AFTER
        missing = [place for place in range(len(bounds) - 1) if place not in known]
        closed = [place for place in missing if bounds[place + 1] <= closed_at]
        for first, last in _runs(closed):
            known |= _placed(await self._keep(app_id, bounds[first : last + 2]), first)
        for first, last in _runs(missing[len(closed) :]):
            counted = await repository.count(self._database, app_id, bounds[first : last + 2])
            known |= _placed(counted, first)
        return [known[place] for place in sorted(known) if known[place].players]

    async def _keep(self, app_id: UUID, bounds: Sequence[datetime]) -> list[PlaySum]:
        """Count what is over, and keep it unless somebody tells of more at this moment."""
        async with self._database.transaction() as tx:
            is_alone = await repository.try_lock(tx, app_id)
            counted = await repository.count(tx, app_id, bounds)
            if is_alone:
                await repository.keep(tx, app_id, bounds, counted)
        return counted


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Return the first and the last of each row of places that follow one another, at most so many in a row."""
    runs: list[tuple[int, int]] = []
    for place in places:
        if runs and runs[-1][1] == place - 1 and place - runs[-1][0] < COUNTED_AT_ONCE_MAX:
            runs[-1] = (runs[-1][0], place)
        else:
            runs.append((place, place))
    return runs


def _placed(sums: Sequence[PlaySum], first: int) -> dict[int, PlaySum]:
    """Return sums of a part of the spans by their place among all."""
    return {first + one.place: msgspec.structs.replace(one, place=first + one.place) for one in sums}
