"""What one call of the kit's Redis parts costs, beside a bare GET: wall time, and CPU time of the calling process.

    python benchmarks/bench_cache_locks_limits.py [--calls 5000]

Starts a Redis of its own. A call at a time: the wall time is latency, the CPU time is what bounds a process.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import UUID, uuid4

import msgspec
import uvloop

from samovar.embedded.redis import RedisServer
from samovar.kit.cache import Cache
from samovar.kit.limits import Limits
from samovar.kit.locks import Locks
from samovar.kit.money import Money
from samovar.kit.redis import connect
from samovar.kit.routes import RateLimit
from samovar.kit.settings import Secret

WARM_UP_CALLS = 200
AT_ONCE = 32
LIMIT = RateLimit(10**6, per_s=60)


class Game(msgspec.Struct, frozen=True):
    """A value of a usual size."""

    id: UUID
    title: str
    price: Money
    tags: list[str]


async def measure(name: str, call: Callable[[], Awaitable[object]], calls: int) -> None:
    """Print what a call costs."""
    for _ in range(WARM_UP_CALLS):
        await call()
    began, began_cpu = time.perf_counter(), time.process_time()
    for _ in range(calls):
        await call()
    wall_us = (time.perf_counter() - began) / calls * 1e6
    cpu_us = (time.process_time() - began_cpu) / calls * 1e6
    print(f"{name:<44}{wall_us:8.0f} µs{cpu_us:8.0f} µs CPU")


async def main(calls: int) -> None:
    """Measure each part."""
    with tempfile.TemporaryDirectory() as folder:
        async with RedisServer(Path(folder)) as server, connect(Secret(f"{server.url}/0")) as redis:
            cache, locks, limits = Cache(redis, "bench"), Locks(redis, "bench"), Limits(redis, "bench")
            game = Game(uuid4(), "The Long Way Round the Samovar", Money(129900, "RUB"), ["rpg", "tea"] * 10)

            async def load() -> Game:
                return game

            async def miss() -> None:
                await cache.get_or_load(f"game:{uuid4()}", load, into=Game, ttl_s=60, tags=("a",))

            async def lock() -> None:
                async with locks.acquire("job", ttl_s=60):
                    pass

            async def hit() -> None:
                await cache.get_or_load("game:1", load, into=Game, ttl_s=60, tags=("a", "b"))

            await redis.set("plain", "value")
            await measure("GET, for comparison", lambda: redis.get("plain"), calls)
            await measure("cache: hit with two tags", hit, calls)
            await measure("cache: miss and store", miss, calls)
            await measure("cache: purge of two tags", lambda: cache.purge("c", "d"), calls)
            await measure("lock: acquire and release", lock, calls)
            await measure("limit: hit", lambda: limits.hit("login:1", LIMIT), calls)
            three = {f"login:{number}": LIMIT for number in range(3)}
            await measure("limit: hit_many of three", lambda: limits.hit_many(three), calls)

            async def many() -> None:
                await asyncio.gather(*(limits.hit("login:1", LIMIT) for _ in range(AT_ONCE)))

            await measure(f"limit: {AT_ONCE} hits at once, together", many, calls // AT_ONCE)
            await server.stop()
            await measure("cache: load straight, Redis away", hit, calls)
            await measure("limit: hit counted here, Redis away", lambda: limits.hit("login:1", LIMIT), calls)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=5_000)
    uvloop.run(main(parser.parse_args().calls))
