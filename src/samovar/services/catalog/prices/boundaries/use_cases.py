"""Telling others of discounts that have begun or ended."""

import asyncio
from datetime import datetime

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.services.catalog.contract.prices_events import DiscountEnded, DiscountStarted
from samovar.services.catalog.prices.boundaries import repository
from samovar.services.catalog.prices.telling import tell

BATCH_MAX = 500
# The next look when nothing is due sooner: a discount may have been planned meanwhile, or a game have come out.
LOOK_EVERY_S = 2.0


class Boundaries:
    """Tells of each beginning and end once. Whoever asks for a price need not wait for it: prices follow from their rows."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def tell_due(self) -> int:
        """Tell of the beginnings and ends that have passed, and return of how many discounts."""
        async with self._database.transaction() as tx:
            now = self._clock.now()
            due = await repository.lock_due(tx, now, BATCH_MAX)
            started, ended = [], []
            for one in due:
                span = one.span
                if span is None or not (one.start_told or one.is_shown):
                    # A release came between, or the page was out of the store all the while: nobody has heard that it began.
                    ended.append((one, now, False))
                    continue
                ends_at = span.until or one.ends_at
                if not one.start_told:
                    started.append((one, span.since, ends_at))
                if ends_at <= now:
                    ended.append((one, ends_at, True))
            await tx.publish_many(
                [
                    DiscountStarted(
                        discount_id=one.id,
                        package_id=one.package_id,
                        app_id=one.app_id,
                        kind=one.kind,
                        percent=one.percent,
                        starts_at=starts_at,
                        ends_at=ends_at,
                        sale_id=one.sale_id,
                    )
                    for one, starts_at, ends_at in started
                ]
            )
            await tx.publish_many(
                [
                    DiscountEnded(
                        discount_id=one.id,
                        package_id=one.package_id,
                        app_id=one.app_id,
                        ended_at=ended_at,
                        has_held=has_held,
                    )
                    for one, ended_at, has_held in ended
                ]
            )
            await repository.note_told(tx, [one.id for one, *_ in started], [one.id for one, *_ in ended])
            await tell(tx, {(one.package_id, one.app_id) for one in due}, now)
        return len(due)

    async def watch(self) -> None:
        """Tell of each beginning and end as it passes, until cancelled."""
        while True:
            while await self.tell_due() == BATCH_MAX:
                pass
            now = self._clock.now()
            await asyncio.sleep(self._pause_s(now, await repository.find_next_due(self._database, now)))

    @staticmethod
    def _pause_s(now: datetime, due: datetime | None) -> float:
        until_due_s = LOOK_EVERY_S if due is None else (due - now).total_seconds()
        return min(LOOK_EVERY_S, max(0.0, until_due_s))
