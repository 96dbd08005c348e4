"""The connection to Redis: scripts survive a restart, and an absence is noticed once and not by every caller."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from samovar.embedded.redis import RedisServer
from samovar.kit import redis as redis_module
from samovar.kit.errors import Unavailable
from samovar.kit.redis import RETRY_AFTER_S, Script, Scripts, connect
from samovar.kit.settings import Secret
from samovar.testing.clock import FakeClock

ECHO = Script("return ARGV[1]")


class Mute:
    """A server that takes connections and never answers."""

    def __init__(self) -> None:
        self.connections = 0
        self.port = 0

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while await reader.read(1_024):
            pass
        writer.close()


@pytest.fixture
async def mute() -> AsyncIterator[Mute]:
    listener = Mute()
    server = await asyncio.start_server(listener.accept, "127.0.0.1", 0)
    listener.port = server.sockets[0].getsockname()[1]
    yield listener
    server.close()
    await server.wait_closed()


async def test_a_script_is_loaded_by_its_first_call(redis: Redis) -> None:
    await redis.script_flush()
    scripts = Scripts(redis)
    assert [await scripts.run(ECHO, [], text) for text in ("a", "b")] == [b"a", b"b"]
    assert await redis.script_exists(ECHO.sha) == [True]


async def test_only_one_caller_at_a_time_tries_a_redis_that_is_away(
    mute: Mute, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(redis_module, "ANSWER_TIMEOUT_S", 0.05)
    async with connect(Secret(f"redis://127.0.0.1:{mute.port}/0")) as client:
        scripts = Scripts(client, monotonic=clock.monotonic)

        async def ask() -> Unavailable:
            with pytest.raises(Unavailable) as caught:
                await scripts.run(ECHO, [], "a")
            return caught.value

        assert (await ask()).retry_after_s == RETRY_AFTER_S
        tries = mute.connections
        assert tries > 0
        await asyncio.gather(*(ask() for _ in range(20)))
        assert mute.connections == tries
        clock.advance(RETRY_AFTER_S)
        await asyncio.gather(*(ask() for _ in range(20)))
        assert mute.connections == 2 * tries


async def test_a_client_goes_on_after_redis_was_killed_and_lost_everything(tmp_path: Path) -> None:
    clock = FakeClock()
    async with RedisServer(tmp_path) as server, connect(Secret(f"{server.url}/0")) as client:
        scripts = Scripts(client, monotonic=clock.monotonic)
        assert await scripts.run(ECHO, [], "a") == b"a"
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        await server.wait()
        with pytest.raises(Unavailable):
            await scripts.run(ECHO, [], "b")
        await server.start()
        clock.advance(RETRY_AFTER_S)
        assert await scripts.run(ECHO, [], "c") == b"c"


async def test_a_broken_pooled_connection_costs_nothing_but_a_new_one(tmp_path: Path) -> None:
    async with RedisServer(tmp_path) as server, connect(Secret(f"{server.url}/0")) as client:
        scripts = Scripts(client)
        assert await scripts.run(ECHO, [], "a") == b"a"
        await server.stop()
        await server.start()
        assert await scripts.run(ECHO, [], "b") == b"b"
