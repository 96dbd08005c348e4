"""What a consumer gets: at once, in order, and no second time while it is at work."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig

from samovar.kit import subscriptions
from samovar.kit.bus import Bus
from samovar.kit.errors import Unavailable
from samovar.kit.subscriptions import PULL_MESSAGES_MAX, Subscription, delivery_of
from tests.kit.eventing import STREAM, Counted, connected, message

BODY = b'{"n": 1}'


@pytest.fixture
async def bus(nats_url: str) -> AsyncIterator[Bus]:
    async with connected(nats_url) as connection:
        await connection.ensure_stream("test")
        yield connection


async def subscribe(bus: Bus) -> Subscription:
    config = ConsumerConfig(
        name="test-note",
        durable_name="test-note",
        filter_subject=Counted.subject,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=subscriptions.ACK_WAIT_S,
    )
    return await bus.subscribe("test", config)


async def test_messages_come_while_the_request_stands(bus: Bus) -> None:
    async with await subscribe(bus) as subscription:
        waiting = asyncio.create_task(subscription.next(10))
        await bus.publish([message(BODY)])
        (first,) = await waiting
        assert first.data == BODY


async def test_more_than_one_request_holds_come_in_order(bus: Bus) -> None:
    size = PULL_MESSAGES_MAX + 10
    await bus.publish([message(str(number).encode()) for number in range(size)])
    found: list[int] = []
    async with await subscribe(bus) as subscription:
        while len(found) < size:
            for one in await subscription.next(50):
                found.append(int(one.data))
                await subscription.acknowledge(one)
    assert found == list(range(size))


async def test_slow_work_brings_no_second_delivery(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subscriptions, "ACK_WAIT_S", 0.5)
    await bus.publish([message(BODY)])
    async with await subscribe(bus) as slow, await subscribe(bus) as other:
        (taken,) = await slow.next(10)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5):
                await other.next(10)
        await slow.acknowledge(taken)


async def test_what_is_not_done_with_is_given_back_at_once(bus: Bus) -> None:
    await bus.publish([message(BODY) for _ in range(3)])
    async with await subscribe(bus) as subscription:
        (taken,) = await subscription.next(1)
        await subscription.acknowledge(taken)
    async with await subscribe(bus) as subscription:
        found: list[Msg] = []
        while len(found) < 2:
            found += await subscription.next(10)
        assert [one.metadata.num_delivered for one in found] == [2, 2]


async def test_a_consumer_that_is_deleted_under_a_subscription_is_noticed(bus: Bus) -> None:
    async with await subscribe(bus) as subscription:
        waiting = asyncio.create_task(subscription.next(10))
        await asyncio.sleep(0)
        await bus._jetstream().delete_consumer(STREAM, "test-note")
        with pytest.raises(Unavailable):
            await waiting


async def test_a_message_without_our_headers_is_refused(bus: Bus) -> None:
    await bus.publish([message(BODY, headers={"ce-id": "01938c5e-8f5a-7c3e-9d0b-3f6a1c2e4d5f"})])
    async with await subscribe(bus) as subscription:
        (foreign,) = await subscription.next(10)
        with pytest.raises(ValueError, match="the header 'ce-time' is missing"):
            delivery_of(foreign)
