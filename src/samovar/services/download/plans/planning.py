"""Finds the plan from one build to another, and has it made when there is none."""

import asyncio
from contextvars import Context
from datetime import timedelta
from uuid import UUID

from samovar.content.format.canonical import hash_of
from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.services.download import repository as builds
from samovar.services.download.apart import Apart
from samovar.services.download.counters import PLANS
from samovar.services.download.plans import repository
from samovar.services.download.plans.making import KeptPack, KeptTree, Made, make
from samovar.services.download.plans.schemas import ChangedFile, PlanFigures
from samovar.services.download.repository import ReadyBuild
from samovar.services.download.signing import Platform
from samovar.services.download.store import Store, key_of

# A plan may be asked for a thousand times a second.
USE_NOTED_EVERY = timedelta(days=1)

_Pair = tuple[UUID | None, UUID]


class Planner:
    """Makes each plan once, however many ask for it at the same time."""

    def __init__(
        self, database: Database, *, store: Store, platform: Platform, apart: Apart, clock: Clock
    ) -> None:
        self._database = database
        self._store = store
        self._platform = platform
        self._apart = apart
        self._clock = clock
        self._making: dict[_Pair, asyncio.Task[PlanFigures]] = {}

    async def plan(self, old: ReadyBuild | None, new: ReadyBuild) -> PlanFigures:
        """Return the plan from a build, or from nothing, to another build of the same app.

        Raises:
            PlannerBusy: Too many are being made.
            StoreAway: The store does not answer.
        """
        pair: _Pair = (old.id if old else None, new.id)
        found = await repository.find(self._database, *pair)
        if found is not None:
            now = self._clock.now()
            if now - found.used_at >= USE_NOTED_EVERY:
                async with self._database.transaction() as tx:
                    await repository.use(tx, *pair, now)
            PLANS.labels("kept").inc()
            return found
        task = self._making.get(pair)
        if task is None:
            # In a context of its own: with the deadline of who asks first it would be given up.
            task = asyncio.create_task(self._counted(old, new), context=Context())
            self._making[pair] = task
            task.add_done_callback(lambda _: self._making.pop(pair, None))
        # Who asked first may give up; the others still wait for it.
        return await asyncio.shield(task)

    async def _counted(self, old: ReadyBuild | None, new: ReadyBuild) -> PlanFigures:
        outcome = "failed"
        try:
            made = await self._make(old, new)
            outcome = "made"
        finally:
            PLANS.labels(outcome).inc()
        return made

    async def _make(self, old: ReadyBuild | None, new: ReadyBuild) -> PlanFigures:
        packs = await repository.packs_of(self._database, new.app_id, new.id)
        before, after = await self._tree(old) if old else None, await self._tree(new)
        sets = await repository.sets_of(self._database, old.id, new.id) if old else []
        weight = sum(map(len, sets)) + len(after.nodes) + sum(len(row.pack_index) for row in packs)
        made: Made = await self._apart.run(
            weight + (len(before.nodes) if before else 0),
            make,
            before,
            after,
            [KeptPack(row.id, row.size_bytes, row.pack_index) for row in packs],
            sets,
        )
        envelope = self._platform.sign("plan", made.data)
        figures = PlanFigures(
            plan_id=hash_of(envelope),
            fetches_bytes=made.fetches,
            writes_bytes=made.writes,
            peak_bytes=made.peak,
            requests=made.requests,
            largest=[
                ChangedFile(path=one.path, size_bytes=one.size_bytes, new_bytes=one.new_bytes)
                for one in made.largest
            ],
        )
        async with self._database.transaction() as tx:
            await builds.revive(tx, "plans", [figures.plan_id], self._clock.now())
        await self._store.write(key_of("plans", figures.plan_id), envelope)
        async with self._database.transaction() as tx:
            await repository.lock(tx, old.id if old else None, new.id)
            await repository.insert(
                tx,
                new.app_id,
                old.id if old else None,
                new.id,
                figures,
                size_bytes=len(envelope),
                sets=len(sets),
                packs=[row.id for row in packs],
                now=self._clock.now(),
            )
        return figures

    async def _tree(self, build: ReadyBuild) -> KeptTree:
        return KeptTree(build.tree, await self._store.read(key_of("trees", build.tree)))
