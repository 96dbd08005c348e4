"""The response cache: one fetch for all, stale while renewed, purged by tags, bounded."""

import asyncio
from typing import Any

import msgspec
import pytest

from samovar.kit.errors import Unavailable
from samovar.kit.routes import Cache
from samovar.services.gateway.edge import cache
from samovar.services.gateway.edge.cache import ENTRY_BYTES, Fetched, ResponseCache, Served
from samovar.testing.clock import FakeClock

RULE = Cache(ttl_s=10, stale_s=100, tags=("shop.v1.thing_sold",))


class Source:
    """A service whose answers the test holds back.

    Attributes:
        fetches: How often it was asked.
    """

    def __init__(self) -> None:
        self.fetches = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()
        self.away = False
        self.answer: dict[str, Any] = {}

    async def fetch(self) -> Fetched:
        self.fetches += 1
        number = self.fetches
        await self.may_answer.wait()
        if self.away:
            raise Unavailable("away")
        answer = Fetched(200, (), f"answer {number}".encode())
        return msgspec.structs.replace(answer, **self.answer)


class Kept:
    """A cache over one source."""

    def __init__(self, clock: FakeClock, bytes_max: int = 1_000_000) -> None:
        self.clock = clock
        self.source = Source()
        self.cache = ResponseCache(bytes_max, monotonic=clock.monotonic)

    async def get(self, key: str = "key") -> Served:
        return await self.cache.get(key, "route", RULE, self.source.fetch)

    async def body(self, key: str = "key") -> str:
        return (await self.get(key)).kept.answer.body.decode()

    async def settle(self) -> None:
        """Let what runs behind come to its end."""
        await asyncio.gather(
            *(flight.task for flight in self.cache._flights.values()), return_exceptions=True
        )


@pytest.fixture
def kept(clock: FakeClock) -> Kept:
    return Kept(clock)


async def test_an_answer_is_fetched_once_for_all_who_ask_at_once(kept: Kept) -> None:
    answers = await asyncio.gather(*(kept.get() for _ in range(20)))
    assert (kept.source.fetches, {answer.outcome for answer in answers}) == (1, {"miss"})
    kept.clock.advance(9)
    again = await kept.get()
    assert (again.outcome, again.age_s, kept.source.fetches) == ("hit", 9, 1)


async def test_who_gives_up_does_not_stop_the_others(kept: Kept) -> None:
    kept.source.may_answer.clear()
    impatient = asyncio.create_task(kept.get())
    patient = asyncio.create_task(kept.get())
    await asyncio.sleep(0)
    impatient.cancel()
    kept.source.may_answer.set()
    assert (await patient).kept.answer.body == b"answer 1"
    assert impatient.cancelled()


async def test_an_answer_is_served_no_longer_than_it_holds_by_its_own_word(kept: Kept) -> None:
    kept.source.answer = {"max_age_s": 12}
    assert await kept.body() == "answer 1"
    kept.clock.advance(11)
    assert (await kept.get()).outcome == "stale"
    await kept.settle()
    kept.clock.advance(12)
    assert (await kept.get()).outcome == "miss"


async def test_a_stale_answer_is_served_while_one_renews_it(kept: Kept) -> None:
    await kept.get()
    kept.clock.advance(11)
    kept.source.may_answer.clear()
    stale = [await kept.get() for _ in range(5)]
    assert {answer.outcome for answer in stale} == {"stale"}
    kept.source.may_answer.set()
    await kept.settle()
    assert (await kept.body(), kept.source.fetches) == ("answer 2", 2)


async def test_a_stale_answer_outlives_its_service_for_a_while(kept: Kept) -> None:
    await kept.get()
    kept.source.away = True
    kept.clock.advance(50)
    for _ in range(5):
        assert await kept.body() == "answer 1"
        await kept.settle()
    assert kept.source.fetches == 2  # Not asked again by each of them.
    kept.clock.advance(2)
    await kept.get()
    await kept.settle()
    assert kept.source.fetches == 3
    kept.clock.advance(100)
    with pytest.raises(Unavailable):
        await kept.get()
    kept.source.away = False
    assert await kept.body() == "answer 5"


async def test_a_server_fault_does_not_replace_what_is_kept(kept: Kept) -> None:
    await kept.get()
    kept.clock.advance(50)
    kept.source.answer = {"status": 500}
    await kept.get()
    await kept.settle()
    assert await kept.body() == "answer 1"


async def test_a_thing_that_is_gone_is_forgotten(kept: Kept) -> None:
    await kept.get()
    kept.clock.advance(50)
    kept.source.answer = {"status": 404}
    await kept.get()
    await kept.settle()
    gone = await kept.get()
    assert (gone.outcome, gone.kept.answer.status) == ("miss", 404)


async def test_an_event_purges(kept: Kept) -> None:
    await kept.get()
    kept.cache.purge("shop.v1.something_else")
    assert (await kept.get()).outcome == "hit"
    kept.cache.purge("shop.v1.thing_sold")
    assert await kept.body() == "answer 2"


async def test_what_was_being_fetched_while_its_tag_was_purged_is_old(kept: Kept) -> None:
    kept.source.may_answer.clear()
    before = asyncio.create_task(kept.body())
    await asyncio.sleep(0)
    kept.cache.purge("shop.v1.thing_sold")
    after = asyncio.create_task(kept.body())
    await asyncio.sleep(0)
    kept.source.may_answer.set()
    assert (await before, await after) == ("answer 1", "answer 2")
    assert await kept.body() == "answer 2"
    assert kept.source.fetches == 2


@pytest.mark.parametrize(
    "answer",
    [{"status": 404}, {"status": 301}, {"keepable": False}, {"body": b"x" * (cache.ANSWER_BYTES_MAX + 1)}],
)
async def test_not_every_answer_is_kept(kept: Kept, answer: dict[str, Any]) -> None:
    kept.source.answer = answer
    assert [(await kept.get()).outcome for _ in range(2)] == ["miss", "miss"]
    assert kept.cache.size_bytes == 0


async def test_the_least_used_make_room(clock: FakeClock) -> None:
    kept = Kept(clock, bytes_max=3 * (ENTRY_BYTES + 100))
    for key in ("a", "b", "c", "a", "d"):
        await kept.get(key)
    assert kept.cache.size_bytes <= 3 * (ENTRY_BYTES + 100)
    assert [(await kept.get(key)).outcome for key in ("a", "d", "b")] == ["hit", "hit", "miss"]


async def test_memory_stays_bounded_whatever_comes(clock: FakeClock) -> None:
    kept = Kept(clock, bytes_max=100_000)
    for number in range(5_000):
        await kept.get(str(number))
    assert kept.cache.size_bytes <= 100_000
    assert len(kept.cache._kept) <= 100_000 // ENTRY_BYTES
