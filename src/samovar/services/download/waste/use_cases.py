"""Clears away what is left over, in two steps: first nothing can refer to it any more, and after a day its bytes go."""

from datetime import timedelta
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.services.download.counters import WASTE_OBJECTS, WASTE_WAITING
from samovar.services.download.store import Store, key_of, upload_key
from samovar.services.download.waste import repository

# Longer than any ticket holds, and than a request of an upload takes.
GRACE = timedelta(days=2)
AT_ONCE_MAX = 200


class Waste:
    """What is left over."""

    def __init__(self, database: Database, *, store: Store, unused_ttl: timedelta, clock: Clock) -> None:
        self._database = database
        self._unused_ttl = unused_ttl
        self._store = store
        self._clock = clock

    async def give_up_uploads(self) -> None:
        """Give up uploads whose time is over; their packs stay until `leave_packs`, so that the next one need not send them again.

        Raises:
            StoreAway: The store does not answer; the next run goes on.
        """
        given_up = AT_ONCE_MAX
        while given_up == AT_ONCE_MAX:
            async with self._database.transaction() as tx:
                build_ids = await repository.drop_uploads(tx, self._clock.now(), AT_ONCE_MAX)
            for build_id in build_ids:
                await self._store.delete(upload_key(build_id))
            async with self._database.transaction() as tx:
                await repository.forget_uploads(tx, build_ids)
            given_up = len(build_ids)

    async def leave_packs(self) -> None:
        """Forget packs that no build has needed for the time of grace."""
        app_id: UUID | None
        while app_id := await repository.app_with_waste(self._database, self._clock.now() - GRACE):
            now = self._clock.now()
            async with self._database.transaction() as tx:
                if not await repository.leave_packs(tx, app_id, now - GRACE, now, AT_ONCE_MAX):
                    # An upload was begun meanwhile.
                    return

    async def leave_plans(self) -> None:
        """Forget plans that nobody has used for long, and those that were made anew, when the time of grace is over."""
        left = AT_ONCE_MAX
        while left >= AT_ONCE_MAX:
            now = self._clock.now()
            async with self._database.transaction() as tx:
                left = await repository.leave_plans(
                    tx,
                    unused_since=now - self._unused_ttl,
                    stored_before=now - GRACE,
                    now=now,
                    limit=AT_ONCE_MAX,
                )

    async def delete_bytes(self) -> None:
        """Delete the bytes of what has been left for the time of grace and what nothing names again.

        Raises:
            StoreAway: The store does not answer; the next run goes on.
        """
        deleted = AT_ONCE_MAX
        while deleted == AT_ONCE_MAX:
            now = self._clock.now()
            async with self._database.transaction() as tx:
                gone = await repository.begin(tx, now - GRACE, now, AT_ONCE_MAX)
            for one in gone:
                await self._store.delete(key_of(one.kind, one.id))
                WASTE_OBJECTS.labels(one.kind).inc()
            async with self._database.transaction() as tx:
                await repository.end(tx, gone, now)
                await repository.forget(tx, now - GRACE, now - GRACE)
            deleted = len(gone)
        WASTE_WAITING.set(await repository.count_waiting(self._database))
