"""Every process hears everything, in order, and catches up after it was away."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from samovar.embedded.nats import NatsServer
from samovar.kit import broadcasts, metrics
from samovar.kit.broadcasts import CATCH_UP_S, Broadcasts
from samovar.kit.bus import Bus
from samovar.kit.database import Database
from samovar.kit.events import Delivery, consumes
from samovar.kit.injection import MissingDependency
from samovar.kit.outbox import Relay
from samovar.kit.settings import Secret
from samovar.testing.clock import FakeClock
from tests.kit.eventing import Counted, connected, eventually, message, publish, running

FOREVER = 99


class Ear:
    """What one process has heard."""

    def __init__(self) -> None:
        self.heard: list[int] = []
        self.deaf_to: dict[int, int] = {}

    def hear(self, number: int) -> None:
        if self.deaf_to.get(number, 0) > 0:
            self.deaf_to[number] -= 1
            raise KeyError(number)
        self.heard.append(number)

    async def first(self) -> int | None:
        return self.heard[0] if self.heard else None

    async def all(self) -> list[int]:
        return self.heard


@consumes(Counted, mode="broadcast")
async def listen(event: Counted, delivery: Delivery, ear: Ear) -> None:
    """Hear the number."""
    assert delivery.subject == Counted.subject
    ear.hear(event.n)


@pytest.fixture
async def bus(nats_url: str) -> AsyncIterator[Bus]:
    async with connected(nats_url) as connection:
        await connection.ensure_stream("test")
        yield connection


def hears(bus: Bus, ear: Ear, clock: FakeClock | None = None) -> Broadcasts:
    return Broadcasts("test", (listen,), {"ear": ear}, bus=bus, clock=clock)


async def test_every_process_hears_every_event_in_order(database: Database, bus: Bus, nats_url: str) -> None:
    other_bus = await Bus.connect(Secret(nats_url), "test")
    ears = [Ear(), Ear()]
    async with running(
        Relay(database, bus).run(), hears(bus, ears[0]).run(), hears(other_bus, ears[1]).run()
    ):
        await publish(database, *range(300))
        for ear in ears:
            await eventually(ear.all, list(range(300)))
    await other_bus.close()


async def test_one_that_starts_later_hears_the_last_while_and_nothing_older(bus: Bus) -> None:
    await bus.publish([message(b'{"n": 1}')])
    early, late = Ear(), Ear()
    later = FakeClock(datetime.now(UTC) + timedelta(seconds=CATCH_UP_S + 60))

    async def anything_new() -> bool:
        await bus.publish([message(b'{"n": 2}')])
        return bool(late.heard)

    async with running(hears(bus, early).run(), hears(bus, late, later).run()):
        await eventually(anything_new, True)
        await eventually(early.first, 1)
        # To this one's clock the first event is longer ago than it looks back.
        assert set(late.heard) == {2}


async def test_it_goes_on_where_it_was_after_nats_was_killed(database: Database, tmp_path: Path) -> None:
    ear = Ear()
    async with (
        NatsServer(tmp_path / "nats") as server,
        connected(server.url) as bus,
        running(Relay(database, bus).run(), hears(bus, ear).run()),
    ):
        await publish(database, *range(5))
        await eventually(ear.all, list(range(5)))
        server.kill()
        await server.wait()
        await publish(database, *range(5, 10))
        await server.start()
        await eventually(ear.all, list(range(10)))


async def test_it_hears_a_stream_that_was_made_anew_from_its_beginning(
    database: Database, tmp_path: Path
) -> None:
    ear = Ear()
    async with (
        NatsServer(tmp_path / "nats") as server,
        connected(server.url) as bus,
        running(Relay(database, bus).run(), hears(bus, ear).run()),
    ):
        await publish(database, *range(5))
        await eventually(ear.all, list(range(5)))
        server.kill()
        await server.wait()
        shutil.rmtree(server.folder / "store")
        await server.start()
        await publish(database, 5)
        await eventually(ear.all, list(range(6)))


async def test_an_event_that_fails_is_tried_again_and_then_passed_over(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(broadcasts, "RETRY_S", 0.001)
    ear = Ear()
    ear.deaf_to = {1: 1, 2: FOREVER}
    failed = metrics.CONSUMER_EVENTS.labels("test", "listen", "failed")
    before = next(iter(failed.collect())).samples[0].value
    async with running(hears(bus, ear).run()):
        await bus.publish([message(f'{{"n": {n}}}'.encode()) for n in range(3)] + [message(b"nonsense")])
        await bus.publish([message(b'{"n": 3}')])
        await eventually(ear.all, [0, 1, 3])
    # Once for 1, each attempt for 2 and for what cannot be read.
    assert next(iter(failed.collect())).samples[0].value - before == 1 + 2 * broadcasts.ATTEMPTS_MAX


async def test_a_listener_that_has_stopped_leaves_nothing_in_nats(bus: Bus) -> None:
    ear = Ear()
    await bus.publish([message(b'{"n": 1}')])
    async with running(hears(bus, ear).run()):
        await eventually(ear.all, [1])
    jetstream = bus._jetstream()

    async def consumers() -> int:
        return len(await jetstream.consumers_info("SAMOVAR_TEST"))

    await eventually(consumers, 0)


def test_a_handler_that_needs_what_nobody_provides_is_refused_at_start(bus: Bus) -> None:
    with pytest.raises(MissingDependency, match="listen asks for 'ear'"):
        Broadcasts("test", (listen,), {}, bus=bus)
