"""Locks: one holder, a fence that only grows, a loss that is noticed, and late writes that PostgreSQL refuses."""

import asyncio
import os
import random
import signal
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from redis.asyncio import Redis

from samovar.embedded.redis import RedisServer
from samovar.kit.errors import Unavailable
from samovar.kit.locks import Lock, LockBusy, LockLost, Locks
from samovar.kit.redis import connect
from samovar.kit.settings import Secret

PATIENCE_S = 10.0
LOCK = "{test}:lock:job"


@pytest.fixture
def locks(redis: Redis) -> Locks:
    return Locks(redis, "test")


@pytest.fixture
async def other(redis: Redis, redis_url: str) -> AsyncIterator[Locks]:
    """Return the locks of another process."""
    database = redis.connection_pool.connection_kwargs["db"]
    async with Redis.from_url(redis_url, db=database) as client:
        yield Locks(client, "test")


async def test_one_holds_it_at_a_time_and_fences_grow_in_that_order(locks: Locks, other: Locks) -> None:
    fences: list[int] = []
    inside = 0

    async def work(where: Locks) -> None:
        nonlocal inside
        async with where.acquire("job", ttl_s=60, wait_s=PATIENCE_S) as lock:
            inside += 1
            assert inside == 1
            fences.append(lock.fence)
            await asyncio.sleep(0)
            assert not lock.lost
            inside -= 1

    await asyncio.gather(*(work(where) for where in (locks, other) * 8))
    assert fences == sorted(set(fences))
    assert len(fences) == 16


async def test_who_does_not_wait_is_told_at_once(locks: Locks, other: Locks) -> None:
    async with locks.acquire("job", ttl_s=60):
        with pytest.raises(LockBusy):
            async with other.acquire("job", ttl_s=60):
                raise AssertionError
        async with other.acquire("another job", ttl_s=60):
            pass


async def test_names_of_services_are_their_own(locks: Locks, redis: Redis) -> None:
    catalog = Locks(redis, "catalog")
    async with locks.acquire("job", ttl_s=60) as ours, catalog.acquire("job", ttl_s=60) as theirs:
        assert not ours.lost
        assert not theirs.lost


async def test_a_lock_is_extended_while_it_is_held(locks: Locks, redis: Redis) -> None:
    async with locks.acquire("job", ttl_s=3):
        ends, last_ms = time.monotonic() + PATIENCE_S, await redis.pttl(LOCK)
        while (left_ms := await redis.pttl(LOCK)) <= last_ms:
            assert time.monotonic() < ends
            last_ms = left_ms
            await asyncio.sleep(0.01)


async def test_the_body_is_ended_when_the_lock_is_lost(locks: Locks, redis: Redis) -> None:
    held: list[Lock] = []

    async def hold() -> None:
        async with locks.acquire("job", ttl_s=0.3) as lock:
            held.append(lock)
            await redis.delete(LOCK)
            await asyncio.sleep(PATIENCE_S)

    with pytest.raises(LockLost):
        await hold()
    assert held[0].lost
    await asyncio.sleep(0)  # The cancellation was for the body alone.


async def test_an_error_of_the_body_passes_and_frees_the_lock(locks: Locks) -> None:
    for kind in (KeyError, TimeoutError):
        with pytest.raises(kind):
            async with locks.acquire("job", ttl_s=60):
                raise kind
    async with locks.acquire("job", ttl_s=60):
        pass


async def test_a_late_holder_does_not_free_the_lock_of_its_successor(
    locks: Locks, other: Locks, redis: Redis
) -> None:
    async with locks.acquire("job", ttl_s=60):
        await redis.delete(LOCK)
        successor = other.acquire("job", ttl_s=60)
        await successor.__aenter__()
    with pytest.raises(LockBusy):
        async with locks.acquire("job", ttl_s=60):
            raise AssertionError
    await successor.__aexit__(None, None, None)


async def test_a_cancelled_caller_leaves_no_lock_behind(locks: Locks) -> None:
    chance = random.Random(7)

    async def hold() -> None:
        async with locks.acquire("job", ttl_s=60):
            await asyncio.sleep(0)

    for _ in range(200):
        task = asyncio.create_task(hold())
        for _ in range(chance.randrange(12)):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        async with locks.acquire("job", ttl_s=60, wait_s=PATIENCE_S):
            pass


async def test_a_fence_grows_over_lost_data_and_a_clock_behind_it(locks: Locks, redis: Redis) -> None:
    async def fence() -> int:
        async with locks.acquire("job", ttl_s=60) as lock:
            return lock.fence

    first = await fence()
    await redis.flushdb()
    second = await fence()
    assert second > first
    await redis.set("{test}:fence:job", second + 10**12)
    assert [await fence(), await fence()] == [second + 10**12 + 1, second + 10**12 + 2]


async def test_a_holder_learns_that_redis_died_and_the_next_one_has_a_greater_fence(tmp_path: Path) -> None:
    async with RedisServer(tmp_path) as server, connect(Secret(f"{server.url}/0")) as client:
        locks = Locks(client, "test")
        fences: list[int] = []

        async def hold() -> None:
            async with locks.acquire("job", ttl_s=0.5) as lock:
                fences.append(lock.fence)
                assert server.pid
                os.kill(server.pid, signal.SIGKILL)
                await server.wait()
                await asyncio.sleep(PATIENCE_S)

        with pytest.raises(LockLost):
            await hold()
        with pytest.raises(Unavailable):
            async with locks.acquire("job", ttl_s=60, wait_s=PATIENCE_S):
                raise AssertionError
        await server.start()
        async with Locks(client, "test").acquire("job", ttl_s=60) as second:
            assert second.fence > fences[0]


async def test_a_paused_holder_is_refused_by_the_fence_in_postgresql(
    other: Locks, redis: Redis, redis_url: str, database_url: str
) -> None:
    """The holder's whole process stands still for longer than its lock lives, then it goes on and writes."""
    held, go_on = threading.Event(), threading.Event()
    database = redis.connection_pool.connection_kwargs["db"]

    async def write(path: str, fence: int) -> str:
        connection = await asyncpg.connect(database_url)
        try:
            update = "UPDATE indexes SET path = $1, fence = $2 WHERE name = 'search' AND fence <= $2"
            return str(await connection.execute(update, path, fence))
        finally:
            await connection.close()

    async def paused_process() -> str:
        async with (
            Redis.from_url(redis_url, db=database) as client,
            Locks(client, "test").acquire("job", ttl_s=0.3) as lock,
        ):
            held.set()
            go_on.wait()  # Nothing of this event loop runs meanwhile: neither the extension nor the lease.
            assert lock.lost
            # A write that nothing stops: it does not look at the lock, and a cancellation does not reach it.
            written = asyncio.create_task(write("old", lock.fence))
            try:
                await asyncio.sleep(PATIENCE_S)
            finally:
                late_write.append(await written)
        raise AssertionError

    late_write: list[str] = []
    connection = await asyncpg.connect(database_url)
    await connection.execute("CREATE TABLE indexes (name text PRIMARY KEY, path text, fence bigint NOT NULL)")
    await connection.execute("INSERT INTO indexes VALUES ('search', 'none', 0)")
    paused = asyncio.create_task(asyncio.to_thread(asyncio.run, paused_process()))
    try:
        assert await asyncio.to_thread(held.wait, PATIENCE_S)
        async with other.acquire("job", ttl_s=60, wait_s=PATIENCE_S) as lock:
            assert await write("new", lock.fence) == "UPDATE 1"
            assert await write("newer", lock.fence) == "UPDATE 1"
    finally:
        go_on.set()
    with pytest.raises(LockLost):
        await paused
    assert late_write == ["UPDATE 0"]
    assert await connection.fetchval("SELECT path FROM indexes") == "newer"
    await connection.close()
