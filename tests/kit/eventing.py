"""What the tests of events share: an event, its stream as NATS has it, tasks that end with their block."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import nats
import nats.js.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig

from samovar.kit.bus import Bus, Message
from samovar.kit.database import Database
from samovar.kit.events import Aggregate, Event
from samovar.kit.ids import new_id
from samovar.kit.settings import Secret

DEADLINE_S = 20.0
POLL_S = 0.02
STREAM = "SAMOVAR_TEST"


class Counted(Event, frozen=True, kw_only=True, subject="test.v1.counted"):
    """Number `n` of a series was counted."""

    n: int
    series: str = "one"

    def aggregate(self) -> Aggregate:
        return Aggregate(self.series, self.n)


async def eventually(look: Callable[[], Awaitable[object]], expected: object) -> None:
    """Wait until `look` returns what is expected; fail with what it returned last."""
    deadline = time.monotonic() + DEADLINE_S
    while (seen := await look()) != expected:
        assert time.monotonic() < deadline, f"still {seen!r}, not {expected!r}"
        await asyncio.sleep(POLL_S)


@asynccontextmanager
async def running(*works: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run tasks for the length of a block. One that fails, fails the test."""
    tasks = [asyncio.ensure_future(work) for work in works]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        ended = await asyncio.gather(*tasks, return_exceptions=True)
    assert [end for end in ended if not isinstance(end, asyncio.CancelledError)] == []


@asynccontextmanager
async def connected(nats_url: str) -> AsyncIterator[Bus]:
    """Connect, with no stream of this service left from other tests."""
    client = await nats.connect(nats_url)
    try:
        await client.jetstream().delete_stream(STREAM)
    except nats.js.errors.NotFoundError:
        pass
    finally:
        await client.close()
    bus = await Bus.connect(Secret(nats_url), "test")
    yield bus
    await bus.close()


async def stored(nats_url: str, count: int) -> list[Msg]:
    """Return the first `count` messages of the service's stream, having made sure that there are no more."""
    client: Client = await nats.connect(nats_url)
    jetstream = client.jetstream()

    async def messages() -> int:
        try:
            return int((await jetstream.stream_info(STREAM)).state.messages)
        except nats.js.errors.NotFoundError:
            return 0

    await eventually(messages, count)
    consumer = await jetstream.add_consumer(STREAM, ConsumerConfig(ack_policy=AckPolicy.NONE))
    found: list[Msg] = []
    if count:
        subscription = await jetstream.pull_subscribe_bind(consumer.name, stream=STREAM)
        while len(found) < count:
            found += await subscription.fetch(count - len(found), timeout=DEADLINE_S)
    await client.close()
    return found


@asynccontextmanager
async def event_process(
    role: str, database_url: str, nats_url: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a process that relays or applies events, and kill it at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.kit.event_process", role, database_url, nats_url),
        cwd=Path(__file__).parents[2],
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def publish(database: Database, *numbers: int, series: str = "one") -> list[UUID]:
    """Publish in one transaction."""
    async with database.transaction() as tx:
        return [await tx.publish(Counted(n=number, series=series)) for number in numbers]


def message(
    payload: bytes, *, event_id: UUID | None = None, headers: dict[str, str] | None = None
) -> Message:
    """Return a message as a relay sends it; each has a message id of its own, so JetStream drops none."""
    event_id = event_id or new_id()
    return Message(
        subject=Counted.subject,
        message_id=str(new_id()),
        headers={"ce-id": str(event_id), "ce-time": datetime.now(UTC).isoformat()}
        if headers is None
        else headers,
        payload=payload,
    )
