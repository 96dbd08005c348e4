"""Keeps the index of this process as fresh as the database.

Each change of what search shows marks the app in `search_changes` with the number of its transaction. The follower remembers a
watermark: everything of transactions before it is in the index. It reads what was marked from there on, and moves the
watermark to the oldest transaction that was still running when it began to read; so a mark that commits late, with an early
number, is not missed. The event `search_changed` only wakes it; without NATS it looks every `POLL_S`.

While a new index is built, the old one is followed further; then they are swapped between two questions. Prices need no
reading when a discount begins or ends: the table knows them beforehand (`Prices.turn`).
"""

import asyncio
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import SamovarError, Unavailable
from samovar.kit.settings import Secret
from samovar.kit.tasks import stop
from samovar.services.catalog.search import repository
from samovar.services.catalog.search.backend import SearchBackend
from samovar.services.catalog.search.columns import storage
from samovar.services.catalog.search.columns.storage import IndexBroken
from samovar.services.catalog.search.columns.table import Table
from samovar.services.catalog.search.engine import Index, SearchEngine
from samovar.services.catalog.search.freshness import building
from samovar.services.catalog.search.freshness.documents import text_of
from samovar.services.catalog.search.freshness.places import Places
from samovar.services.catalog.search.freshness.reading import Reader
from samovar.services.catalog.search.freshness.texts import FolderTexts, Texts
from samovar.services.catalog.search.repository import Change
from samovar.services.catalog.search.words.aliases import Aliases, common_pairs
from samovar.services.catalog.search.words.names import NameList

POLL_S = 1.5
# Changes that come together are written together.
GATHER_S = 0.1
LEARN_EVERY_S = 60.0
# After a build that failed.
BUILD_AGAIN_AFTER_S = 30.0
BATCH = 250
PAGE = 2_000
# More apps than this are built in a process of their own, beside the serving loop.
APART_FROM = 5_000
# With so many dead places, and more of them than living ones, the index is built anew.
DEAD_MAX = 10_000

log = structlog.get_logger(__name__)


class _Served:
    """An index, and how far it is.

    Attributes:
        seen: The marks that are in it although their transactions are not before the watermark.
    """

    def __init__(self, folder: Path, table: Table, backend: SearchBackend, watermark: int) -> None:
        self.folder = folder
        self.table = table
        self.backend = backend
        self.watermark = watermark
        self.seen: dict[Change, None] = {}


class Follower:
    """Opens or builds the index, and follows.

    Args:
        database_url: For a process that builds.
        places: Where indexes lie.
        texts: Where their texts lie: beside them, unless said.
        apart_from: More apps than this are built in a process of their own.
    """

    def __init__(
        self,
        database: Database,
        engine: SearchEngine,
        *,
        database_url: Secret,
        places: Places,
        clock: Clock,
        texts: Texts | None = None,
        apart_from: int = APART_FROM,
    ) -> None:
        self._database = database
        self._engine = engine
        self._database_url = database_url
        self._places = places
        self._clock = clock
        self._apart_from = apart_from
        self._texts = texts or FolderTexts()
        self._reader = Reader(database, clock)
        self._served: _Served | None = None
        self._building: asyncio.Task[None] | None = None
        self._turning = asyncio.Lock()
        self._woken = asyncio.Event()
        self._learned_at: float | None = None
        self._build_not_before = 0.0
        self._began_at = clock.now()

    def wake(self) -> None:
        """Look for changes now."""
        self._woken.set()

    async def run(self) -> None:
        """Follow until cancelled."""
        while True:
            try:
                await self.turn()
            except SamovarError as error:
                log.warning("the search index could not be refreshed", error=str(error))
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):
                    await self._woken.wait()
            if self._woken.is_set():
                await asyncio.sleep(GATHER_S)
                self._woken.clear()

    async def turn(self) -> None:
        """Bring the index to what the database says now; one that is not there is opened or built."""
        async with self._turning:
            await self._learn()
            if self._served is None:
                await self._open()
            elif self._served.table.dead > max(DEAD_MAX, len(self._served.table)):
                self._begin_rebuilding()
            if self._served is not None:
                await self._catch_up(self._served)
                await self._learn()

    async def rebuild(self) -> None:
        """Build the index anew and swap it in; the one that is served is followed meanwhile."""
        self._build_not_before = 0.0
        self._begin_rebuilding()
        if self._building is not None:
            await asyncio.shield(self._building)

    def begin_rebuilding(self, *, asked_at: datetime) -> None:
        """Begin to build anew, beside what is served; what was asked before this process began is done with."""
        if asked_at >= self._began_at:
            self._begin_rebuilding()

    async def close(self) -> None:
        """Write down what is served, for the next start."""
        if self._building is not None:
            await stop(self._building)
        self._engine.use(None)
        served = self._served
        if served is not None:
            await served.backend.close()
            with suppress(OSError):
                await asyncio.to_thread(
                    storage.save, served.table, served.watermark, served.folder / building.TABLE
                )
        self._places.close()

    async def _learn(self) -> None:
        now = asyncio.get_running_loop().time()
        if self._learned_at is not None and now - self._learned_at < LEARN_EVERY_S:
            return
        await self._reader.learn()
        added = [(row.alias, row.title) for row in await repository.find_aliases(self._database)]
        creators: dict[str, str] = {}
        if self._served is not None:
            self._served.table.prices.groups = self._reader.price_groups
            creators = dict(self._served.table.creator_names)
        aliases = Aliases([*added, *common_pairs()])
        names = await asyncio.to_thread(NameList, creators, self._reader.terms)
        self._engine.learn(aliases, names)
        self._learned_at = now

    async def _open(self) -> None:
        """Serve what lies on the disk, or begin to build."""
        current = self._places.current()
        if current is not None and self._building is None:
            try:
                await self._serve(current)
            except (IndexBroken, Unavailable) as error:
                log.warning("the search index is built anew", reason=str(error))
            else:
                return
        if self._building is None and await repository.count_apps(self._database) <= self._apart_from:
            place = self._places.next()
            await building.build(self._database, place, self._clock, self._texts)
            await self._serve(place)
        else:
            self._begin_rebuilding()

    def _begin_rebuilding(self) -> None:
        if asyncio.get_running_loop().time() < self._build_not_before:
            return
        if self._building is None or self._building.done():
            self._building = asyncio.create_task(self._rebuild())

    async def _rebuild(self) -> None:
        place = self._places.next()
        try:
            if await repository.count_apps(self._database) <= self._apart_from:
                await building.build(self._database, place, self._clock, self._texts)
            else:
                await building.build_apart(self._database_url, place, self._texts)
            async with self._turning:
                before = self._served
                await self._serve(place)
            if before is not None:
                await before.backend.close()
                self._places.forget(before.folder)
        except (SamovarError, IndexBroken, OSError) as error:
            self._build_not_before = asyncio.get_running_loop().time() + BUILD_AGAIN_AFTER_S
            log.warning("the search index could not be built", error=str(error))
        finally:
            self._building = None

    async def _serve(self, place: Path) -> None:
        """Load an index, bring it up to date, and swap it in."""
        table, backend, watermark = await building.load(place, self._texts)
        served = _Served(place, table, backend, watermark)
        table.prices.groups = self._reader.price_groups
        bounds = await repository.find_bounds(self._database)
        if watermark > bounds.unborn:
            raise IndexBroken(f"{place}: made of another database")
        await self._catch_up(served)
        shown = await repository.count_apps(self._database)
        if abs(shown - len(table)) > max(100, shown // 100):
            raise IndexBroken(f"{place}: {len(table)} apps, the database shows {shown}")
        self._places.switch(place)
        self._engine.use(Index(table, backend))
        self._served = served
        log.info("a search index is served", apps=len(table))
        # What was learned before knows no creators of this index.
        self._learned_at = None

    async def _catch_up(self, served: _Served) -> None:
        begun = await repository.find_bounds(self._database)
        reading = repository.Bounds(served.watermark, begun.unborn)
        seen: dict[Change, None] = {}
        after, fresh = 0, []
        while True:
            page = await repository.find_changes(self._database, reading, after=after, limit=PAGE)
            seen.update(dict.fromkeys(page))
            fresh += [change.app_id for change in page if change not in served.seen]
            if len(page) < PAGE:
                break
            after = page[-1].seq
        for start in range(0, len(fresh), BATCH):
            await self._apply(served, fresh[start : start + BATCH])
        served.seen, served.watermark = seen, begun.finished

    async def _apply(self, served: _Served, app_ids: list[UUID]) -> None:
        documents = await self._reader.read(app_ids)
        table = served.table
        now = self._clock.now()
        removed = [
            (place, app_id.bytes) for app_id in app_ids if (place := table.place_of(app_id.bytes)) is not None
        ]
        places = table.next_place
        texts = await asyncio.to_thread(
            lambda: [text_of(document, places + number) for number, document in enumerate(documents)]
        )
        await served.backend.write(texts, removed)
        # No await from here on: who asks sees the batch as a whole.
        for _, app_id in removed:
            table.remove(app_id)
        for document in documents:
            table.add(document, now)
