"""The index is what the database says, whatever happened to either."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.catalog.app import service
from samovar.services.catalog.search import marks
from samovar.services.catalog.search.columns import storage
from samovar.services.catalog.search.columns.table import Table
from samovar.services.catalog.search.engine import SearchEngine
from samovar.services.catalog.search.fallback import Fallback
from samovar.services.catalog.search.freshness.follower import Follower
from samovar.services.catalog.search.freshness.places import Places
from samovar.services.catalog.search.schemas import SearchQuery
from tests.kit.eventing import eventually
from tests.services.catalog.pages import page, publish, put
from tests.services.catalog.search.conftest import Store


@asynccontextmanager
async def started_again(store: Store, folder: Path) -> AsyncIterator[Store]:
    await store.follower.close()
    again = Store(store.database, folder)
    await again.follower.turn()
    yield again
    await again.follower.close()


async def rename(database: Database, app_id: UUID, title: str) -> None:
    await put(database, page("one", title=title), app_id=app_id)


async def test_a_mark_that_commits_late_with_an_early_number_is_not_missed(store: Store) -> None:
    early = await publish(store.database, "early", title="Early Bird")
    late = await publish(store.database, "late", title="Late Riser")
    await store.follower.turn()
    async with store.database.transaction() as tx:
        await tx.execute("UPDATE apps SET title = 'Changed Bird' WHERE id = $1", early)
        await marks.mark(tx, [early])
        async with store.database.transaction() as other:
            await other.execute("UPDATE apps SET title = 'Changed Riser' WHERE id = $1", late)
            await marks.mark(other, [late])
        assert await store.titles("changed") == ["Changed Riser"]
    assert sorted(await store.titles("changed")) == ["Changed Bird", "Changed Riser"]


async def test_nothing_is_read_again_that_was_read(store: Store) -> None:
    app_id = await publish(store.database, "one")
    await store.follower.turn()
    async with store.database.transaction() as tx:
        await tx.execute("SELECT pg_current_xact_id()")
        await rename(store.database, app_id, "Two")
        await store.follower.turn()
        assert store.engine.index is not None
        places = store.engine.index.table.next_place
        # The transaction that is still open holds the watermark back; what was read stays read.
        await store.follower.turn()
        assert store.engine.index.table.next_place == places


async def test_an_index_on_the_disk_is_opened_and_catches_up(store: Store, tmp_path: Path) -> None:
    app_id = await publish(store.database, "one", title="First Name")
    await publish(store.database, "two", title="Other Game")
    await store.follower.turn()
    served = (tmp_path / "1" / "current").read_text()
    async with started_again(store, tmp_path) as opened:
        await rename(store.database, app_id, "Second Name")
        async with started_again(opened, tmp_path) as again:
            assert (tmp_path / "1" / "current").read_text() == served
            assert await again.titles("first") == []
            assert await again.titles("second") == ["Second Name"]
            assert await again.titles("other") == ["Other Game"]


async def test_an_index_written_further_than_its_table_says_nothing_twice(
    store: Store, tmp_path: Path
) -> None:
    app_id = await publish(store.database, "one", title="First Name")
    await store.follower.turn()
    table = tmp_path / "1" / (tmp_path / "1" / "current").read_text() / "table"
    older = table.read_bytes()
    await rename(store.database, app_id, "Second Name")
    await store.follower.turn()
    await store.follower.close()
    # As after a crash: the table is older than the text beside it.
    table.write_bytes(older)
    async with started_again(store, tmp_path) as again:
        assert await again.titles("second") == ["Second Name"]
        assert await again.titles("first") == []
        assert await again.titles("name") == ["Second Name"]


def _cut(place: Path) -> None:
    (place / "table").write_bytes((place / "table").read_bytes()[:-3])


def _lose_text(place: Path) -> None:
    shutil.rmtree(place / "text")


def _lose_segments(place: Path) -> None:
    for file in (place / "text").iterdir():
        if file.suffix in {".term", ".store"}:
            file.unlink()


def _spoil_meta(place: Path) -> None:
    (place / "text" / "meta.json").write_text("{")


def _lose_all(place: Path) -> None:
    shutil.rmtree(place)


def _of_another_server(place: Path) -> None:
    table, _ = storage.load(place / "table")
    storage.save(table, 2**60, place / "table")


def _empty(place: Path) -> None:
    storage.save(Table(), 1, place / "table")


@pytest.mark.parametrize(
    "spoil", [_cut, _lose_text, _lose_segments, _spoil_meta, _lose_all, _of_another_server, _empty]
)
async def test_a_spoilt_index_is_built_anew(
    store: Store, tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    await publish(store.database, "one", title="First Name")
    await store.follower.turn()
    await store.follower.close()
    spoil(tmp_path / "1" / (tmp_path / "1" / "current").read_text())
    async with started_again(store, tmp_path) as again:
        assert await again.titles("first") == ["First Name"]
        assert await again.titles() == ["First Name"]


async def test_a_rebuild_swaps_without_a_gap_and_loses_no_change(store: Store) -> None:
    app_id = await publish(store.database, "one", title="First Name")
    await store.follower.turn()
    before = store.engine.index
    rebuilding = asyncio.create_task(store.follower.rebuild())
    await rename(store.database, app_id, "Second Name")
    while not rebuilding.done():
        assert not (await store.engine.search(SearchQuery())).degraded
        await asyncio.sleep(0)
    assert store.engine.index is not before
    assert await store.titles() == ["Second Name"]


async def test_a_rebuild_that_was_asked_for_before_the_start_is_not_made_again(store: Store) -> None:
    await publish(store.database, "one", title="First Name")
    await store.follower.turn()
    before = store.engine.index
    store.follower.begin_rebuilding(asked_at=datetime.now(UTC) - timedelta(hours=1))
    await store.follower.turn()
    assert store.engine.index is before
    store.follower.begin_rebuilding(asked_at=datetime.now(UTC))

    async def is_another() -> bool:
        return store.engine.index is not before

    await eventually(is_another, expected=True)
    assert await store.titles() == ["First Name"]


@pytest.fixture
async def apart(postgres: PostgresServer, tmp_path: Path) -> AsyncIterator[Store]:
    """Return a store whose index is built in a process of its own."""
    url = await postgres.create(f"catalog_{uuid4().hex[:12]}")
    await migrate(Secret(url), service.migrations)
    database = await Database.open(Secret(url), service="catalog", pool_size_min=0, pool_size_max=2)
    made = Store(database, tmp_path)
    made.engine = SearchEngine(fallback=Fallback(database), clock=SystemClock())
    made.follower = Follower(
        database,
        made.engine,
        database_url=Secret(url),
        places=Places(tmp_path),
        clock=SystemClock(),
        apart_from=0,
    )
    yield made
    await made.follower.close()
    await database.close()


async def test_a_large_index_is_built_apart_while_postgresql_answers(apart: Store) -> None:
    app_id = await publish(apart.database, "one", title="First Name")
    following = asyncio.create_task(apart.follower.run())
    assert (await apart.engine.search(SearchQuery(text="first"))).degraded

    async def is_built() -> bool:
        return not (await apart.engine.search(SearchQuery())).degraded

    await eventually(is_built, expected=True)
    await rename(apart.database, app_id, "Second Name")
    apart.follower.wake()

    async def is_renamed() -> bool:
        return (await apart.engine.search(SearchQuery(text="second"))).ids == [app_id]

    await eventually(is_renamed, expected=True)
    following.cancel()
    await asyncio.wait([following])


async def test_a_build_that_fails_is_tried_again_and_tells_nothing_of_the_password(
    apart: Store, capfd: pytest.CaptureFixture[str]
) -> None:
    await publish(apart.database, "one")
    apart.follower._database_url = Secret("postgresql://nobody:hunter2@127.0.0.1:1/none")
    await apart.follower.rebuild()
    assert apart.engine.index is None
    assert "hunter2" not in "".join(capfd.readouterr())
