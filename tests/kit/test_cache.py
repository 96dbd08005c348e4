"""The cache: one load for all, stale while renewing, purges that hold, and no trouble when Redis is away."""

import asyncio
import random
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from os import kill
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import pytest
from prometheus_client import REGISTRY
from redis.asyncio import Redis

from samovar.embedded.redis import RedisServer
from samovar.kit import cache as cache_module
from samovar.kit import deadline
from samovar.kit.cache import VALUE_BYTES_MAX, Cache
from samovar.kit.errors import NotFound, Unavailable
from samovar.kit.money import Money
from samovar.kit.redis import connect
from samovar.kit.settings import Secret

PATIENCE_S = 10.0


class Game(msgspec.Struct, frozen=True):
    id: UUID
    price: Money
    released_at: datetime


class Source:
    """What is cached: a number that changes, and how often it was loaded."""

    def __init__(self, value: int = 1) -> None:
        self.value = value
        self.loads = 0
        self.began = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()

    async def load(self) -> int:
        self.loads += 1
        self.began.set()
        value = self.value
        await self.open.wait()
        return value

    async def begun(self) -> None:
        async with asyncio.timeout(PATIENCE_S):
            await self.began.wait()


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    ends = time.monotonic() + PATIENCE_S
    while not await true():
        assert time.monotonic() < ends, "waited in vain"
        await asyncio.sleep(0.01)


@pytest.fixture
def cache(redis: Redis) -> Cache:
    return Cache(redis, "test", chance=lambda: 0.5)


@pytest.fixture
async def other(redis: Redis, redis_url: str) -> AsyncIterator[Cache]:
    """Return the cache of another process."""
    database = redis.connection_pool.connection_kwargs["db"]
    async with Redis.from_url(redis_url, db=database) as client:
        yield Cache(client, "test")


async def test_a_value_comes_back_as_its_type(cache: Cache) -> None:
    game = Game(uuid4(), Money(129900, "RUB"), datetime(2026, 11, 23, tzinfo=UTC))

    async def load() -> Game:
        return game

    async def no_load() -> Game:
        raise AssertionError

    assert await cache.get_or_load("game:1", load, into=Game, ttl_s=60) is game
    assert await cache.get_or_load("game:1", no_load, into=Game, ttl_s=60) == game


async def test_fifty_callers_share_one_load_in_one_process_and_in_two(cache: Cache, other: Cache) -> None:
    for key, places in (("n:1", [cache] * 50), ("n:2", [cache, other] * 25)):
        source = Source(7)
        found = await asyncio.gather(
            *(where.get_or_load(key, source.load, into=int, ttl_s=60) for where in places)
        )
        assert (set(found), source.loads) == ({7}, 1)


async def test_a_value_runs_out(cache: Cache) -> None:
    source = Source()

    async def loaded_again() -> bool:
        await cache.get_or_load("n:1", source.load, into=int, ttl_s=0.05)
        return source.loads > 1

    await until(loaded_again)


async def test_values_made_together_do_not_run_out_together(redis: Redis) -> None:
    low = Cache(redis, "low", chance=lambda: 0.0)
    high = Cache(redis, "high", chance=lambda: 1.0)
    for where in (low, high):
        await where.get_or_load("n:1", Source().load, into=int, ttl_s=1_000)
    assert 890_000 < await redis.pttl("{low}:cache:n:1") <= 900_000
    assert 1_090_000 < await redis.pttl("{high}:cache:n:1") <= 1_100_000


async def test_a_stale_value_is_served_while_one_caller_renews_it(cache: Cache, other: Cache) -> None:
    source = Source(1)

    async def ask(where: Cache) -> int:
        return await where.get_or_load("n:1", source.load, into=int, ttl_s=0.02, stale_s=600)

    assert await ask(cache) == 1
    source.value = 2
    source.open.clear()

    async def being_renewed() -> bool:
        assert await ask(cache) == 1
        return source.loads > 1

    await until(being_renewed)
    assert {await ask(where) for where in (cache, other) * 10} == {1}
    assert source.loads == 2
    source.open.set()

    async def renewed() -> bool:
        return await ask(other) == 2

    await until(renewed)


async def test_a_source_that_cannot_renew_is_not_asked_at_every_read(cache: Cache) -> None:
    source = Source(1)

    async def fail() -> int:
        source.loads += 1
        raise Unavailable("the database is away")

    async def renewal_failed() -> bool:
        assert await cache.get_or_load("n:1", fail, into=int, ttl_s=0.02, stale_s=600) == 1
        return source.loads > 1

    await cache.get_or_load("n:1", source.load, into=int, ttl_s=0.02, stale_s=600)
    await until(renewal_failed)
    for _ in range(20):
        assert await cache.get_or_load("n:1", fail, into=int, ttl_s=0.02, stale_s=600) == 1
    assert source.loads == 2


async def test_a_purge_reaches_all_entries_with_the_tag_in_all_processes(cache: Cache, other: Cache) -> None:
    source = Source(1)
    tags = {"n:1": ("a",), "n:2": ("a", "b"), "n:3": ("b",), "n:4": ()}

    async def ask(where: Cache) -> list[int]:
        return [await where.get_or_load(key, source.load, into=int, ttl_s=60, tags=tags[key]) for key in tags]

    assert await ask(cache) == [1, 1, 1, 1]
    source.value = 2
    await other.purge("a")
    assert await ask(cache) == await ask(other) == [2, 2, 1, 1]
    source.value = 3
    await cache.purge("a", "b")
    assert await ask(cache) == await ask(other) == [3, 3, 3, 1]


@pytest.mark.parametrize("renewed_meanwhile", [False, True])
async def test_what_was_loading_during_a_purge_is_not_kept(
    cache: Cache, other: Cache, *, renewed_meanwhile: bool
) -> None:
    old, new = Source(1), Source(2)
    old.open.clear()

    async def ask(where: Cache, source: Source) -> int:
        return await where.get_or_load("n:1", source.load, into=int, ttl_s=60, tags=("a",))

    early = asyncio.create_task(ask(cache, old))
    await old.begun()
    await cache.purge("a")
    if renewed_meanwhile:
        assert await ask(other, new) == 2
    old.open.set()
    assert await early == 1
    assert [await ask(where, new) for where in (cache, other)] == [2, 2]
    assert new.loads == 1


async def test_a_caller_after_a_purge_waits_for_no_load_before_it(
    cache: Cache, other: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "WAIT_S", 3_600)
    before, after = Source(1), Source(2)
    before.open.clear()
    after.open.clear()

    async def ask(where: Cache, source: Source) -> int:
        return await where.get_or_load("n:1", source.load, into=int, ttl_s=60, tags=("a",))

    early = asyncio.create_task(ask(cache, before))
    await before.begun()
    await other.purge("a")
    late = asyncio.create_task(ask(other, after))
    await after.begun()
    beside_early = asyncio.create_task(ask(cache, after))
    for _ in range(10):
        await cache.purge("something else")  # Time for its first look at Redis.
    before.open.set()
    assert await early == 1
    after.open.set()
    assert (await late, await beside_early, after.loads) == (2, 2, 1)
    assert await ask(cache, after) == 2


async def test_nothing_older_than_a_finished_purge_is_ever_seen(cache: Cache, other: Cache) -> None:
    chance = random.Random(20261123)
    stored = finished = 0

    async def dawdle() -> None:
        for _ in range(chance.randrange(4)):
            await asyncio.sleep(0 if chance.random() < 0.8 else 0.001)

    async def load() -> int:
        await dawdle()
        value = stored
        await dawdle()
        return value

    async def write() -> None:
        nonlocal stored, finished
        for _ in range(60):
            await dawdle()
            stored += 1
            written = stored
            await chance.choice((cache, other)).purge("a")
            finished = max(finished, written)

    async def read(where: Cache) -> None:
        for _ in range(60):
            await dawdle()
            least = finished
            assert await where.get_or_load("n:1", load, into=int, ttl_s=60, stale_s=60, tags=("a",)) >= least

    await asyncio.gather(write(), *(read(where) for where in (cache, other) * 6))


async def test_an_entry_whose_tag_was_evicted_does_not_count(cache: Cache, redis: Redis) -> None:
    source = Source(1)
    await cache.get_or_load("n:1", source.load, into=int, ttl_s=60, tags=("a",))
    source.value = 2
    await cache.purge("a")
    await redis.delete("{test}:tag:a")
    assert await cache.get_or_load("n:1", source.load, into=int, ttl_s=60, tags=("a",)) == 2


async def test_an_error_goes_to_all_who_wait_and_is_not_kept(cache: Cache) -> None:
    source = Source(1)

    async def fail() -> int:
        source.loads += 1
        await asyncio.sleep(0)
        raise NotFound("no such game")

    found = await asyncio.gather(
        *(cache.get_or_load("n:1", fail, into=int, ttl_s=60) for _ in range(5)), return_exceptions=True
    )
    assert all(isinstance(error, NotFound) for error in found)
    assert await cache.get_or_load("n:1", source.load, into=int, ttl_s=60) == 1


async def test_a_caller_who_gives_up_takes_the_value_from_nobody(cache: Cache) -> None:
    source = Source(5)
    source.open.clear()
    first, second = (
        asyncio.create_task(cache.get_or_load("n:1", source.load, into=int, ttl_s=60)) for _ in range(2)
    )

    await source.begun()
    first.cancel()
    await asyncio.wait([first])
    source.open.set()
    assert (await second, source.loads) == (5, 1)


async def test_a_shared_load_has_its_own_deadline(cache: Cache) -> None:
    async def load() -> float:
        return deadline.remaining_s() or 0.0

    with deadline.within(0.5):
        assert await cache.get_or_load("n:1", load, into=float, ttl_s=60) > 1


async def test_who_waits_for_a_loader_that_died_loads_in_the_end(
    cache: Cache, other: Cache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache_module, "WAIT_S", 0.05)
    stuck, source = Source(1), Source(2)
    stuck.open.clear()
    waiting = asyncio.create_task(other.get_or_load("n:1", stuck.load, into=int, ttl_s=60))

    await stuck.begun()
    found = await asyncio.gather(
        *(cache.get_or_load("n:1", source.load, into=int, ttl_s=60) for _ in range(10))
    )
    assert set(found) == {2}
    loads = source.loads
    assert await cache.get_or_load("n:1", source.load, into=int, ttl_s=60) == 2
    assert source.loads == loads
    stuck.open.set()
    await waiting


async def test_what_is_too_large_is_served_and_not_kept(cache: Cache, redis: Redis) -> None:
    async def load() -> bytes:
        return bytes(VALUE_BYTES_MAX)

    for _ in range(2):
        assert len(await cache.get_or_load("n:1", load, into=bytes, ttl_s=60)) == VALUE_BYTES_MAX
    assert await redis.keys() == []


async def test_an_entry_of_another_form_is_replaced(cache: Cache, other: Cache) -> None:
    async def text() -> str:
        return "one"

    source = Source(1)
    assert await other.get_or_load("n:1", text, into=str, ttl_s=60) == "one"
    assert await cache.get_or_load("n:1", source.load, into=int, ttl_s=60) == 1
    assert await cache.get_or_load("n:1", source.load, into=int, ttl_s=60) == 1
    assert source.loads == 1


async def test_services_do_not_see_each_other(redis: Redis) -> None:
    found = [
        await Cache(redis, name).get_or_load("n:1", Source(number).load, into=int, ttl_s=60)
        for number, name in enumerate(("auth", "catalog"))
    ]
    assert found == [0, 1]


async def test_a_long_key_is_a_key_of_its_own(cache: Cache) -> None:
    found = [
        await cache.get_or_load("n:" + "x" * 5_000 + end, Source(number).load, into=int, ttl_s=60)
        for number, end in enumerate("ab")
    ]
    assert found == [0, 1]


async def test_a_key_without_a_name_is_a_mistake(cache: Cache) -> None:
    with pytest.raises(ValueError, match="<name>:<what>"):
        await cache.get_or_load("game", Source().load, into=int, ttl_s=60)


async def test_values_are_loaded_straight_until_it_is_back(tmp_path: Path) -> None:
    source = Source(1)
    async with RedisServer(tmp_path) as server, connect(Secret(f"{server.url}/0")) as client:
        cache = Cache(client, "test")

        async def ask() -> int:
            return await cache.get_or_load("n:1", source.load, into=int, ttl_s=60, tags=("a",))

        def away_reads() -> float:
            labels = {"service": "test", "cache": "n", "outcome": "error"}
            return REGISTRY.get_sample_value("samovar_cache_reads_total", labels) or 0

        assert await ask() == 1
        assert server.pid
        kill(server.pid, signal.SIGKILL)
        await server.wait()
        source.value = 2
        source.open.clear()
        asked = away_reads()
        callers = [asyncio.create_task(ask()) for _ in range(50)]

        async def all_know_that_it_is_away() -> bool:
            return away_reads() == asked + len(callers)

        await until(all_know_that_it_is_away)
        source.open.set()
        assert (set(await asyncio.gather(*callers)), source.loads) == ({2}, 2)
        with pytest.raises(Unavailable):
            await cache.purge("a")

        await server.start()

        async def kept_again() -> bool:
            loads = source.loads
            return await ask() == 2 and source.loads == loads

        await until(kept_again)
