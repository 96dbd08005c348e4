"""Beginnings and ends are told once, at their time, and prices do not wait for it."""

import asyncio
from datetime import datetime

import msgspec

from samovar.kit.database import Database
from samovar.kit.events import Event
from samovar.services.catalog.contract.events import PricesChanged
from samovar.services.catalog.contract.prices_events import DiscountEnded, DiscountStarted
from samovar.services.catalog.prices.boundaries import repository
from samovar.services.catalog.prices.boundaries.use_cases import Boundaries
from tests.services.catalog.prices.conftest import DAY, START, HeldClock, cost, game, package, reduce


async def told(database: Database, kind: type[Event]) -> list[Event]:
    payloads = await database.fetch_value(
        "SELECT coalesce(array_agg(payload::text ORDER BY seq), '{}') FROM kit.outbox WHERE subject = $1",
        kind.subject,
    )
    return [msgspec.json.decode(payload, type=kind) for payload in payloads]


async def test_each_boundary_is_told_once_by_whoever_comes_first(own_database: Database) -> None:
    app_id = await game(own_database)
    package_id = await package(own_database, app_id)
    await cost(own_database, package_id, "RU", 59_900)
    discount_id = await reduce(own_database, package_id, 20, START, START + DAY)
    clock = HeldClock(START - DAY)
    boundaries = Boundaries(own_database, clock=clock)
    assert await boundaries.tell_due() == 0
    clock.at = START
    assert sum(await asyncio.gather(boundaries.tell_due(), boundaries.tell_due())) == 1
    (started,) = await told(own_database, DiscountStarted)
    assert isinstance(started, DiscountStarted)
    assert (started.discount_id, started.starts_at, started.percent) == (discount_id, START, 20)
    (changed,) = await told(own_database, PricesChanged)
    assert isinstance(changed, PricesChanged)
    assert (changed.package_ids, changed.app_ids) == ((package_id,), (app_id,))
    clock.at = START + DAY
    assert (await boundaries.tell_due(), await boundaries.tell_due()) == (1, 0)
    (ended,) = await told(own_database, DiscountEnded)
    assert isinstance(ended, DiscountEnded)
    assert (ended.discount_id, ended.ended_at, ended.has_held) == (discount_id, START + DAY, True)
    assert (
        await own_database.fetch_value("SELECT count(*) FROM search_changes WHERE app_id = $1", app_id) == 1
    )


async def test_a_process_that_slept_tells_of_both(own_database: Database) -> None:
    package_id = await package(own_database, await game(own_database))
    await reduce(own_database, package_id, 20, START, START + DAY)
    assert await Boundaries(own_database, clock=HeldClock(START + 9 * DAY)).tell_due() == 1
    assert len(await told(own_database, DiscountStarted)) == len(await told(own_database, DiscountEnded)) == 1


async def test_on_a_page_that_is_out_of_the_store_none_begins(own_database: Database) -> None:
    app_id = await game(own_database)
    package_id = await package(own_database, app_id)
    discount_id = await reduce(own_database, package_id, 20, START, START + DAY)
    later_id = await reduce(own_database, package_id, 20, START + 40 * DAY, START + 43 * DAY)
    clock = HeldClock(START)
    boundaries = Boundaries(own_database, clock=clock)

    async def turn(state: str) -> None:
        async with own_database.transaction() as tx:
            await tx.execute("UPDATE apps SET state = $2 WHERE id = $1", app_id, state)

    await turn("withdrawn")
    assert await boundaries.tell_due() == 0
    clock.at = START + DAY
    assert (await boundaries.tell_due(), await boundaries.tell_due()) == (1, 0)
    (ended,) = await told(own_database, DiscountEnded)
    assert isinstance(ended, DiscountEnded)
    assert (ended.discount_id, ended.has_held) == (discount_id, False)
    clock.at = START + 41 * DAY
    assert await boundaries.tell_due() == 0
    await turn("published")
    assert (await boundaries.tell_due(), await boundaries.tell_due()) == (1, 0)
    (started,) = await told(own_database, DiscountStarted)
    assert isinstance(started, DiscountStarted)
    assert started.discount_id == later_id


async def test_a_launch_discount_is_told_with_the_release(own_database: Database) -> None:
    app_id = await game(own_database, stage="coming_soon")
    package_id = await package(own_database, app_id)
    await reduce(own_database, package_id, 20, START, START + 10 * DAY, kind="launch")
    clock = HeldClock(START + 30 * DAY)
    boundaries = Boundaries(own_database, clock=clock)
    assert await boundaries.tell_due() == 0
    out_at = START + 40 * DAY
    async with own_database.transaction() as tx:
        await tx.execute(
            "UPDATE apps SET stage = 'early_access', updated_at = $2 WHERE id = $1", app_id, out_at
        )
    clock.at = out_at
    assert (await boundaries.tell_due(), await boundaries.tell_due()) == (1, 0)
    (started,) = await told(own_database, DiscountStarted)
    assert isinstance(started, DiscountStarted)
    assert (started.starts_at, started.ends_at) == (out_at, out_at + 10 * DAY)
    assert await next_due(own_database, clock.at) == out_at + 10 * DAY


async def test_one_that_a_release_overtook_ends_without_having_held(own_database: Database) -> None:
    app_id = await game(own_database, stage="early_access")
    package_id = await package(own_database, app_id)
    await reduce(own_database, package_id, 20, START, START + DAY)
    async with own_database.transaction() as tx:
        await tx.execute(
            "UPDATE apps SET stage = 'released', updated_at = $2 WHERE id = $1", app_id, START - DAY
        )
    assert await Boundaries(own_database, clock=HeldClock()).tell_due() == 1
    (ended,) = await told(own_database, DiscountEnded)
    assert isinstance(ended, DiscountEnded)
    assert ended.has_held is False
    assert await told(own_database, DiscountStarted) == []


async def test_the_next_boundary_is_what_is_waited_for(own_database: Database) -> None:
    package_id = await package(own_database, await game(own_database))
    assert await next_due(own_database, START) is None
    await reduce(own_database, package_id, 20, START + DAY, START + 2 * DAY)
    assert await next_due(own_database, START) == START + DAY
    assert await next_due(own_database, START + DAY) == START + 2 * DAY


async def next_due(database: Database, at: datetime) -> datetime | None:
    return await repository.find_next_due(database, at)
