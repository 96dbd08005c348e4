"""Prices of many packages, read from the real tables."""

from uuid import uuid4

import asyncpg
import pytest

from samovar.kit.database import Database
from samovar.kit.money import Money
from samovar.services.catalog.prices.pricing import Pricing
from tests.services.catalog.prices.conftest import DAY, START, cost, game, package, reduce


async def test_many_packages_are_priced_in_their_region_with_discount_and_lowest_price(
    own_database: Database,
) -> None:
    app_id = await game(own_database)
    own, group, absent = [await package(own_database, app_id, place=place) for place in range(3)]
    await cost(own_database, own, "KZ", 300_000, currency="KZT")
    await cost(own_database, own, "CIS", 999, currency="USD")
    await cost(own_database, group, "CIS", 999, currency="USD")
    await cost(own_database, absent, "RU", 59_900)
    discount_id = await reduce(own_database, group, 20, START - DAY, START + DAY)
    prices = await Pricing.of(own_database, [own, group, absent, uuid4()], "KZ", START)
    assert set(prices) == {own, group}
    assert (prices[own].final, prices[own].region) == (Money(300_000, "KZT"), "KZ")
    reduced = prices[group]
    assert (reduced.base, reduced.final) == (Money(999, "USD"), Money(799, "USD"))
    assert (reduced.discount_id, reduced.ends_at, reduced.region) == (discount_id, START + DAY, "CIS")
    later = await Pricing.of(own_database, [group], "KZ", START + DAY)
    assert (later[group].final, later[group].lowest_30d) == (Money(999, "USD"), Money(799, "USD"))


async def test_what_is_not_sold_in_a_country_has_no_price_there(own_database: Database) -> None:
    app_id = await game(own_database)
    only = await package(own_database, app_id, sold={"only_in": ["RU"], "except_in": []})
    but = await package(own_database, app_id, place=1, sold={"except_in": ["RU"]})
    gone = await package(own_database, app_id, place=2, state="withdrawn")
    for package_id in (only, but, gone):
        await cost(own_database, package_id, "RU", 59_900)
        await cost(own_database, package_id, "WORLD", 999, currency="USD")
    ids = [only, but, gone]
    assert set(await Pricing.of(own_database, ids, "RU", START)) == {only}
    assert set(await Pricing.of(own_database, ids, "FR", START)) == {but}
    assert await Pricing.of(own_database, ids, "XX", START) == {}
    assert await Pricing.of(own_database, [], "RU", START) == {}


async def test_a_release_starts_the_launch_discount(own_database: Database) -> None:
    app_id = await game(own_database, stage="coming_soon")
    package_id = await package(own_database, app_id, is_preorder=True)
    await cost(own_database, package_id, "RU", 100_000)
    await reduce(own_database, package_id, 30, START, START + 10 * DAY, kind="launch")
    before = await Pricing.of(own_database, [package_id], "RU", START + DAY)
    assert before[package_id].final == Money(100_000, "RUB")
    out_at = START + 2 * DAY
    async with own_database.transaction() as tx:
        await tx.execute("UPDATE apps SET stage = 'released', updated_at = $2 WHERE id = $1", app_id, out_at)
    after = await Pricing.of(own_database, [package_id], "RU", out_at)
    assert (after[package_id].final, after[package_id].ends_at) == (Money(70_000, "RUB"), out_at + 10 * DAY)


async def test_a_charged_price_cannot_be_rewritten(own_database: Database) -> None:
    package_id = await package(own_database, await game(own_database))
    await cost(own_database, package_id, "RU", 59_900, until=START)
    await cost(own_database, package_id, "RU", 49_900, since=START)
    for change in ("amount = 1", "since = since - interval '1 day'", "until = now()", "is_raised = true"):
        with pytest.raises(asyncpg.RaiseError, match="history"):
            async with own_database.transaction() as tx:
                await tx.execute(f"UPDATE base_prices SET {change} WHERE until IS NOT NULL")
    with pytest.raises(asyncpg.ExclusionViolationError):
        await cost(own_database, package_id, "RU", 1, since=START + DAY)


async def test_discounts_of_a_package_never_overlap(own_database: Database) -> None:
    package_id = await package(own_database, await game(own_database))
    await reduce(own_database, package_id, 20, START, START + 2 * DAY)
    with pytest.raises(asyncpg.ExclusionViolationError):
        await reduce(own_database, package_id, 20, START + DAY, START + 3 * DAY)
    called_off = START - DAY
    await reduce(own_database, package_id, 20, START, START + DAY, ended_at=called_off)
    await reduce(own_database, package_id, 20, START + 2 * DAY, START + 3 * DAY)
    assert await own_database.fetch_value("SELECT count(*) FROM discounts") == 3
