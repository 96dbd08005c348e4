"""Deltas, made one pair of builds after another."""

import tempfile
from datetime import timedelta
from pathlib import Path

import structlog

from samovar.content.format.errors import ContentError
from samovar.content.publish.pairing import LEVEL, DeltaSet
from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.services.download import repository as builds
from samovar.services.download.apart import LIGHT_BYTES, Apart
from samovar.services.download.counters import DELTA_BYTES, DELTAS
from samovar.services.download.errors import PlannerBusy, StoreAway
from samovar.services.download.plans import repository as plans
from samovar.services.download.plans.deltas import repository
from samovar.services.download.plans.deltas.differing import differ, write_set
from samovar.services.download.plans.deltas.repository import Pair
from samovar.services.download.plans.making import KeptPack, KeptTree
from samovar.services.download.repository import ReadyBuild
from samovar.services.download.store import Store, key_of

ATTEMPTS_MAX = 3
AGAIN_AFTER = timedelta(hours=1)
FAILURE_LENGTH_MAX = 500
CLEARED_AT_ONCE_MAX = 200

log = structlog.get_logger(__name__)


class Deltas:
    """Makes what updates need, while nobody waits for it.

    Args:
        database: Of the service.
        store: Where builds lie, at `place`.
        place: See `Store`.
        apart: Runs what is heavy.
        recent: From how many builds that a branch gave before.
        bytes_max: Larger builds get none.
        unused_ttl: How long deltas that are not wanted any more stay when nobody uses them.
        clock: Tells when an attempt was made.
    """

    def __init__(
        self,
        database: Database,
        *,
        store: Store,
        place: str,
        apart: Apart,
        recent: int,
        bytes_max: int,
        unused_ttl: timedelta,
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._apart = apart
        self._place = place
        self._recent = recent
        self._bytes_max = bytes_max
        self._unused_ttl = unused_ttl
        self._clock = clock

    async def make_next(self) -> bool:
        """Make the deltas that are wanted most; returns whether there was something to make.

        From then on plans between the two builds are made anew. What fails is tried again an hour later, three times in all: a build is
        as good without deltas, and larger.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            pair = await repository.next_pair(
                tx,
                recent=self._recent,
                bytes_max=self._bytes_max,
                attempts_max=ATTEMPTS_MAX,
                tried_before=now - AGAIN_AFTER,
            )
            if pair is None:
                return False
            await repository.begin(tx, pair, now)
        try:
            await self._make(pair)
            DELTAS.labels("made").inc()
        except (ContentError, OSError, LookupError, MemoryError, PlannerBusy, StoreAway) as error:
            failure = f"{type(error).__name__}: {error}"[:FAILURE_LENGTH_MAX]
            DELTAS.labels("failed").inc()
            log.warning("deltas were not made", build_id=str(pair.build_id), failure=failure)
            async with self._database.transaction() as tx:
                await repository.fail(tx, pair, failure)
        return True

    async def clear(self) -> None:
        """Forget deltas between builds that players do not go between any more, and that nobody has used for long."""
        while True:
            now = self._clock.now()
            unused_since = now - self._unused_ttl
            pairs = await repository.unused(
                self._database, recent=self._recent, unused_since=unused_since, limit=CLEARED_AT_ONCE_MAX
            )
            for pair in pairs:
                async with self._database.transaction() as tx:
                    await plans.lock(tx, pair.from_build_id, pair.build_id)
                    if await repository.leave(
                        tx, pair, recent=self._recent, unused_since=unused_since, now=now
                    ):
                        await plans.forget(tx, pair.build_id, pair.from_build_id)
            if len(pairs) < CLEARED_AT_ONCE_MAX:
                return

    async def _make(self, pair: Pair) -> None:
        ready = await builds.find_ready(self._database, [pair.from_build_id, pair.build_id])
        old, new = ready[pair.from_build_id], ready[pair.build_id]
        rows = await plans.packs_of(self._database, pair.app_id, old.id)
        rows += await plans.packs_of(self._database, pair.app_id, new.id)
        packs = {row.id: KeptPack(row.id, row.size_bytes, row.pack_index) for row in rows}
        with tempfile.TemporaryDirectory(prefix="samovar-deltas-") as into:
            made: DeltaSet = await self._apart.run(
                LIGHT_BYTES + 1,
                differ,
                self._place,
                await self._tree(old),
                await self._tree(new),
                list(packs.values()),
                Path(into),
                LEVEL,
            )
            async with self._database.transaction() as tx:
                now = self._clock.now()
                await builds.revive(tx, "deltas", [pack.id for pack in made.packs], now)
                await builds.revive(tx, "packs", [pack.id for pack in made.fill], now)
            objects = []
            for kind, some in (("deltas", made.packs), ("packs", made.fill)):
                for pack in some:
                    await self._store.write(key_of(kind, pack.id), Path(into) / pack.id.hex())
                    objects.append((kind, pack.id, pack.size))
        async with self._database.transaction() as tx:
            await plans.lock(tx, pair.from_build_id, pair.build_id)
            await repository.keep(tx, pair, write_set(made), objects, self._clock.now())
            await plans.forget(tx, pair.build_id, pair.from_build_id)
        DELTA_BYTES.inc(sum(size for _, _, size in objects))

    async def _tree(self, build: ReadyBuild) -> KeptTree:
        return KeptTree(build.tree, await self._store.read(key_of("trees", build.tree)))
