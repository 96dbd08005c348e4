"""Rows, transactions, and what becomes of the database's own troubles."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samovar.embedded.postgres import PostgresServer
from samovar.kit import database as database_module
from samovar.kit import deadline, metrics, tracing
from samovar.kit.database import EVENT_BYTES_MAX, Database
from samovar.kit.errors import Conflict, DeadlineExceeded, Internal, InvalidInput, Unavailable
from samovar.kit.events import Event
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.testing.clock import EPOCH, FakeClock
from samovar.testing.collector import TraceCollector
from tests.kit.eventing import Counted, eventually

RESTARTS = 3

# What jsonb can hold: no NUL, numbers that do not grow when written without an exponent.
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(-1e15, 1e15, allow_nan=False)
    | st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("абвxyz", max_size=5), inner, max_size=4)
    ),
    max_leaves=10,
)


class Price(msgspec.Struct, frozen=True):
    minor: int
    currency: str


class Game(msgspec.Struct, frozen=True):
    id: UUID
    title: str
    price: Price
    tags: list[str]


class Number(msgspec.Struct, frozen=True):
    n: int


class Strange(Event, frozen=True, kw_only=True, subject="shop.v1.game_sold"):
    """Another service's."""


@pytest.fixture
async def table(database: Database) -> Database:
    """Return a database with two numbers."""
    async with database.transaction() as tx:
        await tx.execute("CREATE TABLE numbers (n int PRIMARY KEY)")
        await tx.execute("INSERT INTO numbers VALUES (1), (2)")
    return database


@pytest.fixture
async def own_postgres(tmp_path: Path) -> AsyncIterator[PostgresServer]:
    """Start a PostgreSQL that the test may kill."""
    async with PostgresServer(tmp_path / "postgres", fsync=False) as server:
        yield server


async def total(database: Database) -> int:
    return int(await database.fetch_value("SELECT sum(n) FROM numbers"))


async def test_rows_become_structs_by_the_names_of_their_columns(database: Database) -> None:
    sql = """
        SELECT 'чай' AS title, ARRAY['co-op'] AS tags, '{"minor": 199900, "currency": "RUB"}'::jsonb AS price,
            '01938c5e-8f5a-7c3e-9d0b-3f6a1c2e4d5f'::uuid AS id, true AS of_no_interest
    """
    game = Game(UUID("01938c5e-8f5a-7c3e-9d0b-3f6a1c2e4d5f"), "чай", Price(199_900, "RUB"), ["co-op"])
    assert await database.fetch(sql, into=Game) == [game]
    assert await database.fetch_one(sql, into=Game) == game


async def test_nothing_found_is_nothing(table: Database) -> None:
    assert await table.fetch("SELECT n FROM numbers WHERE n > 9", into=Number) == []
    assert await table.fetch_one("SELECT n FROM numbers WHERE n > 9", into=Number) is None
    assert await table.fetch_value("SELECT n FROM numbers WHERE n > 9") is None


async def test_a_column_that_is_missing_is_an_error(table: Database) -> None:
    with pytest.raises(msgspec.ValidationError, match="missing required field `n`"):
        await table.fetch("SELECT n AS m FROM numbers", into=Number)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
@given(value=json_values)
async def test_jsonb_comes_back_as_it_went_in(database: Database, value: Any) -> None:
    assert await database.fetch_value("SELECT $1::jsonb", value) == value


async def test_a_block_that_ends_commits(table: Database) -> None:
    async with table.transaction() as tx:
        assert await tx.execute("UPDATE numbers SET n = n + 10") == 2
        assert [row.n for row in await tx.fetch("SELECT n FROM numbers ORDER BY n", into=Number)] == [11, 12]
    assert await total(table) == 23


async def test_an_error_rolls_back_and_goes_on(table: Database) -> None:
    async def fail() -> None:
        async with table.transaction() as tx:
            await tx.execute("DELETE FROM numbers")
            raise KeyError

    with pytest.raises(KeyError):
        await fail()
    assert await total(table) == 3


async def test_a_cancelled_task_rolls_back_and_leaves_the_connection_usable(
    database_url: str,
) -> None:
    database = await Database.open(Secret(database_url), service="test", pool_size_min=1, pool_size_max=1)
    begun = asyncio.Event()

    async def never_ends() -> None:
        async with database.transaction() as tx:
            await tx.execute("CREATE TABLE numbers (n int)")
            begun.set()
            await tx.fetch_value("SELECT pg_sleep(60)")

    task = asyncio.create_task(never_ends())
    await begun.wait()
    task.cancel()
    await asyncio.wait([task])
    assert await database.fetch_value("SELECT to_regclass('numbers')") is None
    await database.close()


async def test_a_repositorys_errors_come_as_they_are(table: Database) -> None:
    with pytest.raises(asyncpg.UniqueViolationError):
        async with table.transaction() as tx:
            await tx.execute("INSERT INTO numbers VALUES (1)")


async def test_a_transaction_that_goes_on_after_a_failed_statement_is_told_that_nothing_was_kept(
    table: Database,
) -> None:
    async def go_on() -> None:
        async with table.transaction() as tx:
            await tx.execute("INSERT INTO numbers VALUES (3)")
            with suppress(asyncpg.UniqueViolationError):
                await tx.execute("INSERT INTO numbers VALUES (1)")

    with pytest.raises(Internal, match="went on after one of its statements had failed"):
        await go_on()
    assert await total(table) == 3


async def test_a_deadlock_is_a_conflict_worth_trying_again(table: Database) -> None:
    both = asyncio.Barrier(2)

    async def lock(first: int, second: int) -> None:
        async with table.transaction() as tx:
            await tx.execute("UPDATE numbers SET n = n WHERE n = $1", first)
            await both.wait()
            await tx.execute("UPDATE numbers SET n = n WHERE n = $1", second)

    ends = await asyncio.gather(lock(1, 2), lock(2, 1), return_exceptions=True)
    loser = next(end for end in ends if end is not None)
    assert isinstance(loser, Conflict)
    assert loser.retry_after_s


async def test_a_serialization_failure_is_a_conflict(table: Database) -> None:
    async def overtaken() -> None:
        async with table.transaction(isolation="repeatable_read") as tx:
            assert await tx.fetch_value("SELECT sum(n) FROM numbers") == 3
            async with table.transaction() as other:
                await other.execute("UPDATE numbers SET n = n + 10")
            await tx.execute("UPDATE numbers SET n = n + 20")

    with pytest.raises(Conflict):
        await overtaken()
    assert await total(table) == 23


async def test_a_lock_that_is_not_had_in_time_is_a_conflict(
    table: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "LOCK_TIMEOUT_MS", 20)
    hasty = await Database.open(Secret(database_url), service="test", pool_size_min=0, pool_size_max=1)
    async with table.transaction() as tx:
        await tx.execute("UPDATE numbers SET n = n")
        with pytest.raises(Conflict):
            async with hasty.transaction() as other:
                await other.execute("UPDATE numbers SET n = n")
    await hasty.close()


async def test_a_statement_past_its_time_is_ended_by_the_server(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "STATEMENT_TIMEOUT_MS", 20)
    hasty = await Database.open(Secret(database_url), service="test", pool_size_min=0, pool_size_max=1)
    with pytest.raises(DeadlineExceeded):
        await hasty.fetch_value("SELECT pg_sleep(60)")
    assert await hasty.fetch_value("SELECT 1") == 1
    await hasty.close()


async def test_a_request_gets_no_more_time_than_it_has_left(table: Database) -> None:
    with deadline.within(0.02), pytest.raises(DeadlineExceeded):
        await table.fetch_value("SELECT pg_sleep(60)")
    assert await total(table) == 3


async def test_an_exhausted_pool_is_unavailable_and_says_when_to_come_back(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "ACQUIRE_TIMEOUT_S", 0.02)
    small = await Database.open(Secret(database_url), service="test", pool_size_min=0, pool_size_max=1)
    async with small.transaction():
        with pytest.raises(Unavailable) as caught:
            await small.fetch_value("SELECT 1")
    assert caught.value.retry_after_s
    assert await small.fetch_value("SELECT 1") == 1
    await small.close()


async def test_a_postgresql_that_is_away_at_start_is_unavailable(free_port: int) -> None:
    url = Secret(f"postgresql://nobody:secret@127.0.0.1:{free_port}/nothing")
    with pytest.raises(Unavailable) as caught:
        await Database.open(url, service="test", pool_size_min=1, pool_size_max=1)
    assert "secret" not in str(caught.value)


async def test_a_database_comes_back_by_itself_after_each_crash_of_postgresql(
    own_postgres: PostgresServer,
) -> None:
    url = Secret(await own_postgres.create("test"))
    database = await Database.open(url, service="test", pool_size_min=1, pool_size_max=4)

    async def ask() -> bool:
        return bool(await database.fetch_value("SELECT pg_sleep(0.01) IS NOT NULL"))

    for _ in range(RESTARTS):
        assert await asyncio.gather(*(ask() for _ in range(8))) == [True] * 8
        own_postgres.kill()
        await own_postgres.wait()
        with pytest.raises(Unavailable):
            await ask()
        await own_postgres.start()
    # None of the connections from before is left to fail a request.
    assert await asyncio.gather(*(ask() for _ in range(8))) == [True] * 8
    await database.close()


async def test_a_transaction_cut_by_a_crash_is_unavailable_and_keeps_nothing(
    own_postgres: PostgresServer,
) -> None:
    url = Secret(await own_postgres.create("test"))
    await migrate(url, None)
    database = await Database.open(url, service="test", pool_size_min=1, pool_size_max=2)

    async def cut() -> None:
        async with database.transaction() as tx:
            await tx.publish(Counted(n=1))
            own_postgres.kill()
            await own_postgres.wait()
            await tx.publish(Counted(n=2))

    with pytest.raises(Unavailable):
        await cut()
    await own_postgres.start()
    assert await database.fetch_value("SELECT count(*) FROM kit.outbox") == 0
    await database.close()


async def test_an_event_is_written_with_its_time_its_key_and_its_version(database_url: str) -> None:
    database = await Database.open(
        Secret(database_url),
        service="test",
        pool_size_min=0,
        pool_size_max=1,
        clock=FakeClock(),
        new_id=lambda: UUID(int=7),
    )
    async with database.transaction() as tx:
        assert await tx.publish(Counted(n=3, series="чай")) == UUID(int=7)
        assert not database.outbox_written.is_set()
    assert database.outbox_written.is_set()
    written = await database.fetch_value(
        "SELECT row(event_id, subject, aggregate_key, aggregate_version, payload::text, created_at) FROM kit.outbox"
    )
    assert tuple(written) == (UUID(int=7), Counted.subject, "чай", 3, '{"n":3,"series":"чай"}', EPOCH)
    await database.close()


async def test_a_service_cannot_publish_for_another(database: Database) -> None:
    with pytest.raises(ValueError, match=r"test cannot publish samovar\.shop\.v1\.game_sold"):
        async with database.transaction() as tx:
            await tx.publish(Strange())


async def test_an_event_too_large_for_the_stream_is_refused_before_it_can_stop_others(
    database: Database,
) -> None:
    with pytest.raises(ValueError, match=f"at most {EVENT_BYTES_MAX}"):
        async with database.transaction() as tx:
            await tx.publish(Counted(n=1, series="x" * EVENT_BYTES_MAX))
    assert await database.fetch_value("SELECT count(*) FROM kit.outbox") == 0


async def test_each_statement_is_a_span_of_its_request(table: Database) -> None:
    with TraceCollector() as collector:
        tracing.configure("test", collector.endpoint, 1.0)
        with tracing.span("GET /v1/numbers", kind="server"):
            async with table.transaction() as tx:
                await tx.fetch("SELECT n FROM numbers", into=Number)
            with suppress(asyncpg.PostgresError):
                await table.fetch_value("SELECT nonsense FROM numbers")
        tracing.shutdown()
    # What else runs in the process of the tests has traces of its own.
    trace_id = collector.named("GET /v1/numbers").trace_id
    spans = [span for span in collector.spans if span.trace_id == trace_id]
    names = ["BEGIN", "SELECT numbers", "COMMIT", "SELECT numbers", "GET /v1/numbers"]
    assert [span.name for span in spans] == names
    assert [span.failed for span in spans] == [False, False, False, True, False]


async def test_the_pool_shows_how_many_connections_are_in_use(database: Database) -> None:
    in_use = metrics.POOL_IN_USE.labels("test")

    async def shown() -> int:
        return int(next(iter(in_use.collect())).samples[0].value)

    async with database.transaction(), database.transaction():
        assert await shown() == 2
    await eventually(shown, 0)


async def test_text_that_postgresql_cannot_keep_is_the_senders_fault(database: Database) -> None:
    with pytest.raises(InvalidInput):
        await database.fetch_value("SELECT $1::text", "a\0b")


async def test_a_moment_that_postgresql_cannot_keep_is_the_senders_fault(database: Database) -> None:
    before_the_first_year = datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14)))
    with pytest.raises(InvalidInput):
        await database.fetch_value("SELECT $1::timestamptz", before_the_first_year)
