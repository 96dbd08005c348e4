"""Rate limits: exact over processes, fair in time, all or nothing, and never a reason to fail when Redis is away."""

import asyncio
import os
import random
import signal
import time
from collections.abc import AsyncIterator
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis

from samovar.embedded.redis import RedisServer
from samovar.kit.errors import Unavailable
from samovar.kit.limits import _HIT, LIMITS_MAX, LOCAL_KEYS_MAX, Decision, Limits, _Bucket
from samovar.kit.redis import Scripts, connect
from samovar.kit.routes import RateLimit
from samovar.kit.settings import Secret
from samovar.testing.clock import FakeClock

PATIENCE_S = 10.0
DAY_US = 86_400 * 1_000_000

rate_limits = st.builds(RateLimit, st.integers(1, 50), st.integers(1, 3_600))
gaps_us = st.lists(st.integers(0, 10**8), max_size=120)


@pytest.fixture
def limits(redis: Redis) -> Limits:
    return Limits(redis, "test")


@pytest.fixture
async def other(redis: Redis, redis_url: str) -> AsyncIterator[Limits]:
    """Return the limits of another process."""
    database = redis.connection_pool.connection_kwargs["db"]
    async with Redis.from_url(redis_url, db=database) as client:
        yield Limits(client, "test")


def passed(bucket: _Bucket, arrivals_us: list[int]) -> list[int]:
    """Return the times of the requests that pass."""
    full_at_us, times = 0, []
    for now_us in arrivals_us:
        full_at_us = max(now_us, full_at_us)
        if bucket.decide(now_us, full_at_us).allowed:
            full_at_us += bucket.refill_us
            times.append(now_us)
    return times


@given(rate_limits, st.data())
def test_no_span_of_time_sees_more_than_the_bucket_and_its_refill(
    limit: RateLimit, data: st.DataObject
) -> None:
    bucket = _Bucket.of(limit)
    greedy = st.sampled_from([0, 1, bucket.refill_us - 1, bucket.refill_us])
    gaps = [0] * limit.requests + data.draw(st.lists(greedy | st.integers(0, 10**8), max_size=60))
    times = passed(bucket, list(accumulate(gaps)))
    for first, start_us in enumerate(times):
        for last in range(first, len(times)):
            refilled = last - first + 1 - limit.requests
            assert refilled * limit.per_s * 1_000_000 <= (times[last] - start_us) * limit.requests


@given(rate_limits, gaps_us)
def test_who_keeps_to_the_rate_is_never_refused(limit: RateLimit, gaps: list[int]) -> None:
    bucket = _Bucket.of(limit)
    arrivals = list(accumulate(gap + bucket.refill_us for gap in gaps))
    assert passed(bucket, arrivals) == arrivals


@given(rate_limits, st.integers(0, 60))
def test_a_decision_tells_the_truth_about_what_comes_next(limit: RateLimit, taken: int) -> None:
    bucket, now_us = _Bucket.of(limit), 10**9
    full_at_us = now_us + min(taken, limit.requests) * bucket.refill_us
    decision = bucket.decide(now_us, full_at_us)
    if decision.allowed:
        after_us = full_at_us + bucket.refill_us
        for _ in range(decision.remaining):
            assert bucket.decide(now_us, after_us).allowed
            after_us += bucket.refill_us
        assert not bucket.decide(now_us, after_us).allowed
        assert round(decision.reset_s * 1e6) == full_at_us + bucket.refill_us - now_us
    else:
        later_us = now_us + round(decision.retry_after_s * 1e6)
        assert bucket.decide(later_us, full_at_us).allowed
        assert not bucket.decide(later_us - 1, full_at_us).allowed


async def test_the_script_does_what_the_model_says(redis: Redis) -> None:
    chance, scripts = random.Random(42), Scripts(redis)
    for number in range(20):
        key = f"model:{number}"
        bucket = _Bucket.of(RateLimit(chance.randrange(1, 5), chance.choice((1, 60))))
        full_at_us = 0
        for _ in range(10):
            now_us, found_us = await scripts.run(_HIT, [key], bucket.refill_us, bucket.all_us)
            full_at_us = max(now_us, full_at_us)
            assert found_us == full_at_us
            if bucket.decide(now_us, full_at_us).allowed:
                full_at_us += bucket.refill_us


async def test_a_limit_is_exact_over_processes(limits: Limits, other: Limits) -> None:
    decisions = await asyncio.gather(
        *(where.hit("login:1", RateLimit(5, per_s=3_600)) for where in (limits, other) * 20)
    )
    assert sorted(d.remaining for d in decisions if d.allowed) == [0, 1, 2, 3, 4]
    assert all(d.retry_after_s > 0 for d in decisions if not d.allowed)


async def test_one_account_is_not_limited_by_another(limits: Limits, redis: Redis) -> None:
    limit = RateLimit(1, per_s=3_600)
    assert (await limits.hit("login:1", limit)).allowed
    assert not (await limits.hit("login:1", limit)).allowed
    assert (await limits.hit("login:2", limit)).allowed
    assert (await Limits(redis, "catalog").hit("login:1", limit)).allowed


async def test_a_bucket_refills_in_the_time_of_redis(limits: Limits) -> None:
    limit, ends = RateLimit(4, per_s=1), time.monotonic() + PATIENCE_S
    while (await limits.hit("login:1", limit)).allowed:
        assert time.monotonic() < ends
    while not (await limits.hit("login:1", limit)).allowed:
        assert time.monotonic() < ends
        await asyncio.sleep(0.01)


async def test_of_several_limits_all_are_taken_from_or_none(limits: Limits) -> None:
    wide, narrow = RateLimit(10, per_s=3_600), RateLimit(2, per_s=3_600)

    async def both() -> Decision:
        return await limits.hit_many({"address:1": wide, "account:1": narrow})

    assert [((d := await both()).allowed, d.limit, d.remaining) for _ in range(4)] == [
        (True, 2, 1),
        (True, 2, 0),
        (False, 2, 0),
        (False, 2, 0),
    ]
    assert (await limits.hit("address:1", wide)).remaining == 7


async def test_of_several_requests_each_is_counted_by_itself(limits: Limits) -> None:
    one, three = RateLimit(1, per_s=60), RateLimit(3, per_s=60)
    batch = [("login:1", one), ("login:1", one), ("login:2", three), ("login:2", three)]
    decisions = await limits.hit_each(batch)
    assert [(decision.allowed, decision.remaining) for decision in decisions] == [
        (True, 0),
        (False, 0),
        (True, 2),
        (True, 1),
    ]
    assert (await limits.hit("login:2", three)).remaining == 0


async def test_several_requests_are_counted_here_while_redis_is_away() -> None:
    async with connect(Secret("redis://127.0.0.1:1/0")) as nobody:
        limit = RateLimit(1, per_s=60)
        decisions = await Limits(nobody, "test").hit_each([("a:1", limit), ("a:1", limit), ("a:2", limit)])
        assert [decision.allowed for decision in decisions] == [True, False, True]


async def test_headers_are_whole_seconds_rounded_up() -> None:
    allowed = Decision(allowed=True, limit=20, remaining=3, reset_s=50.1, retry_after_s=0)
    refused = Decision(allowed=False, limit=20, remaining=0, reset_s=60, retry_after_s=2.2)
    assert allowed.headers() == {
        "RateLimit-Limit": "20",
        "RateLimit-Remaining": "3",
        "RateLimit-Reset": "51",
    }
    assert refused.headers() == {
        "RateLimit-Limit": "20",
        "RateLimit-Remaining": "0",
        "RateLimit-Reset": "60",
        "Retry-After": "3",
    }


async def test_a_clock_that_went_back_locks_nobody_out(limits: Limits, redis: Redis) -> None:
    seconds, _ = await redis.time()
    await redis.set("{test}:limit:login:1", seconds * 1_000_000 + DAY_US)
    decision = await limits.hit("login:1", RateLimit(5, per_s=10))
    assert not decision.allowed
    assert decision.retry_after_s <= 2
    assert decision.reset_s <= 10


async def test_a_full_bucket_takes_no_memory(limits: Limits, redis: Redis) -> None:
    await limits.hit("login:1", RateLimit(5, per_s=10))
    assert 0 < await redis.pttl("{test}:limit:login:1") <= 2_000


async def test_no_limit_and_too_many_are_mistakes(limits: Limits) -> None:
    many = {f"n:{number}": RateLimit(1) for number in range(LIMITS_MAX + 1)}
    for wrong in ({}, many):
        with pytest.raises(ValueError, match="limits at once"):
            await limits.hit_many(wrong)


async def test_while_redis_is_away_each_process_counts_for_itself(tmp_path: Path) -> None:
    clock = FakeClock()
    limit = RateLimit(3, per_s=30)
    async with RedisServer(tmp_path) as server, connect(Secret(f"{server.url}/0")) as client:
        limits = Limits(client, "test", monotonic=clock.monotonic)
        assert (await limits.hit("login:1", limit)).remaining == 2
        assert server.pid
        os.kill(server.pid, signal.SIGKILL)
        await server.wait()
        assert [(await limits.hit("login:1", limit)).allowed for _ in range(4)] == [True, True, True, False]
        clock.advance(10)
        assert [(await limits.hit("login:1", limit)).allowed for _ in range(2)] == [True, False]
        assert (await limits.hit_many({"login:1": limit, "address:1": limit})).allowed is False
        assert (await limits.hit("address:1", limit)).remaining == 2
        with pytest.raises(Unavailable):
            await limits.hit("login:2", limit, when_away="closed")
        await server.start()
        ends = time.monotonic() + PATIENCE_S
        while True:
            assert time.monotonic() < ends
            try:
                assert (await limits.hit("login:3", limit, when_away="closed")).remaining == 2
            except Unavailable:
                await asyncio.sleep(0.01)
            else:
                break


async def test_counting_here_has_a_limit_of_its_own() -> None:
    async with connect(Secret("redis://127.0.0.1:1/0")) as nobody:
        limits = Limits(nobody, "test")
        for number in range(LOCAL_KEYS_MAX + 10):
            assert (await limits.hit(f"login:{number}", RateLimit(1, per_s=3_600))).allowed
        assert len(limits._local) == LOCAL_KEYS_MAX
        assert not (await limits.hit(f"login:{LOCAL_KEYS_MAX}", RateLimit(1, per_s=3_600))).allowed
