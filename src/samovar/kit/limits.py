"""Rate limits over all processes: GCRA, the algorithm of ATM switches, in one Lua script on the clock of Redis.

    decision = await limits.hit(f"login:{account_id}", RateLimit(20, per_s=60))
    if not decision.allowed:
        raise RateLimited(retry_after_s=decision.retry_after_s)

A limit of `requests` in `per_s` seconds is a bucket that holds `requests` and is refilled one by one, each
`per_s / requests` seconds. So a burst of `requests` is allowed at once, and in any span of t seconds never more than
`requests + t × requests / per_s`. Of each key only one number is kept: the time at which its bucket will be full again
(«theoretical arrival time», ITU-T I.371, annex A). A refused request takes nothing.

Redis away: by default each process counts for itself, so a limit holds in every process and no request is lost. With
`when_away="closed"` the answer is `Unavailable`, for what must never be tried too often, such as passwords.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Literal

import msgspec
from prometheus_client import Counter
from redis.asyncio import Redis

from samovar.kit import metrics
from samovar.kit.errors import Unavailable
from samovar.kit.redis import Script, Scripts
from samovar.kit.routes import RateLimit

LIMITS_MAX = 16
BATCH_MAX = 256
LOCAL_KEYS_MAX = 10_000

# KEYS: one a limit  ARGV: µs to refill one, µs to refill all; for each limit
# All limits are looked at before one is taken from. A bucket cannot be more than empty: this mends what a clock that went
# back, or a limit that was changed, left behind.
_HIT = Script("""
local time = redis.call('TIME')
local now = time[1] * 1e6 + time[2]
local answer, allowed = {now}, true
for i = 1, #KEYS do
  local full_at = tonumber(redis.call('GET', KEYS[i])) or 0
  answer[i + 1] = math.max(now, math.min(full_at, now + ARGV[2 * i]))
  if answer[i + 1] + ARGV[2 * i - 1] > now + ARGV[2 * i] then allowed = false end
end
if allowed then
  for i = 1, #KEYS do
    local full_at = answer[i + 1] + ARGV[2 * i - 1]
    redis.call('SET', KEYS[i], string.format('%.0f', full_at), 'PX', math.ceil((full_at - now) / 1000))
  end
end
return answer
""")

# KEYS and ARGV as above, for each request. Each by itself, in this order: a refusal keeps none of the others out.
_HIT_EACH = Script("""
local time = redis.call('TIME')
local now = time[1] * 1e6 + time[2]
local answer = {now}
for i = 1, #KEYS do
  local full_at = math.min(tonumber(redis.call('GET', KEYS[i])) or 0, now + ARGV[2 * i])
  answer[i + 1] = math.max(now, full_at)
  full_at = answer[i + 1] + ARGV[2 * i - 1]
  if full_at <= now + ARGV[2 * i] then
    redis.call('SET', KEYS[i], string.format('%.0f', full_at), 'PX', math.ceil((full_at - now) / 1000))
  end
end
return answer
""")


class Decision(msgspec.Struct, frozen=True):
    """Whether a request may pass, and what to tell its sender.

    Attributes:
        limit: How many requests the bucket holds.
        remaining: How many of them are left now.
        reset_s: When the bucket will be full again, in seconds.
        retry_after_s: When the next request may pass, in seconds; 0 where this one was allowed.
    """

    allowed: bool
    limit: int
    remaining: int
    reset_s: float
    retry_after_s: float

    def headers(self) -> dict[str, str]:
        """Return `RateLimit-*`, and `Retry-After` with a refusal, in whole seconds rounded up."""
        headers = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(math.ceil(self.reset_s)),
        }
        return headers if self.allowed else headers | {"Retry-After": str(math.ceil(self.retry_after_s))}


class _Bucket(msgspec.Struct, frozen=True):
    """A limit in µs."""

    limit: int
    refill_us: int

    @classmethod
    def of(cls, limit: RateLimit) -> "_Bucket":
        # Rounded up: a limit may turn out a hair stricter, never looser.
        return cls(limit.requests, -(-limit.per_s * 1_000_000 // limit.requests))

    @property
    def all_us(self) -> int:
        return self.limit * self.refill_us

    def decide(self, now_us: int, full_at_us: int) -> Decision:
        """Return the decision for a bucket that would be full again at `full_at_us` without this request."""
        wait_us = full_at_us + self.refill_us - self.all_us - now_us
        if wait_us > 0:
            return Decision(False, self.limit, 0, (full_at_us - now_us) / 1e6, wait_us / 1e6)
        return Decision(
            True, self.limit, -wait_us // self.refill_us, (full_at_us + self.refill_us - now_us) / 1e6, 0
        )


class Limits:
    """The rate limits of one service.

    Args:
        redis: See `samovar.kit.redis.connect`.
        namespace: The service: its keys are its own.
        monotonic: Returns seconds that never go back, for counting while Redis is away.
    """

    def __init__(
        self, redis: Redis, namespace: str, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._scripts = Scripts(redis)
        self._namespace = namespace
        self._monotonic = monotonic
        self._local: OrderedDict[str, int] = OrderedDict()

    async def hit(
        self, key: str, limit: RateLimit, *, when_away: Literal["open", "closed"] = "open"
    ) -> Decision:
        """Count one request; see `hit_many`."""
        return await self.hit_many({key: limit}, when_away=when_away)

    async def hit_many(
        self, limits: Mapping[str, RateLimit], *, when_away: Literal["open", "closed"] = "open"
    ) -> Decision:
        """Count one request against several limits in one round trip: all of them or, when one refuses, none.

        Args:
            limits: The limit of each key; a key is `<name>:<who>`, the name is the metric's label.
            when_away: What to do without Redis: count in this process, or refuse to decide.

        Returns:
            The refusal that lasts longest, or else what the limit with the least left says.

        Raises:
            Unavailable: Redis is away and `when_away` is `closed`.
        """
        if not 0 < len(limits) <= LIMITS_MAX:
            raise ValueError(f"{len(limits)} limits at once")
        buckets = {key: _Bucket.of(limit) for key, limit in limits.items()}
        try:
            now_us, *full_at_us = await self._run(_HIT, buckets, buckets.values())
        except Unavailable:
            self._count(buckets, ["error"] * len(buckets))
            if when_away == "closed":
                raise
            return _tightest(self._hit_here(buckets))
        decisions = _decide(buckets.values(), now_us, full_at_us)
        self._count(buckets, [_outcome(decision) for decision in decisions])
        return _tightest(decisions)

    async def hit_each(self, requests: Sequence[tuple[str, RateLimit]]) -> list[Decision]:
        """Count several requests in one round trip, each against its own limit and by itself; for a door with many at once.

        Args:
            requests: The key and the limit of each. Without Redis they are counted in this process.
        """
        if not 0 < len(requests) <= BATCH_MAX:
            raise ValueError(f"{len(requests)} requests at once")
        keys, buckets = [key for key, _ in requests], [_Bucket.of(limit) for _, limit in requests]
        try:
            now_us, *full_at_us = await self._run(_HIT_EACH, keys, buckets)
        except Unavailable:
            self._count(keys, ["error"] * len(keys))
            return [
                decision
                for key, bucket in zip(keys, buckets, strict=True)
                for decision in self._hit_here({key: bucket})
            ]
        decisions = _decide(buckets, now_us, full_at_us)
        self._count(keys, [_outcome(decision) for decision in decisions])
        return decisions

    async def _run(self, script: Script, keys: Iterable[str], buckets: Iterable[_Bucket]) -> list[int]:
        answer: list[int] = await self._scripts.run(
            script,
            [f"{{{self._namespace}}}:limit:{key}" for key in keys],
            *(number for bucket in buckets for number in (bucket.refill_us, bucket.all_us)),
        )
        return answer

    def _hit_here(self, buckets: Mapping[str, _Bucket]) -> list[Decision]:
        """Do what the script does, in this process alone."""
        now_us = int(self._monotonic() * 1e6)
        full_at_us = [max(now_us, self._local.get(key, 0)) for key in buckets]
        decisions = _decide(buckets.values(), now_us, full_at_us)
        if all(decision.allowed for decision in decisions):
            for (key, bucket), at_us in zip(buckets.items(), full_at_us, strict=True):
                self._local[key] = at_us + bucket.refill_us
                self._local.move_to_end(key)
            while len(self._local) > LOCAL_KEYS_MAX:
                self._local.popitem(last=False)
        return decisions

    def _count(self, keys: Iterable[str], outcomes: Iterable[str]) -> None:
        for key, outcome in zip(keys, outcomes, strict=True):
            _decisions(self._namespace, key.partition(":")[0], outcome).inc()


def _decide(buckets: Iterable[_Bucket], now_us: int, full_at_us: Iterable[int]) -> list[Decision]:
    return [bucket.decide(now_us, at_us) for bucket, at_us in zip(buckets, full_at_us, strict=True)]


def _outcome(decision: Decision) -> str:
    return "allowed" if decision.allowed else "refused"


def _tightest(decisions: Iterable[Decision]) -> Decision:
    return max(decisions, key=lambda decision: (decision.retry_after_s, -decision.remaining))


@lru_cache(maxsize=1_024)
def _decisions(namespace: str, name: str, decision: str) -> Counter:
    return metrics.LIMIT_DECISIONS.labels(namespace, name, decision)
