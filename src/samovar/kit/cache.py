"""Values kept in Redis for a while: loaded once however many ask, served stale while being renewed, purged by tags.

    game = await cache.get_or_load(
        f"game:{game_id}", lambda: repository.game(game_id), into=Game,
        ttl_s=30, stale_s=300, tags=(f"game:{game_id}",),
    )
    await cache.purge(f"game:{game_id}")

How it stays right:

- A tag has a version in Redis. An entry carries the versions that its tags had *before* its value was loaded and counts
  only while they are the present ones. So a purge is one step however many entries there are, and a value that was being
  loaded while its tag was purged reaches nobody who asked after that. A version that was evicted or lost makes its
  entries count no more; the new one differs from every earlier one, being the time in µs.
- Whoever finds no entry takes a short lock and loads. Others, in all processes, serve the stale value, or wait for the new
  one for at most `WAIT_S` and then load for themselves. After a purge the lock of an older load binds nobody.
- Freshness is the time that Redis has left for the entry, so clocks of processes do not matter.

What it cannot do: a failover to a replica may lose the latest purge; the entry then lives until its time is over. While
Redis is away every value is loaded straight, once at a time in each process, and `purge` fails, so that the event which
asked for it comes again.
"""

import asyncio
import contextlib
import hashlib
import itertools
import random
import secrets
import time
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any, Generic, TypeVar, cast

import msgspec
import structlog
from prometheus_client import Counter
from redis.asyncio import Redis

from samovar.kit import deadline, metrics
from samovar.kit.errors import DeadlineExceeded, Unavailable
from samovar.kit.redis import Script, Scripts

LOAD_TIMEOUT_S = 10.0
WAIT_S = 1.0
POLL_S_MIN = 0.01
POLL_S_MAX = 0.1
VALUE_BYTES_MAX = 1_048_576
KEY_LENGTH_MAX = 256
TAGS_MAX = 16
TAG_TTL_S = 30 * 24 * 3_600
JITTER = 0.1  # Entries that were made together do not all run out together.

T = TypeVar("T")

log = structlog.get_logger(__name__)

# KEYS: entry, lock, tags…  ARGV: stale_ms, token, lock_ms, tag_ms, "1" to overlook what is there
# The lock holds the versions that its owner loads for, then the token.
_READ = Script("""
local versions = {}
for i = 3, #KEYS do
  local version = redis.call('GET', KEYS[i])
  if not version then
    local time = redis.call('TIME')
    version = string.format('%.0f', time[1] * 1e6 + time[2])
    redis.call('SET', KEYS[i], version, 'PX', ARGV[4])
  end
  versions[i - 2] = version
end
local stamp = table.concat(versions, ',') .. ';'
local value = ARGV[5] == '' and redis.call('GET', KEYS[1])
if value and string.sub(value, 1, #stamp) ~= stamp then value = false end
if value and redis.call('PTTL', KEYS[1]) > tonumber(ARGV[1]) then return {'hit', stamp, value} end
local holder = redis.call('GET', KEYS[2])
if holder and holder ~= stamp .. ARGV[2] and string.sub(holder, 1, #stamp) == stamp then
  return {value and 'stale' or 'busy', stamp, value}
end
redis.call('SET', KEYS[2], stamp .. ARGV[2], 'PX', ARGV[3])
return {value and 'renew' or 'load', stamp, value}
""")

# KEYS: entry, lock, tags…  ARGV: stamp, token, ttl_ms, entry (empty: there is nothing to keep)
# Whoever finished first may store, lock or no lock, as long as no tag was purged since the load began.
_KEEP = Script("""
local versions = {}
for i = 3, #KEYS do versions[i - 2] = redis.call('GET', KEYS[i]) or '' end
if ARGV[4] ~= '' and table.concat(versions, ',') .. ';' == ARGV[1] then
  redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[3])
end
if redis.call('GET', KEYS[2]) == ARGV[1] .. ARGV[2] then redis.call('DEL', KEYS[2]) end
""")

# KEYS: tags…  ARGV: tag_ms
_PURGE = Script("""
local time = redis.call('TIME')
for i = 1, #KEYS do
  local version = math.max(time[1] * 1e6 + time[2], (tonumber(redis.call('GET', KEYS[i])) or 0) + 1)
  redis.call('SET', KEYS[i], string.format('%.0f', version), 'PX', ARGV[1])
end
""")


class _Wish(msgspec.Struct, Generic[T], frozen=True):
    """What a caller of `get_or_load` asked for.

    Attributes:
        keys: Of the entry, of the lock, then of the tags.
        token: Tells this caller from others.
    """

    keys: list[str]
    token: str
    name: str
    load: Callable[[], Awaitable[T]]
    into: Any
    ttl_s: float
    stale_s: float


class _Flight(msgspec.Struct, frozen=True):
    """A load under way in this process, and the versions of the tags that it loads for; empty while Redis is away."""

    stamp: bytes
    task: asyncio.Task[Any]


class Cache:
    """The cache of one service.

    Args:
        redis: See `samovar.kit.redis.connect`.
        namespace: The service: it sees no other's entries.
        chance: Returns a number from 0 to 1, for the jitter.
    """

    def __init__(self, redis: Redis, namespace: str, *, chance: Callable[[], float] = random.random) -> None:
        self._scripts = Scripts(redis)
        self._namespace = namespace
        self._chance = chance
        self._owner = secrets.token_hex(8)
        self._turns = itertools.count()
        self._flights: dict[str, _Flight] = {}

    async def get_or_load(
        self,
        key: str,
        load: Callable[[], Awaitable[T]],
        *,
        into: type[T],
        ttl_s: float,
        stale_s: float = 0,
        tags: tuple[str, ...] = (),
    ) -> T:
        """Return the value kept under `key`, or load it. Treat it as read-only: other callers may hold the same object.

        Args:
            key: `<name>:<what>`; the name is the metric's label.
            load: Makes the value. Runs once for all who ask, so it must not depend on who asks.
            into: The type of the value, which must survive MessagePack.
            ttl_s: How long the value is fresh; a tenth more or less.
            stale_s: How long after that it may still be served while one caller renews it.
            tags: What purges it.

        Raises:
            DeadlineExceeded: Loading took longer than `LOAD_TIMEOUT_S`.
        """
        name, colon, _ = key.partition(":")
        if not colon or len(tags) > TAGS_MAX or ttl_s <= 0:
            raise ValueError(
                f"{key!r}: a key is <name>:<what>, has at most {TAGS_MAX} tags and a time to live"
            )
        if len(key) > KEY_LENGTH_MAX:
            key = f"{name}:{hashlib.sha256(key.encode()).hexdigest()}"
        entry = self._key("cache", key)
        keys = [entry, f"{entry}:lock", *(self._key("tag", tag) for tag in tags)]
        return await self._get(
            _Wish(keys, f"{self._owner}{next(self._turns)}", name, load, into, ttl_s, stale_s)
        )

    async def purge(self, *tags: str) -> None:
        """Make every entry with one of `tags` count no more, for all callers that ask after this returned.

        Raises:
            Unavailable: Redis is away. The entries may come back with it, so try again.
        """
        await self._scripts.run(_PURGE, [self._key("tag", tag) for tag in tags], _ms(TAG_TTL_S))

    async def _get(self, wish: _Wish[T]) -> T:
        patience_ends, pause_s, overlook = time.monotonic() + WAIT_S, POLL_S_MIN, ""
        while True:
            state, stamp, entry = await self._read(wish, overlook)
            overlook = ""
            if entry is not None:
                try:
                    value: T = _decoder(wish.into).decode(memoryview(entry)[len(stamp) :])
                except (msgspec.DecodeError, UnicodeDecodeError):
                    overlook = "1"  # Another release wrote it in another form.
                    continue
                if state == b"renew":
                    self._start(wish, stamp, renew=True)
                _reads(self._namespace, wish.name, "hit" if state == b"hit" else "stale").inc()
                return value
            flight = self._flights.get(wish.keys[0])
            joinable = flight is not None and flight.stamp == stamp
            if state == b"busy" and not joinable and time.monotonic() < patience_ends:
                await asyncio.sleep(pause_s)
                pause_s = min(2 * pause_s, POLL_S_MAX)
                continue
            if flight is None or not joinable or state == b"load":
                flight = self._start(wish, stamp)
            _reads(self._namespace, wish.name, "error" if state == b"away" else "miss").inc()
            # One caller giving up must not take the value away from the others.
            return cast("T", await asyncio.shield(flight.task))

    async def _read(self, wish: _Wish[Any], overlook: str) -> tuple[bytes, bytes, bytes | None]:
        """Return what to do, the present versions of the tags, and the entry if there is one that counts."""
        lock_ms, tag_ms = _ms(LOAD_TIMEOUT_S), _ms(TAG_TTL_S)
        try:
            state, stamp, entry = await self._scripts.run(
                _READ, wish.keys, _ms(wish.stale_s), wish.token, lock_ms, tag_ms, overlook
            )
        except Unavailable:
            return b"away", b"", None
        return state, stamp, entry

    def _start(self, wish: _Wish[Any], stamp: bytes, *, renew: bool = False) -> _Flight:
        """Begin to load, for all callers of this process."""
        entry_key = wish.keys[0]
        flight = _Flight(stamp, asyncio.create_task(self._load(wish, stamp, renew=renew)))
        self._flights[entry_key] = flight

        def landed(task: asyncio.Task[Any]) -> None:
            if self._flights.get(entry_key) is flight:
                del self._flights[entry_key]
            error = None if task.cancelled() else task.exception()
            if error and renew:
                log.warning("cache entry not renewed", cache=wish.name, error=str(error))

        flight.task.add_done_callback(landed)
        return flight

    async def _load(self, wish: _Wish[T], stamp: bytes, *, renew: bool) -> T:
        began = time.perf_counter()
        content = b""
        try:
            with deadline.afresh(LOAD_TIMEOUT_S):
                async with asyncio.timeout(LOAD_TIMEOUT_S):
                    value = await wish.load()
            content = msgspec.msgpack.encode(value)
        except TimeoutError:
            raise DeadlineExceeded(f"loading {wish.keys[0]}") from None
        finally:
            # When renewing failed, the lock stays until it runs out: a source in trouble is not asked at every read.
            if stamp and (content or not renew):
                await self._keep(wish, stamp, content)
        metrics.CACHE_LOAD_SECONDS.labels(self._namespace, wish.name).observe(time.perf_counter() - began)
        return value

    async def _keep(self, wish: _Wish[Any], stamp: bytes, content: bytes) -> None:
        """Store what was loaded, if anything, and free the lock if it is ours."""
        if len(content) > VALUE_BYTES_MAX:
            log.warning("value is too large for the cache", cache=wish.name, size_bytes=len(content))
            content = b""
        ttl_ms = _ms(wish.ttl_s * (1 + JITTER * (2 * self._chance() - 1)) + wish.stale_s)
        with contextlib.suppress(Unavailable):
            await self._scripts.run(
                _KEEP, wish.keys, stamp, wish.token, ttl_ms, stamp + content if content else b""
            )

    def _key(self, kind: str, name: str) -> str:
        return f"{{{self._namespace}}}:{kind}:{name}"


@lru_cache(maxsize=1_024)
def _reads(namespace: str, name: str, outcome: str) -> Counter:
    return metrics.CACHE_READS.labels(namespace, name, outcome)


@lru_cache(maxsize=1_024)
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind)


def _ms(seconds: float) -> int:
    return round(seconds * 1_000)
