"""Exactly one effect of each event, whichever process or server is killed."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.kit import dead_letters
from samovar.kit.bus import Bus
from samovar.kit.database import Database, Transaction
from samovar.kit.events import consumes
from samovar.kit.inbox import Inbox
from samovar.kit.migrations import migrate
from samovar.kit.outbox import Relay, replay
from samovar.kit.settings import Secret
from tests.kit.eventing import Counted, connected, event_process, eventually, message, publish, running

TABLE = "CREATE TABLE applied (seq bigint GENERATED ALWAYS AS IDENTITY, n int)"


@consumes(Counted)
async def note(event: Counted, tx: Transaction) -> None:
    """Keep the number."""
    await tx.execute("INSERT INTO applied (n) VALUES ($1)", event.n)


@pytest.fixture
async def bus(nats_url: str) -> AsyncIterator[Bus]:
    async with connected(nats_url) as connection:
        await connection.ensure_stream("test")
        yield connection


@pytest.fixture
async def table(database: Database) -> Database:
    async with database.transaction() as tx:
        await tx.execute(TABLE)
    return database


def applies(database: Database, bus: Bus) -> Inbox:
    return Inbox("test", (note,), {}, bus=bus, database=database)


def encoded(number: int, series: str = "one") -> bytes:
    return msgspec.json.encode(Counted(n=number, series=series))


async def applied(database: Database) -> list[int]:
    """Return the numbers in the order in which they were applied."""
    return await database.fetch_value("SELECT array_agg(n ORDER BY seq) FROM applied") or []


async def count(database: Database) -> int:
    return int(await database.fetch_value("SELECT count(*) FROM applied"))


async def letters(database: Database) -> list[tuple[str, int]]:
    return [(letter.error, letter.attempts) for letter in await dead_letters.waiting(database)]


async def test_an_event_that_kills_its_process_does_not_do_so_for_ever(
    table: Database, database_url: str, bus: Bus, nats_url: str
) -> None:
    await bus.publish([message(encoded(1, "deadly"))])
    died = 0
    while not await letters(table):
        async with event_process("apply_twice", database_url, nats_url) as process:
            assert await process.wait() == 1
        died += 1
    assert await letters(table) == [("the process or its database died at the last attempt", died)]
    async with running(applies(table, bus).run()):
        await bus.publish([message(encoded(2))])
        # The last attempt was made: the event is not handled again, although it was never acknowledged.
        await eventually(lambda: applied(table), [2])


async def test_a_process_killed_at_any_moment_neither_loses_nor_repeats_an_effect(
    table: Database, database_url: str, bus: Bus, nats_url: str
) -> None:
    number = 1_200
    await publish(table, *range(number))
    async with running(Relay(table, bus).run()):
        for part in (0.2, 0.5):
            async with event_process("apply", database_url, nats_url) as process:
                while await count(table) < number * part:
                    assert process.returncode is None
        async with event_process("apply", database_url, nats_url):
            await eventually(lambda: count(table), number)
    assert sorted(await applied(table)) == list(range(number))


async def test_several_processes_share_the_events_of_one_consumer(
    table: Database, database_url: str, bus: Bus, nats_url: str
) -> None:
    other = await Database.open(Secret(database_url), service="test", pool_size_min=1, pool_size_max=3)
    other_bus = await Bus.connect(Secret(nats_url), "test")
    number = 600
    consumers = (applies(table, bus).run(), applies(other, other_bus).run())
    async with running(Relay(table, bus).run(), *consumers):
        await publish(table, *range(number))
        await eventually(lambda: count(table), number)
    assert sorted(await applied(table)) == list(range(number))
    await other_bus.close()
    await other.close()


async def test_a_consumer_goes_on_after_nats_was_killed(table: Database, tmp_path: Path) -> None:
    async with (
        NatsServer(tmp_path / "nats") as server,
        connected(server.url) as own_bus,
        running(Relay(table, own_bus).run(), applies(table, own_bus).run()),
    ):
        await publish(table, *range(10))
        await eventually(lambda: count(table), 10)
        server.kill()
        await server.wait()
        await publish(table, *range(10, 20))
        await server.start()
        await eventually(lambda: count(table), 20)
    assert sorted(await applied(table)) == list(range(20))


async def test_a_consumer_goes_on_after_nats_lost_everything(table: Database, tmp_path: Path) -> None:
    async with (
        NatsServer(tmp_path / "nats") as server,
        connected(server.url) as own_bus,
        running(Relay(table, own_bus).run(), applies(table, own_bus).run()),
    ):
        await publish(table, *range(10))
        await eventually(lambda: count(table), 10)
        server.kill()
        await server.wait()
        shutil.rmtree(server.folder / "store")
        await server.start()
        await publish(table, *range(10, 20))
        await replay(table, since=await table.fetch_value("SELECT min(created_at) FROM kit.outbox"))
        await eventually(lambda: count(table), 20)
    assert sorted(await applied(table)) == list(range(20))


async def test_a_consumer_goes_on_after_postgresql_was_killed(bus: Bus, tmp_path: Path) -> None:
    async with PostgresServer(tmp_path / "postgres", fsync=False) as server:
        url = Secret(await server.create("test"))
        await migrate(url, None)
        database = await Database.open(url, service="test", pool_size_min=1, pool_size_max=4)
        async with database.transaction() as tx:
            await tx.execute(TABLE)
        async with running(Relay(database, bus).run(), applies(database, bus).run()):
            await publish(database, *range(200))
            server.kill()
            await server.wait()
            await server.start()
            await publish(database, 200)
            await eventually(lambda: count(database), 201)
        assert sorted(await applied(database)) == list(range(201))
        assert await letters(database) == []
        await database.close()
