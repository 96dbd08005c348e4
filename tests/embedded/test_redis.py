"""Redis: a password, `kill -9`."""

import os
import signal
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError

from samovar.embedded.redis import RedisServer


async def test_nobody_gets_in_without_the_password(redis_url: str) -> None:
    address = redis_url.rpartition("@")[2]
    async with Redis.from_url(f"redis://{address}") as stranger:
        with pytest.raises(AuthenticationError):
            await stranger.ping()


async def test_it_starts_again_on_its_port_after_kill_9(folder: Path) -> None:
    async with RedisServer(folder) as server:
        port = server.port
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        await server.wait()
        await server.start()
        assert server.port == port
        async with Redis.from_url(server.url) as client:
            assert await client.ping()


async def test_two_run_side_by_side(folder: Path) -> None:
    async with RedisServer(folder / "1") as one, RedisServer(folder / "2") as two:
        assert one.port != two.port


async def test_the_fixture_is_empty_for_each_test(redis: Redis) -> None:
    await redis.set("left", "behind")
    assert await redis.dbsize() == 1


test_the_fixture_is_empty_for_each_test_again = test_the_fixture_is_empty_for_each_test
