"""A search engine over a database of its own, brought up to date when a test says so."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from samovar.kit.clock import Clock, SystemClock
from samovar.kit.database import Database
from samovar.kit.settings import Secret
from samovar.services.catalog.search.engine import SearchEngine
from samovar.services.catalog.search.fallback import Fallback
from samovar.services.catalog.search.freshness.follower import Follower
from samovar.services.catalog.search.freshness.places import Places
from samovar.services.catalog.search.schemas import SearchQuery, SearchResult
from tests.services.catalog.search.cluster import Cluster


class Store:
    """An engine, what keeps it fresh, and the database behind both."""

    def __init__(self, database: Database, folder: Path, clock: Clock | None = None) -> None:
        self.database = database
        self.engine = SearchEngine(fallback=Fallback(database), clock=clock or SystemClock())
        self.follower = Follower(
            database,
            self.engine,
            database_url=Secret("postgresql://nowhere"),
            places=Places(folder),
            clock=clock or SystemClock(),
        )

    async def find(self, text: str = "", **query: object) -> SearchResult:
        """Bring the index up to date, and search."""
        await self.follower.turn()
        return await self.engine.search(SearchQuery(text=text, **query))  # type: ignore[arg-type]

    async def titles(self, text: str = "", **query: object) -> list[str]:
        """Return the titles of what is found, in order."""
        found = await self.find(text, **query)
        index = self.engine.index
        assert index is not None
        places = [index.table.place_of(app_id.bytes) for app_id in found.ids]
        return [index.table.titles[place] for place in places if place is not None]


@pytest.fixture
async def store(own_database: Database, tmp_path: Path) -> AsyncIterator[Store]:
    made = Store(own_database, tmp_path)
    yield made
    await made.follower.close()


@pytest.fixture
async def cluster() -> AsyncIterator[tuple[Cluster, str]]:
    """Return a cluster, and its address."""
    made = Cluster()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", made.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield made, f"http://{host}:{port}"
    await runner.cleanup()
