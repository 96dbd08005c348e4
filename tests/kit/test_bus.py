"""The connection to NATS: streams made by need, batches stored in order, back after whatever broke it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import nats
import pytest
from nats.js.api import StreamConfig

from samovar.embedded.nats import NatsServer
from samovar.kit import bus as bus_module
from samovar.kit.bus import ATOMIC_MIN, STREAM_AGE_MAX_S, STREAM_BYTES_MAX, Bus, Message, NoStream
from samovar.kit.errors import Unavailable
from samovar.kit.settings import Secret
from tests.kit.eventing import STREAM, Counted, connected, eventually, message, stored


@pytest.fixture
async def bus(nats_url: str) -> AsyncIterator[Bus]:
    async with connected(nats_url) as connection:
        yield connection


def batch(size: int) -> list[Message]:
    return [message(msgspec.json.encode(Counted(n=number))) for number in range(size)]


async def numbers(nats_url: str, count: int) -> list[int]:
    return [msgspec.json.decode(one.data, type=Counted).n for one in await stored(nats_url, count)]


async def test_a_stream_is_made_once_with_its_limits(bus: Bus, nats_url: str) -> None:
    await asyncio.gather(*(bus.ensure_stream("test") for _ in range(3)))
    client = await nats.connect(nats_url)
    config = (await client.jetstream().stream_info(STREAM)).config
    assert (config.subjects, config.max_age, config.max_bytes) == (
        ["samovar.test.>"],
        STREAM_AGE_MAX_S,
        STREAM_BYTES_MAX,
    )
    await client.close()


async def test_a_stream_of_an_earlier_release_is_brought_up_to_date(bus: Bus, nats_url: str) -> None:
    client = await nats.connect(nats_url)
    await client.jetstream().add_stream(StreamConfig(name=STREAM, subjects=["samovar.test.>"], max_age=60))
    await bus.ensure_stream("test")
    assert (await client.jetstream().stream_info(STREAM)).config.max_age == STREAM_AGE_MAX_S
    await client.close()


@pytest.mark.parametrize("size", [1, ATOMIC_MIN - 1, ATOMIC_MIN, 200])
async def test_a_batch_is_stored_in_its_order(bus: Bus, nats_url: str, size: int) -> None:
    await bus.ensure_stream("test")
    published = await bus.publish(batch(size))
    assert (published.stored, published.error) == (size, None)
    assert await numbers(nats_url, size) == list(range(size))


@pytest.mark.parametrize("size", [1, 50])
async def test_without_a_stream_nothing_is_stored_and_the_error_says_so(bus: Bus, size: int) -> None:
    published = await bus.publish(batch(size))
    assert published.stored == 0
    assert isinstance(published.error, NoStream)


@pytest.mark.parametrize("known", [1, 20, 50])
async def test_a_batch_of_which_a_part_is_stored_is_completed(bus: Bus, nats_url: str, known: int) -> None:
    await bus.ensure_stream("test")
    messages = batch(50)
    await bus.publish(messages[:known])
    assert (await bus.publish(messages)).stored == 50
    assert await numbers(nats_url, 50) == list(range(50))


async def test_what_is_stored_slowly_is_told_before_the_relay_has_waited_too_long(
    bus: Bus, nats_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bus_module, "ONE_BY_ONE_MAX_S", 0.0)
    await bus.ensure_stream("test")
    published = await bus.publish(batch(3))
    assert (published.stored, published.error) == (1, None)
    assert await numbers(nats_url, 1) == [0]


async def test_a_client_that_gave_up_is_replaced(bus: Bus, nats_url: str) -> None:
    await bus.ensure_stream("test")
    await bus._client.close()  # As it does by itself when the server sends an error.

    async def publishes() -> int:
        return (await bus.publish(batch(1))).stored

    await eventually(publishes, 1)
    assert await numbers(nats_url, 1) == [0]


@pytest.mark.parametrize("size", [1, 50])
async def test_what_is_acknowledged_survives_a_kill_and_is_still_known(tmp_path: Path, size: int) -> None:
    async with NatsServer(tmp_path / "nats") as server, connected(server.url) as bus:
        await bus.ensure_stream("test")
        messages = batch(size)
        await bus.publish(messages)
        server.kill()
        await server.wait()
        await server.start()

        async def publishes() -> int:
            return (await bus.publish(messages)).stored

        await eventually(publishes, size)
        assert await numbers(server.url, size) == list(range(size))


async def test_a_nats_that_is_away_is_unavailable_and_stops_nobody(free_port: int) -> None:
    bus = await Bus.connect(Secret(f"nats://127.0.0.1:{free_port}"), "test")
    assert not bus.is_connected
    assert isinstance((await bus.publish(batch(1))).error, Unavailable)
    with pytest.raises(Unavailable):
        await bus.ensure_stream("test")
    await bus.close()
