"""The only whole-response cache: public answers that are the same for everyone, kept in this process's memory.

Fresh answers cost no call. A stale one is served at once while one request fetches the next (RFC 5861), and goes on being
served while its service is away. An event named in a route's tags purges all answers of that route; one that was being
fetched meanwhile is not kept, and nobody who asks afterwards waits for it. Envoy's own cache filter evicts nothing and keeps no
answer with `Vary`: hence this one.
"""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Literal

import msgspec
import structlog
from prometheus_client import Counter

from samovar.kit import metrics
from samovar.kit.routes import Cache

ANSWER_BYTES_MAX = 1_048_576
# What an entry takes besides its body: key, headers, Python's own.
ENTRY_BYTES = 1_024
# A service in trouble is not asked again by every request that a stale answer serves.
RENEW_AGAIN_S = 1.0
_OK, _SERVER_FAULT = 200, 500

Outcome = Literal["hit", "stale", "miss"]
log = structlog.get_logger(__name__)


class Fetched(msgspec.Struct, frozen=True):
    """What a service answered.

    Attributes:
        headers: Those that clients may see, names in lower case.
        keepable: Whether the answer itself allows to be kept for others.
        max_age_s: For how long at most it holds, fresh or stale, by its own word: a price until its discount ends.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    keepable: bool = True
    max_age_s: int | None = None


class Kept(msgspec.Struct):
    """An answer in the cache.

    Attributes:
        etag: A validator made of the body.
        at: When it was fetched, seconds of the monotonic clock.
        renewed_from: When it may be fetched again, after fetching failed.
    """

    answer: Fetched
    etag: str
    at: float
    tags: tuple[str, ...]
    renewed_from: float = 0.0


class Served(msgspec.Struct, frozen=True):
    """An answer and where it came from; `age_s` counts from its fetching."""

    kept: Kept
    outcome: Outcome
    age_s: int


class _Flight(msgspec.Struct, frozen=True):
    """A fetch under way."""

    task: asyncio.Task[Kept]
    tags: tuple[str, ...]


Fetch = Callable[[], Awaitable[Fetched]]


class ResponseCache:
    """Answers by key, the least used dropped first when `bytes_max` is reached."""

    def __init__(self, bytes_max: int, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._bytes_max = bytes_max
        self._monotonic = monotonic
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0
        self._flights: dict[str, _Flight] = {}

    @property
    def size_bytes(self) -> int:
        """The memory that answers take."""
        return self._bytes

    async def get(self, key: str, name: str, rule: Cache, fetch: Fetch) -> Served:
        """Return the answer under `key`, fetching it when it must be.

        Args:
            key: Route, path, query and language.
            name: The route, for metrics.
            rule: How long answers of the route are kept.
            fetch: Asks the service.

        Raises:
            Exception: What `fetch` raised, when there is nothing stale to serve instead.
        """
        kept, now = self._kept.get(key), self._monotonic()
        if kept and kept.answer.max_age_s is not None and now - kept.at >= kept.answer.max_age_s:
            kept = None
        if kept and now - kept.at < rule.ttl_s:
            self._kept.move_to_end(key)
            return self._served(kept, name, "hit")
        if kept and now - kept.at < rule.ttl_s + rule.stale_s:
            if key not in self._flights and now >= kept.renewed_from:
                self._take_off(key, name, rule, fetch)
            return self._served(kept, name, "stale")
        flight = self._flights.get(key) or self._take_off(key, name, rule, fetch)
        # One caller that gives up must not stop the fetch that others wait for.
        return self._served(await asyncio.shield(flight.task), name, "miss")

    def purge(self, tag: str) -> None:
        """Forget every answer that carries `tag`, and do not keep those that are being fetched."""
        for key in [key for key, kept in self._kept.items() if tag in kept.tags]:
            self._drop(key)
        for key in [key for key, flight in self._flights.items() if tag in flight.tags]:
            del self._flights[key]

    def _take_off(self, key: str, name: str, rule: Cache, fetch: Fetch) -> _Flight:
        flight = _Flight(asyncio.create_task(self._fetch(name, rule, fetch)), rule.tags)
        self._flights[key] = flight

        def landed(task: asyncio.Task[Kept]) -> None:
            error = None if task.cancelled() else task.exception()
            if error:
                log.warning("an answer could not be fetched", route=name, error=repr(error))
            if self._flights.get(key) is not flight:
                return  # Its tag was purged meanwhile.
            del self._flights[key]
            if not task.cancelled() and not error:
                self._land(key, task.result())
            elif kept := self._kept.get(key):
                kept.renewed_from = self._monotonic() + RENEW_AGAIN_S

        flight.task.add_done_callback(landed)
        return flight

    async def _fetch(self, name: str, rule: Cache, fetch: Fetch) -> Kept:
        started = time.perf_counter()
        answer = await fetch()
        metrics.CACHE_LOAD_SECONDS.labels("gateway", name).observe(time.perf_counter() - started)
        etag = '"' + hashlib.blake2b(answer.body, digest_size=12).hexdigest() + '"'
        return Kept(answer, etag, self._monotonic(), rule.tags)

    def _land(self, key: str, kept: Kept) -> None:
        answer = kept.answer
        if answer.status >= _SERVER_FAULT:
            return  # What is kept is better than that.
        self._drop(key)
        if answer.status == _OK and answer.keepable and len(answer.body) <= ANSWER_BYTES_MAX:
            self._kept[key] = kept
            self._bytes += _bytes_of(kept)
            while self._bytes > self._bytes_max:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: str) -> None:
        if kept := self._kept.pop(key, None):
            self._bytes -= _bytes_of(kept)

    def _served(self, kept: Kept, name: str, outcome: Outcome) -> Served:
        _reads(name, outcome).inc()
        return Served(kept, outcome, max(0, int(self._monotonic() - kept.at)))


@lru_cache(maxsize=1_024)
def _reads(name: str, outcome: Outcome) -> Counter:
    return metrics.CACHE_READS.labels("gateway", name, outcome)


def _bytes_of(kept: Kept) -> int:
    return len(kept.answer.body) + ENTRY_BYTES
