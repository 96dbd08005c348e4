"""An event leaves exactly when its transaction has committed: once, in order, whatever dies meanwhile."""

import shutil
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from nats.aio.msg import Msg

from samovar.embedded.nats import NatsServer
from samovar.kit import metrics, outbox, tracing
from samovar.kit.bus import Bus
from samovar.kit.database import Database
from samovar.kit.errors import Unavailable
from samovar.kit.outbox import BATCH_MAX, KEPT_DAYS, PURGE_ROWS_MAX, Relay, purge, replay
from samovar.kit.settings import Secret
from tests.kit.eventing import Counted, connected, event_process, eventually, publish, running, stored

KILLS = 2


@pytest.fixture
async def bus(nats_url: str) -> AsyncIterator[Bus]:
    async with connected(nats_url) as connection:
        yield connection


@pytest.fixture
async def own_nats(tmp_path: Path) -> AsyncIterator[NatsServer]:
    """Start a NATS that the test may kill."""
    async with NatsServer(tmp_path / "nats") as server:
        yield server


def numbers(messages: list[Msg]) -> list[int]:
    return [msgspec.json.decode(message.data, type=Counted).n for message in messages]


async def waiting(database: Database) -> int:
    return int(await database.fetch_value("SELECT count(*) FROM kit.outbox WHERE published_at IS NULL"))


async def test_a_rolled_back_transaction_publishes_nothing(
    database: Database, bus: Bus, nats_url: str
) -> None:
    async def fail() -> None:
        async with database.transaction() as tx:
            await tx.publish(Counted(n=1))
            raise KeyError

    async with running(Relay(database, bus).run()):
        with pytest.raises(KeyError):
            await fail()
        await publish(database, 2)
        assert numbers(await stored(nats_url, 1)) == [2]


async def test_an_event_leaves_soon_after_its_commit_without_waiting_for_the_poll(
    database: Database, bus: Bus, nats_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "POLL_S", 3_600.0)
    async with running(Relay(database, bus).run()):
        for number in range(3):
            await publish(database, number)
            await stored(nats_url, number + 1)
    assert await waiting(database) == 0


async def test_an_event_that_another_process_left_behind_is_found_by_polling(
    database: Database, bus: Bus, nats_url: str
) -> None:
    async with running(Relay(database, bus).run()):
        async with database.transaction() as tx:
            await tx.publish(Counted(n=1))
            tx.has_published = False  # As if the process had died before it could wake its relay.
        assert numbers(await stored(nats_url, 1)) == [1]


async def test_a_message_is_a_cloud_event_in_binary_mode(database: Database, bus: Bus, nats_url: str) -> None:
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"
    with tracing.extracted({"traceparent": trace}):
        (event_id,) = await publish(database, 7, series="чай/1")
    await Relay(database, bus).send_batch()
    (message,) = await stored(nats_url, 1)
    time = await database.fetch_value("SELECT created_at FROM kit.outbox")
    assert message.subject == "samovar.test.v1.counted"
    assert message.data == '{"n":7,"series":"чай/1"}'.encode()
    assert message.headers == {
        "Nats-Msg-Id": str(event_id),
        "ce-specversion": "1.0",
        "ce-id": str(event_id),
        "ce-source": "/samovar/test",
        "ce-type": "samovar.test.v1.counted",
        "ce-time": time.isoformat(),
        "ce-datacontenttype": "application/json",
        "ce-partitionkey": "%D1%87%D0%B0%D0%B9/1",
        "ce-aggregateversion": "7",
        "traceparent": trace,
    }


async def test_events_leave_in_the_order_in_which_they_were_written(
    database: Database, bus: Bus, nats_url: str
) -> None:
    count = BATCH_MAX + 20
    await publish(database, *range(count))
    async with running(Relay(database, bus).run()):
        assert numbers(await stored(nats_url, count)) == list(range(count))
    assert await waiting(database) == 0


async def test_several_relays_at_once_send_everything_once_and_in_order(
    database: Database, bus: Bus, nats_url: str
) -> None:
    other_bus = await Bus.connect(Secret(nats_url), "test")
    count = 3 * BATCH_MAX
    async with running(*(Relay(database, one).run() for one in (bus, other_bus, bus))):
        for start in range(0, count, 32):
            await publish(database, *range(start, start + 32))
        assert numbers(await stored(nats_url, count)) == list(range(count))
    await other_bus.close()


async def test_a_relay_killed_at_any_moment_leaves_neither_gap_nor_repetition(
    database: Database, database_url: str, bus: Bus, nats_url: str
) -> None:
    count, per_round = KILLS * 600, 600
    for round_number in range(KILLS):
        await publish(database, *range(round_number * per_round, (round_number + 1) * per_round))
        async with event_process("relay", database_url, nats_url) as relay:
            while await waiting(database) == per_round:
                assert relay.returncode is None
        async with running(Relay(database, bus).run()):
            await eventually(lambda: waiting(database), 0)
    assert numbers(await stored(nats_url, count)) == list(range(count))


async def test_a_batch_that_was_stored_but_not_marked_is_not_stored_again(
    database: Database, bus: Bus, nats_url: str
) -> None:
    relay = Relay(database, bus)
    await publish(database, *range(20))
    await relay.send_batch()
    await publish(database, *range(20, 40))
    async with database.transaction() as tx:
        # As a relay leaves it that dies after the acknowledgement.
        await tx.execute("UPDATE kit.outbox SET published_at = NULL WHERE seq > 10")
    await relay.send_batch()
    assert numbers(await stored(nats_url, 40)) == list(range(40))
    assert await waiting(database) == 0


async def test_events_wait_while_nats_is_away_and_leave_when_it_is_back(
    database: Database, own_nats: NatsServer
) -> None:
    async with connected(own_nats.url) as bus:
        await publish(database, 1)
        async with running(Relay(database, bus).run()):
            await eventually(lambda: waiting(database), 0)
            own_nats.kill()
            await own_nats.wait()
            await publish(database, 2)
            failures = metrics.OUTBOX_FAILURES.labels("test")
            with pytest.raises(Unavailable):
                await Relay(database, bus).send_batch()
            await own_nats.start()
            assert numbers(await stored(own_nats.url, 2)) == [1, 2]
            await eventually(lambda: waiting(database), 0)
        assert float(next(iter(failures.collect())).samples[0].value) > 0


async def test_a_process_starts_without_nats_and_publishes_when_it_comes(
    database: Database, tmp_path: Path
) -> None:
    server = NatsServer(tmp_path / "nats")
    async with server:
        pass  # Has made its password and taken its port.
    bus = await Bus.connect(Secret(server.url), "test")
    assert not bus.is_connected
    await publish(database, 1)
    async with running(Relay(database, bus).run()), server:
        assert numbers(await stored(server.url, 1)) == [1]
    await bus.close()


async def test_a_lost_stream_is_made_anew_and_filled_from_the_outbox(
    database: Database, own_nats: NatsServer
) -> None:
    async with connected(own_nats.url) as bus, running(Relay(database, bus).run()):
        ids = await publish(database, *range(10))
        await stored(own_nats.url, 10)
        own_nats.kill()
        await own_nats.wait()
        shutil.rmtree(own_nats.folder / "store")
        await own_nats.start()
        ids += await publish(database, 10)
        await stored(own_nats.url, 1)
        began = await database.fetch_value("SELECT min(created_at) FROM kit.outbox")
        assert await replay(database, since=began) == 11
        messages = await stored(own_nats.url, 12)
    assert numbers(messages) == [10, *range(11)]
    assert [str(event_id) for event_id in ids] == [
        (message.headers or {})["ce-id"] for message in messages[1:]
    ]


async def test_a_replay_keeps_the_events_ids_and_passes_by_the_dedupe_window(
    database: Database, bus: Bus, nats_url: str
) -> None:
    relay = Relay(database, bus)
    for number in range(4):
        await publish(database, number)
    await relay.send_batch()
    times = [
        await database.fetch_value("SELECT created_at FROM kit.outbox ORDER BY seq OFFSET $1", number)
        for number in range(4)
    ]
    assert await replay(database, since=times[1], until=times[3]) == 2
    assert await replay(database, since=times[0], subject="samovar.test.v1.other") == 0
    await publish(database, 4)
    await relay.send_batch()
    messages = await stored(nats_url, 7)
    # What is new goes first.
    assert numbers(messages) == [0, 1, 2, 3, 4, 1, 2]
    assert [(message.headers or {})["ce-id"] for message in messages[5:]] == [
        (message.headers or {})["ce-id"] for message in messages[1:3]
    ]


async def test_a_replay_of_more_than_one_batch_is_complete(
    database: Database, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "REPLAY_ROWS_MAX", 7)
    await publish(database, *range(30))
    await Relay(database, bus).send_batch()
    began = await database.fetch_value("SELECT min(created_at) FROM kit.outbox")
    assert await replay(database, since=began, subject=Counted.subject) == 30
    assert await waiting(database) == 30


async def test_only_what_is_old_and_published_is_purged(database: Database, bus: Bus) -> None:
    await publish(database, 1, 2)
    await Relay(database, bus).send_batch()
    await publish(database, 3, 4)
    age = timedelta(days=KEPT_DAYS, hours=1)
    async with database.transaction() as tx:
        await tx.execute("UPDATE kit.outbox SET created_at = created_at - $1::interval WHERE seq <> 2", age)
    assert await purge(database) == 1
    left = "SELECT array_agg((payload->>'n')::int ORDER BY seq) FROM kit.outbox"
    assert await database.fetch_value(left) == [2, 3, 4]


async def test_purging_goes_by_small_steps(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO kit.outbox (event_id, subject, payload, created_at, published_at)
            SELECT gen_random_uuid(), 'samovar.test.v1.counted', '{}', now() - interval '1 year', now()
            FROM generate_series(1, $1)
            """,
            PURGE_ROWS_MAX + 5,
        )
    assert [await purge(database), await purge(database), await purge(database)] == [PURGE_ROWS_MAX, 5, 0]


async def test_the_backlog_is_visible(database: Database, bus: Bus) -> None:
    async def shown() -> tuple[int, bool]:
        count = next(iter(metrics.OUTBOX_UNPUBLISHED.labels("test").collect())).samples[0].value
        oldest_s = next(iter(metrics.OUTBOX_OLDEST_SECONDS.labels("test").collect())).samples[0].value
        return int(count), oldest_s > 3_000

    await publish(database, 1, 2)
    async with database.transaction() as tx:
        await tx.execute("UPDATE kit.outbox SET created_at = created_at - interval '1 hour' WHERE seq = 1")
    async with database.transaction() as tx:
        # Whoever is at work holds the others back.
        await tx.execute("SELECT pg_advisory_xact_lock($1)", outbox.ADVISORY_LOCK)
        async with running(Relay(database, bus).run()):
            await eventually(shown, (2, True))


async def test_many_events_leave_in_the_order_in_which_they_were_given(database: Database) -> None:
    async with database.transaction() as tx:
        ids = await tx.publish_many([Counted(n=number) for number in range(40)])
        assert await tx.publish_many([]) == []
    assert await database.fetch_value("SELECT array_agg(event_id ORDER BY seq) FROM kit.outbox") == ids
    assert await database.fetch_value(
        "SELECT array_agg((payload->>'n')::int ORDER BY seq) FROM kit.outbox"
    ) == list(range(40))
