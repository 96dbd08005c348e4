"""Packs, compressed again some at a time."""

import tempfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import structlog

from samovar.content.format.errors import ContentError
from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.services.download import repository as builds
from samovar.services.download.apart import LIGHT_BYTES, Apart
from samovar.services.download.counters import SETTLED, SETTLED_BYTES, UNSETTLED_PACKS
from samovar.services.download.errors import PlannerBusy, StoreAway
from samovar.services.download.plans.making import KeptPack, KeptTree
from samovar.services.download.plans.repository import PackRow
from samovar.services.download.plans.settling import repository
from samovar.services.download.plans.settling.repacking import Repacked, repack
from samovar.services.download.store import Store, key_of

ATTEMPTS_MAX = 3
AGAIN_AFTER = timedelta(hours=1)
# Together in one process, and twice on its disk.
BATCH_BYTES_MAX = 512 * 1024 * 1024
BATCH_INDEX_BYTES_MAX = 4 * 1024 * 1024
CHUNKS_AT_ONCE_MAX = 5_000

log = structlog.get_logger(__name__)


class Settling:
    """Makes packs as small as they get, while nobody waits for it.

    Args:
        database: Of the service.
        store: Where builds lie, at `place`.
        place: See `Store`.
        apart: Runs what is heavy.
        wanted: Whether it does so at all.
        clock: Tells when an attempt was made.
    """

    def __init__(
        self, database: Database, *, store: Store, place: str, apart: Apart, wanted: bool, clock: Clock
    ) -> None:
        self._database = database
        self._store = store
        self._place = place
        self._apart = apart
        self._wanted = wanted
        self._clock = clock

    async def settle_next(self) -> bool:
        """Compress some packs of a build again; returns whether there was something to do.

        From then on builds consist of the new packs, and plans are made with them. What fails is tried again an hour later, three times in
        all: a build is as good with the packs that it came with, and larger.
        """
        if not self._wanted:
            return False
        now = self._clock.now()
        before = now - AGAIN_AFTER
        async with self._database.transaction() as tx:
            build_id = await repository.next_build(tx, attempts_max=ATTEMPTS_MAX, tried_before=before)
            found = await builds.find_ready(tx, [build_id] if build_id else [])
            if build_id not in found:
                return False
            build = found[build_id]
            rows = await repository.begin(
                tx,
                build.app_id,
                build.id,
                bytes_max=BATCH_BYTES_MAX,
                index_bytes_max=BATCH_INDEX_BYTES_MAX,
                attempts_max=ATTEMPTS_MAX,
                tried_before=before,
                now=now,
            )
        if not rows:
            return False
        try:
            tree = KeptTree(build.tree, await self._store.read(key_of("trees", build.tree)))
            await self._settle(build.app_id, tree, rows)
        except (ContentError, OSError, LookupError, MemoryError, PlannerBusy, StoreAway) as error:
            SETTLED.labels("failed").inc()
            log.warning(
                "packs were not compressed again",
                build_id=str(build.id),
                packs=len(rows),
                failure=repr(error),
            )
        return True

    async def _settle(self, app_id: UUID, tree: KeptTree, rows: list[PackRow]) -> None:
        packs = [KeptPack(row.id, row.size_bytes, row.pack_index) for row in rows]
        with tempfile.TemporaryDirectory(prefix="samovar-settling-") as into:
            made: list[Repacked] = await self._apart.run(
                LIGHT_BYTES + 1, repack, self._place, tree, packs, Path(into)
            )
            async with self._database.transaction() as tx:
                await builds.revive(tx, "packs", [one.id for one in made], self._clock.now())
            for one in made:
                await self._store.write(key_of("packs", one.id), Path(into) / one.id.hex())
        if await self._keep(app_id, [pack.id for pack in packs], made):
            SETTLED.labels("done").inc()
            SETTLED_BYTES.labels("before").inc(sum(pack.size for pack in packs))
            SETTLED_BYTES.labels("after").inc(sum(one.size for one in made))
        else:
            # They were forgotten meanwhile; what was written goes with the waste.
            SETTLED.labels("gone").inc()

    async def count(self) -> None:
        """Tell operators how many packs wait, and how many were tried in vain."""
        waiting, given_up = await repository.count_unsettled(self._database, ATTEMPTS_MAX)
        UNSETTLED_PACKS.labels("waiting").set(waiting if self._wanted else 0)
        UNSETTLED_PACKS.labels("given_up").set(given_up)

    async def _keep(self, app_id: UUID, old: list[bytes], made: list[Repacked]) -> bool:
        now = self._clock.now()
        async with self._database.transaction() as tx:
            build_ids = await repository.lock(tx, app_id, old)
            if build_ids is None:
                return False
            for one in made:
                await repository.insert(
                    tx, app_id, one.id, size_bytes=one.size, pack_index=one.pack_index, now=now
                )
                # Some at a time: other tasks of the process have their turn.
                for at in range(0, len(one.chunk_ids), CHUNKS_AT_ONCE_MAX):
                    some = one.chunk_ids[at : at + CHUNKS_AT_ONCE_MAX]
                    await repository.move_chunks(tx, app_id, some, one.id, old)
            moves = [(there, one.id) for one in made for there in one.instead_of]
            await repository.replace(tx, app_id, build_ids, moves, now)
        return True
