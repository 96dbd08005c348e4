"""An event has its effect exactly once: through repetitions, failures, poison, crashes and lost servers."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samovar.kit import dead_letters, inbox, metrics, tracing
from samovar.kit.bus import Bus
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import Unavailable
from samovar.kit.events import Consumer, Delivery, consumes
from samovar.kit.ids import new_id
from samovar.kit.inbox import BATCH_MAX, KEPT_DAYS, RETRY_MAX_S, Inbox, purge, retry_delay_s
from samovar.kit.injection import MissingDependency
from samovar.kit.outbox import Relay, replay
from samovar.kit.subscriptions import PULL_MESSAGES_MAX
from samovar.testing.collector import TraceCollector
from tests.kit.eventing import (
    Counted,
    connected,
    eventually,
    message,
    publish,
    running,
)

Behave = Callable[[Counted, Delivery], Awaitable[None]]
TABLE = "CREATE TABLE applied (seq bigint GENERATED ALWAYS AS IDENTITY, n int)"


async def nothing(_event: Counted, _delivery: Delivery) -> None:
    """Do nothing besides keeping the number."""


@consumes(Counted)
async def note(event: Counted, tx: Transaction, delivery: Delivery, behave: Behave) -> None:
    """Keep the number, then behave as the test says."""
    await tx.execute("INSERT INTO applied (n) VALUES ($1)", event.n)
    await behave(event, delivery)


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


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let failed events come back at once, and letters be looked for often."""
    monkeypatch.setattr(inbox, "RETRY_MIN_S", 0.01)
    monkeypatch.setattr(inbox, "LETTERS_EVERY_S", 0.05)


def applies(database: Database, bus: Bus, behave: Behave = nothing, *, consumer: Consumer = note) -> Inbox:
    return Inbox("test", (consumer,), {"behave": behave}, bus=bus, database=database)


def encoded(number: int, series: str = "one") -> bytes:
    return msgspec.json.encode(Counted(n=number, series=series))


async def applied(database: Database) -> list[int]:
    """Return the numbers in the order in which they were applied."""
    return await database.fetch_value("SELECT array_agg(n ORDER BY seq) FROM applied") or []


async def count(database: Database) -> int:
    return int(await database.fetch_value("SELECT count(*) FROM applied"))


async def letters(database: Database) -> list[tuple[str, int]]:
    return [(letter.error, letter.attempts) for letter in await dead_letters.waiting(database)]


def fails(times: int, error: type[Exception] = KeyError, *, number: int = 2) -> Behave:
    """Return a handler that fails so often at one number."""
    left = Counter({number: times})

    async def behave(event: Counted, _delivery: Delivery) -> None:
        if left[event.n] > 0:
            left[event.n] -= 1
            raise error("of the test")

    return behave


async def test_events_are_applied_in_the_order_of_the_stream(table: Database, bus: Bus) -> None:
    number = 3 * BATCH_MAX + 1
    async with running(Relay(table, bus).run(), applies(table, bus).run()):
        await publish(table, *range(number))
        await eventually(lambda: count(table), number)
    assert await applied(table) == list(range(number))


async def test_an_event_that_comes_again_is_acknowledged_without_effect(table: Database, bus: Bus) -> None:
    event_id = new_id()
    await bus.publish([message(encoded(1), event_id=event_id) for _ in range(5)])
    async with running(applies(table, bus).run()):
        await bus.publish([message(encoded(1), event_id=event_id), message(encoded(2))])
        await eventually(lambda: applied(table), [1, 2])


async def test_a_replayed_event_that_was_applied_has_no_second_effect(table: Database, bus: Bus) -> None:
    async with running(Relay(table, bus).run(), applies(table, bus).run()):
        await publish(table, *range(5))
        await eventually(lambda: count(table), 5)
        await replay(table, since=await table.fetch_value("SELECT min(created_at) FROM kit.outbox"))
        await publish(table, 5)
        left = "SELECT count(*) FROM kit.outbox WHERE published_at IS NULL"
        await eventually(lambda: table.fetch_value(left), 0)
        await bus.publish([message(encoded(6))])
        await eventually(lambda: applied(table), [0, 1, 2, 3, 4, 5, 6])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=8)
@given(order=st.lists(st.integers(0, 9), min_size=1, max_size=40), failing=st.sets(st.integers(0, 9)))
async def test_however_events_are_repeated_and_whichever_fail_at_first_each_has_one_effect(
    table: Database, bus: Bus, order: list[int], failing: set[int]
) -> None:
    async with table.transaction() as tx:
        await tx.execute("TRUNCATE applied")
    ids = [new_id() for _ in range(10)]
    not_yet = set(failing)

    async def behave(event: Counted, _delivery: Delivery) -> None:
        if event.n in not_yet:
            not_yet.discard(event.n)
            raise KeyError

    async with running(applies(table, bus, behave).run()):
        await bus.publish([message(encoded(number), event_id=ids[number]) for number in order])
        await eventually(lambda: count(table), len(set(order)))
    assert sorted(await applied(table)) == sorted(set(order))


async def test_handling_an_event_belongs_to_the_trace_that_published_it(table: Database, bus: Bus) -> None:
    with TraceCollector() as collector:
        tracing.configure("test", collector.endpoint, 1.0)
        with tracing.span("POST /v1/numbers", kind="server"):
            await publish(table, 1)
        async with running(Relay(table, bus).run(), applies(table, bus).run()):
            await eventually(lambda: applied(table), [1])
        tracing.shutdown()
    published, handled = collector.named("POST /v1/numbers"), collector.named("test note")
    written = collector.named("INSERT applied")
    assert handled.trace_id == written.trace_id == published.trace_id
    assert written.parent_id == handled.span_id


async def test_slow_handlers_get_fewer_events_in_a_transaction(
    table: Database, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "TRANSACTION_AIM_S", 1e-9)
    number = BATCH_MAX + 10
    await bus.publish([message(encoded(n)) for n in range(number)])
    async with running(applies(table, bus).run()):
        await eventually(lambda: count(table), number)
    # Those of the first batch together at most, for nothing is known of them; then each alone.
    assert await table.fetch_value("SELECT count(DISTINCT xmin::text) FROM applied") >= 11
    assert await applied(table) == list(range(number))


async def test_an_event_that_fails_comes_again_and_holds_up_no_other(table: Database, bus: Bus) -> None:
    await bus.publish([message(encoded(number)) for number in range(5)])
    async with running(applies(table, bus, fails(2)).run()):
        await eventually(lambda: applied(table), [0, 1, 3, 4, 2])
    assert await letters(table) == []


async def test_an_event_that_always_fails_becomes_a_dead_letter(
    table: Database, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "ATTEMPTS_MAX", 3)
    await bus.publish([message(encoded(number)) for number in range(5)])
    async with running(applies(table, bus, fails(99)).run()):
        await eventually(lambda: letters(table), [("KeyError: 'of the test'", 3)])
        await eventually(lambda: count(table), 4)
    assert await applied(table) == [0, 1, 3, 4]


async def test_what_it_needs_being_away_never_kills_an_event(
    table: Database, bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbox, "ATTEMPTS_MAX", 2)
    await bus.publish([message(encoded(2))])
    async with running(applies(table, bus, fails(6, Unavailable)).run()):
        await eventually(lambda: applied(table), [2])
    assert await letters(table) == []


@pytest.mark.parametrize(
    ("payload", "headers"),
    [
        (b"\xff\x00 not JSON", None),
        (b'{"n": "two"}', None),
        (encoded(2), {"ce-id": "no id", "ce-time": "2026-01-01T00:00:00Z"}),
        (encoded(2), {"ce-type": "foreign"}),
    ],
)
async def test_an_event_that_cannot_be_read_is_a_dead_letter_at_once(
    table: Database, bus: Bus, payload: bytes, headers: dict[str, str] | None
) -> None:
    await bus.publish([message(encoded(1)), message(payload, headers=headers), message(encoded(3))])
    async with running(applies(table, bus).run()):
        await eventually(lambda: applied(table), [1, 3])
        await eventually(lambda: count_letters(table), 1)
    (letter,) = await dead_letters.waiting(table)
    assert (letter.payload, letter.attempts, letter.subject) == (payload, 1, Counted.subject)


async def count_letters(database: Database) -> int:
    return len(await dead_letters.waiting(database))


async def test_stopping_finishes_the_event_in_hand(table: Database, bus: Bus) -> None:
    begun, may_end = asyncio.Event(), asyncio.Event()

    async def behave(_event: Counted, _delivery: Delivery) -> None:
        begun.set()
        await may_end.wait()

    task = asyncio.create_task(applies(table, bus, behave).run())
    await bus.publish([message(encoded(1))])
    await begun.wait()
    task.cancel()
    await asyncio.sleep(0)
    may_end.set()
    await asyncio.wait([task])
    assert await applied(table) == [1]


async def test_a_mended_letter_is_applied_by_the_same_handler(table: Database, bus: Bus) -> None:
    await bus.publish([message(b'{"n": "two"}')])
    async with running(applies(table, bus).run()):
        await eventually(lambda: count_letters(table), 1)
        (letter,) = await dead_letters.waiting(table)
        async with table.transaction() as tx:
            await dead_letters.fix(tx, letter.id, b'{"n": 2}')
            assert await dead_letters.request_replay(tx, letter_id=letter.id) == 1
        await eventually(lambda: count_letters(table), 0)
        assert await applied(table) == [2]
        # From now on the event counts as applied, whatever comes.
        await bus.publish([message(encoded(9), event_id=letter.event_id), message(encoded(3))])
        await eventually(lambda: applied(table), [2, 3])


async def test_a_letter_that_fails_again_waits_with_its_new_error(table: Database, bus: Bus) -> None:
    await bus.publish([message(b"1"), message(b'{"n": "two"}')])
    async with running(applies(table, bus, fails(99)).run()):
        await eventually(lambda: count_letters(table), 2)
        first, second = await dead_letters.waiting(table)
        async with table.transaction() as tx:
            await dead_letters.fix(tx, second.id, b'{"n": 2}')
            await dead_letters.request_replay(tx, consumer="note")

        async def errors() -> list[tuple[int, str, bool]]:
            return [
                (letter.attempts, letter.error, letter.replay_requested_at is None)
                for letter in await dead_letters.waiting(table)
            ]

        await eventually(errors, [(2, first.error, True), (2, "KeyError: 'of the test'", True)])
    assert await applied(table) == []


async def test_a_handler_that_needs_what_nobody_provides_is_refused_at_start(
    table: Database, bus: Bus
) -> None:
    with pytest.raises(MissingDependency, match="note asks for 'behave'"):
        Inbox("test", (note,), {}, bus=bus, database=table)


async def test_two_consumers_of_one_name_are_refused(table: Database, bus: Bus) -> None:
    with pytest.raises(ValueError, match="same name"):
        Inbox("test", (note, note), {"behave": nothing}, bus=bus, database=table)


async def test_what_waits_is_visible(table: Database, bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox, "MEASURE_EVERY_S", 0.05)
    may_end = asyncio.Event()

    async def behave(_event: Counted, _delivery: Delivery) -> None:
        await may_end.wait()

    async def shown() -> list[int]:
        gauges = (metrics.CONSUMER_PENDING, metrics.CONSUMER_UNACKED, metrics.DEAD_LETTERS)
        return [int(next(iter(gauge.labels("test", "note").collect())).samples[0].value) for gauge in gauges]

    await bus.publish([message(encoded(number)) for number in range(PULL_MESSAGES_MAX + 7)])
    await bus.publish([message(b"nonsense")])
    async with running(applies(table, bus, behave).run()):
        await eventually(shown, [8, PULL_MESSAGES_MAX, 0])
        may_end.set()
        await eventually(shown, [0, 0, 1])


async def test_only_what_was_applied_long_ago_is_forgotten(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO kit.inbox (consumer, event_id, applied_at)
            SELECT 'note', gen_random_uuid(), now() - make_interval(days => d) FROM unnest($1::int[]) AS d
            """,
            [0, KEPT_DAYS - 1, KEPT_DAYS + 1],
        )
    assert [await purge(database), await purge(database)] == [1, 0]


@given(attempt=st.integers(1, 10_000), chance=st.floats(0, 1))
def test_waiting_grows_and_has_an_end(attempt: int, chance: float) -> None:
    assert 0 < retry_delay_s(attempt, chance) <= retry_delay_s(attempt + 1, chance) <= 1.201 * RETRY_MAX_S
