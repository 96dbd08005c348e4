"""The only whole-response cache: public answers that are the same for everyone, kept in this process's memory.

Fresh answers cost no call. A stale one is served at once while one request fetches the next (RFC 5861), and goes on being
served while its service is away. An event named in a route's tags purges all answers of that route; one that was being
fetched meanwhile is not kept. Envoy's own cache filter evicts nothing and keeps no answer with `Vary`: hence this one.
"""

import asyncio
import hashlib
import time
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Sequence

import msgspec
import structlog

from samovar.kit import metrics

ANSWER_BYTES_MAX = 1_048_576
_OK = 200

log = structlog.get_logger(__name__)


class Fetched(msgspec.Struct, frozen=True):
    """What a service answered."""

    status: int
    media_type: str
    body: bytes


class Rule(msgspec.Struct, frozen=True):
    """How answers of one route are kept; see `kit.routes.Cache`."""

    ttl_s: int
    stale_s: int
    tags: tuple[str, ...]


class Kept(msgspec.Struct, frozen=True):
    """An answer in the cache.

    Attributes:
        etag: A strong validator made of the body.
        at: When it was fetched, seconds of the monotonic clock.
    """

    answer: Fetched
    etag: str
    at: float
    tags: tuple[str, ...]


class Served(msgspec.Struct, frozen=True):
    """An answer and where it came from: `hit`, `stale` or `miss`; `age_s` counts from its fetching."""

    kept: Kept
    outcome: str
    age_s: int


Fetch = Callable[[], Awaitable[Fetched]]


class ResponseCache:
    """Answers by key, the least used dropped first when `bytes_max` is reached."""

    def __init__(self, bytes_max: int, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._bytes_max = bytes_max
        self._monotonic = monotonic
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0
        self._purges: defaultdict[str, int] = defaultdict(int)
        self._flights: dict[str, asyncio.Task[Kept]] = {}

    async def get(self, key: str, rule: Rule, fetch: Fetch) -> Served:
        """Return the answer under `key`, fetching it when it must be.

        Raises:
            Exception: What `fetch` raised, when there is nothing stale to serve instead.
        """
        kept = self._kept.get(key)
        age_s = self._monotonic() - kept.at if kept else 0.0
        if kept and age_s < rule.ttl_s:
            self._kept.move_to_end(key)
            return self._served(kept, "hit")
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = asyncio.create_task(self._fetch(key, rule, fetch))
            flight.add_done_callback(lambda _: self._flights.pop(key, None))
        if kept and age_s < rule.ttl_s + rule.stale_s:
            flight.add_done_callback(_note_failure)
            return self._served(kept, "stale")
        # One caller that gives up must not stop the fetch that others wait for.
        return self._served(await asyncio.shield(flight), "miss")

    def purge(self, tag: str) -> None:
        """Forget every answer that carries `tag`, and do not keep those that are being fetched."""
        self._purges[tag] += 1
        for key in [key for key, kept in self._kept.items() if tag in kept.tags]:
            self._drop(key)

    async def _fetch(self, key: str, rule: Rule, fetch: Fetch) -> Kept:
        purges = self._purges_of(rule.tags)
        started = time.perf_counter()
        answer = await fetch()
        metrics.CACHE_LOAD_SECONDS.labels("gateway", "responses").observe(time.perf_counter() - started)
        etag = '"' + hashlib.blake2b(answer.body, digest_size=12).hexdigest() + '"'
        kept = Kept(answer, etag, self._monotonic(), rule.tags)
        if (
            answer.status == _OK
            and len(answer.body) <= ANSWER_BYTES_MAX
            and purges == self._purges_of(rule.tags)
        ):
            self._drop(key)
            self._kept[key] = kept
            self._bytes += len(answer.body)
            while self._bytes > self._bytes_max:
                self._drop(next(iter(self._kept)))
        return kept

    def _purges_of(self, tags: Sequence[str]) -> list[int]:
        return [self._purges[tag] for tag in tags]

    def _drop(self, key: str) -> None:
        if kept := self._kept.pop(key, None):
            self._bytes -= len(kept.answer.body)

    def _served(self, kept: Kept, outcome: str) -> Served:
        metrics.CACHE_READS.labels("gateway", "responses", outcome).inc()
        return Served(kept, outcome, max(0, int(self._monotonic() - kept.at)))


def _note_failure(flight: asyncio.Task[Kept]) -> None:
    if not flight.cancelled() and flight.exception():
        log.warning("a stale answer could not be renewed", error=repr(flight.exception()))
