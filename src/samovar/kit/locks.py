"""Locks over all processes: one worker at a time, by name.

    async with locks.acquire("rebuild:search", ttl_s=30) as lock:
        ...
        await tx.execute("UPDATE indexes SET path = $2, fence = $3 WHERE id = $1 AND fence <= $3", id, path, lock.fence)

A lock in Redis saves work; alone it does not protect data. Its holder may be paused for longer than the lock lives (by
garbage collection, a stopped machine, a slow disk), wake up believing that it still holds it, and write over its successor's
work. So each holding gets a number, the fence, greater than every earlier one of that name, and PostgreSQL refuses a write
whose fence is below the one it has seen, as above (Kleppmann, «How to do distributed locking», 2016). Money and licences are
locked in PostgreSQL itself.

A fence is the time of Redis in µs, or the last fence plus one where that is greater: so it also grows after Redis lost
its data. Should the clock of Redis ever go back together with such a loss, new holders are refused by PostgreSQL until it
has caught up; nothing is overwritten.

While it is held, the lock extends itself every third of `ttl_s`. When it is lost all the same (Redis was restarted or away
for too long, or this process was paused), the body is cancelled and `LockLost` is raised, before anybody else can get it
unless the clocks run at different speeds; `lock.lost` tells code that cannot be cancelled.
"""

import asyncio
import contextlib
import random
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog
from redis.asyncio import Redis

from samovar.kit import metrics
from samovar.kit.errors import Conflict, Unavailable
from samovar.kit.redis import Script, Scripts

POLL_S_MIN = 0.01
POLL_S_MAX = 0.2
RENEWALS_PER_TTL = 3
FENCE_TTL_MS = 24 * 3_600_000
RETRY_AFTER_S = 1.0

log = structlog.get_logger(__name__)

# KEYS: lock, fence  ARGV: token, ttl_ms, fence_ms
# The fence is kept for a day, so that names do not pile up: only a clock that went back further could then repeat one.
_ACQUIRE = Script("""
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return false end
local time = redis.call('TIME')
local fence = math.max(time[1] * 1e6 + time[2], (tonumber(redis.call('GET', KEYS[2])) or 0) + 1)
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('SET', KEYS[2], string.format('%.0f', fence), 'PX', ARGV[3])
return fence
""")

# KEYS: lock  ARGV: token, ttl_ms (0: release)
_RENEW = Script("""
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '0' then return redis.call('DEL', KEYS[1]) end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
""")


class LockBusy(Conflict):
    """Somebody else holds the lock and did not free it in time."""

    code = "lock.busy"


class LockLost(Unavailable):
    """The lock ran out or was lost while it was held; what its holder was doing has been cancelled."""

    code = "lock.lost"


class Lock:
    """A lock that is held.

    Attributes:
        name: The name it was acquired by.
        fence: Greater than the fence of every earlier holder of this name.
        held_until: When it runs out unless extended, in the time of the event loop.
    """

    def __init__(self, name: str, fence: int, held_until: float) -> None:
        self.name = name
        self.fence = fence
        self.held_until = held_until

    @property
    def lost(self) -> bool:
        """Whether it may be somebody else's by now."""
        return asyncio.get_running_loop().time() >= self.held_until


class Locks:
    """The locks of one service.

    Args:
        redis: See `samovar.kit.redis.connect`.
        namespace: The service: its names are its own.
        chance: Returns a number from 0 to 1, so that those who wait do not ask in step.
    """

    def __init__(self, redis: Redis, namespace: str, *, chance: Callable[[], float] = random.random) -> None:
        self._scripts = Scripts(redis)
        self._namespace = namespace
        self._chance = chance

    @asynccontextmanager
    async def acquire(self, name: str, *, ttl_s: float, wait_s: float = 0) -> AsyncIterator[Lock]:
        """Hold the lock inside `async with`.

        Args:
            name: What only one may do at a time; a part before a colon is the metric's label: `rebuild:search`.
            ttl_s: How long others must wait when this process dies; not how long the body may take.
            wait_s: How long to wait for whoever holds it; whoever asks next after it is free gets it, in no order.

        Raises:
            LockBusy: Somebody else holds it.
            LockLost: It was lost before the body was done.
            Unavailable: Redis is away.
        """
        token = secrets.token_hex(16)
        lock = await self._take(name, token, ttl_s, wait_s)
        try:
            async with asyncio.timeout_at(lock.held_until) as lease:
                keeper = asyncio.create_task(self._keep(lock, token, ttl_s, lease))
                try:
                    yield lock
                finally:
                    keeper.cancel()
        except TimeoutError:
            if lease.expired():
                log.warning("lock lost", lock=name, fence=lock.fence)
                raise LockLost(f"the lock {name!r} was lost") from None
            raise
        finally:
            await self._release(name, token)

    async def _take(self, name: str, token: str, ttl_s: float, wait_s: float) -> Lock:
        labels = (self._namespace, name.partition(":")[0])
        began, lock, outcome = time.monotonic(), None, "error"
        try:
            lock = await self._ask(name, token, ttl_s, wait_s)
            outcome = "acquired" if lock else "busy"
        finally:
            metrics.LOCK_ACQUIRED.labels(*labels, outcome).inc()
            metrics.LOCK_WAIT_SECONDS.labels(*labels).observe(time.monotonic() - began)
            if outcome == "error":  # The answer that did not arrive may have been a yes.
                await self._release(name, token)
        if lock is None:
            raise LockBusy(f"somebody else holds the lock {name!r}", retry_after_s=RETRY_AFTER_S)
        return lock

    async def _ask(self, name: str, token: str, ttl_s: float, wait_s: float) -> Lock | None:
        """Ask until the lock is free or `wait_s` is over."""
        keys = [self._key("lock", name), self._key("fence", name)]
        now = asyncio.get_running_loop().time
        patience_ends, pause_s = now() + wait_s, POLL_S_MIN
        while True:
            asked_at = now()
            fence = await self._scripts.run(_ACQUIRE, keys, token, _ms(ttl_s), FENCE_TTL_MS)
            if fence is not None:
                return Lock(name, int(fence), asked_at + ttl_s)
            if now() >= patience_ends:
                return None
            await asyncio.sleep(pause_s * (0.5 + self._chance()))
            pause_s = min(2 * pause_s, POLL_S_MAX)

    async def _keep(self, lock: Lock, token: str, ttl_s: float, lease: asyncio.Timeout) -> None:
        """Extend the lock and its lease until cancelled; end the lease when the lock is somebody else's or gone."""
        now = asyncio.get_running_loop().time
        ours = True
        while ours:
            await asyncio.sleep(ttl_s / RENEWALS_PER_TTL)
            asked_at = now()
            with contextlib.suppress(
                Unavailable
            ):  # The next try may find Redis again before the lease is over.
                ours = await self._scripts.run(_RENEW, [self._key("lock", lock.name)], token, _ms(ttl_s))
                if lease.expired():
                    return
                lock.held_until = asked_at + ttl_s if ours else now()
                lease.reschedule(lock.held_until)

    async def _release(self, name: str, token: str) -> None:
        """Free the lock if it is ours; when Redis is away, it runs out by itself."""
        with contextlib.suppress(Unavailable):
            await self._scripts.run(_RENEW, [self._key("lock", name)], token, 0)

    def _key(self, kind: str, name: str) -> str:
        return f"{{{self._namespace}}}:{kind}:{name}"


def _ms(seconds: float) -> int:
    return round(seconds * 1_000)
