"""Migrations run once, in order, by one process at a time, and refuse whatever would make two databases differ."""

import asyncio
from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import asyncpg
import pytest

from samovar.embedded.postgres import PostgresServer
from samovar.kit import migrations
from samovar.kit.database import Database
from samovar.kit.errors import Unavailable
from samovar.kit.migrations import MigrationError, migrate, pending, read_all
from samovar.kit.settings import Secret

_numbers = count(1)
FIRST = "2026-01-01-1000_games.sql"
SECOND = "2026-01-02-1000_titles.sql"


@pytest.fixture
async def url(postgres: PostgresServer) -> Secret:
    """Return the address of a database that is quite empty."""
    return Secret(await postgres.create(f"migrations_{next(_numbers)}"))


@pytest.fixture
async def session(url: Secret) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(url.reveal())
    yield connection
    await connection.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / FIRST).write_text("CREATE TABLE games (id int PRIMARY KEY);")
    (tmp_path / SECOND).write_text("ALTER TABLE games ADD COLUMN title text;")
    return tmp_path


def kit_files() -> list[str]:
    return [str(migration) for migration in read_all(None)]


async def test_the_kits_files_run_first_then_the_services_in_the_order_of_their_names(
    url: Secret, folder: Path, session: asyncpg.Connection
) -> None:
    assert await migrate(url, folder) == [*kit_files(), f"service/{FIRST}", f"service/{SECOND}"]
    await session.execute("INSERT INTO games (id, title) VALUES (1, 'Tea')")
    assert await session.fetchval("SELECT count(*) FROM kit.outbox") == 0


async def test_what_is_applied_is_not_applied_again(url: Secret, folder: Path) -> None:
    await migrate(url, folder)
    assert await migrate(url, folder) == []


async def test_two_processes_at_once_apply_everything_once(url: Secret, folder: Path) -> None:
    # Needs that nobody waits inside a statement: such a snapshot would stop the concurrent index for ever.
    (folder / "2026-01-03-1000_index.sql").write_text(
        "-- no-transaction\nCREATE INDEX CONCURRENTLY games_title ON games (title);"
    )
    done = await asyncio.gather(*(migrate(url, folder) for _ in range(3)))
    assert sorted(len(names) for names in done) == [0, 0, len(kit_files()) + 3]


async def test_a_changed_file_is_refused_by_name(url: Secret, folder: Path) -> None:
    await migrate(url, folder)
    (folder / FIRST).write_text("CREATE TABLE games (id bigint PRIMARY KEY);")
    with pytest.raises(MigrationError, match=f"service/{FIRST} has changed since it was applied"):
        await migrate(url, folder)


async def test_a_file_older_than_the_newest_applied_one_is_refused(url: Secret, folder: Path) -> None:
    await migrate(url, folder)
    (folder / "2026-01-01-1100_late.sql").write_text("SELECT 1;")
    with pytest.raises(MigrationError, match=f"_late.sql is older than {SECOND}, which is already applied"):
        await migrate(url, folder)


async def test_a_file_of_a_later_release_does_not_bother_this_one(url: Secret, folder: Path) -> None:
    await migrate(url, folder)
    (folder / SECOND).unlink()
    assert await migrate(url, folder) == []


@pytest.mark.parametrize(
    "name",
    ["games.sql", "2026-13-01-1000_games.sql", "2026-01-01-2460_games.sql", "2026-01-01-1000_Games.sql"],
)
def test_a_badly_named_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(MigrationError, match="is named YYYY"):
        read_all(tmp_path)


def test_two_files_of_one_minute_are_refused(folder: Path) -> None:
    (folder / FIRST.replace("games", "players")).touch()
    with pytest.raises(MigrationError, match="have the same time"):
        read_all(folder)


def test_a_service_without_migrations_has_the_kits(tmp_path: Path) -> None:
    assert read_all(tmp_path / "migrations") == read_all(None)


async def test_a_failing_file_leaves_nothing_behind_and_names_its_line(
    url: Secret, folder: Path, session: asyncpg.Connection
) -> None:
    (folder / SECOND).write_text("CREATE TABLE players (id int);\n\nALTER TABLE gams ADD COLUMN title text;")
    with pytest.raises(MigrationError, match=rf'{SECOND}: relation "gams" does not exist'):
        await migrate(url, folder)
    assert await session.fetchval("SELECT to_regclass('players')") is None
    (folder / SECOND).write_text("ALTER TABLE games\nADD COLUMN title txt;")
    with pytest.raises(MigrationError, match=r"\(line 2\)"):
        await migrate(url, folder)
    (folder / SECOND).write_text("ALTER TABLE games ADD COLUMN title text;")
    assert await migrate(url, folder) == [f"service/{SECOND}"]


async def test_a_table_locked_by_others_is_tried_again(
    url: Secret, folder: Path, session: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "LOCK_TIMEOUT_MS", 50)
    monkeypatch.setattr(migrations, "LOCK_RETRY_S", 0.05)
    monkeypatch.setattr(migrations, "LOCK_ATTEMPTS_MAX", 100)
    (folder / SECOND).rename(aside := folder / "later")
    await migrate(url, folder)
    aside.rename(folder / SECOND)
    async with session.transaction():
        await session.execute("SELECT FROM games")
        migrating = asyncio.create_task(migrate(url, folder))
        while not await session.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            assert not migrating.done()
        assert await session.fetchval("SELECT count(*) FROM games") == 0
    assert await migrating == [f"service/{SECOND}"]


async def test_a_table_that_stays_locked_is_given_up_with_nothing_changed(
    url: Secret, folder: Path, session: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / SECOND).rename(aside := folder / "later")
    await migrate(url, folder)
    aside.rename(folder / SECOND)
    monkeypatch.setattr(migrations, "LOCK_TIMEOUT_MS", 20)
    monkeypatch.setattr(migrations, "LOCK_RETRY_S", 0.01)
    async with session.transaction():
        await session.execute("SELECT FROM games")
        with pytest.raises(MigrationError, match=f"service/{SECOND}: a table stayed locked by others"):
            await migrate(url, folder)


async def test_pending_tells_what_migrate_would_do(url: Secret, folder: Path) -> None:
    database = await Database.open(url, service="test", pool_size_min=0, pool_size_max=1)
    assert await pending(database, folder) == [*kit_files(), f"service/{FIRST}", f"service/{SECOND}"]
    await migrate(url, None)
    assert await pending(database, folder) == [f"service/{FIRST}", f"service/{SECOND}"]
    await migrate(url, folder)
    assert await pending(database, folder) == []
    await database.close()


async def test_a_database_that_is_away_is_unavailable(free_port: int) -> None:
    with pytest.raises(Unavailable):
        await migrate(Secret(f"postgresql://nobody@127.0.0.1:{free_port}/nothing"), None)
