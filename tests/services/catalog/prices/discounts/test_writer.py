"""Discounts as imports write them: the past by an operator's word, again and again without a second effect."""

import pytest

from samovar.kit.database import Database
from samovar.kit.errors import InvalidInput, SamovarError
from samovar.kit.ids import new_id
from samovar.kit.money import Money
from samovar.services.catalog.prices.discounts.domain import Wish
from samovar.services.catalog.prices.discounts.writer import DiscountWrite, DiscountWriter
from samovar.services.catalog.prices.domain import DiscountKind
from samovar.services.catalog.prices.errors import DiscountRefused
from samovar.services.catalog.prices.pricing import Pricing
from tests.services.catalog.prices.conftest import DAY, START, HeldClock, cost, game, package


def wish(begins_day: int, days: int = 7, kind: DiscountKind = "custom", percent: int = 20) -> Wish:
    starts_at = START + begins_day * DAY
    return Wish(kind=kind, percent=percent, starts_at=starts_at, ends_at=starts_at + days * DAY)


async def write(database: Database, *writes: DiscountWrite, is_import: bool = True) -> int:
    writer = DiscountWriter(clock=HeldClock(), new_id=new_id)
    async with database.transaction() as tx:
        return len(await writer.write(tx, writes, is_import=is_import))


async def test_an_import_tells_of_a_discount_that_holds_already_once(own_database: Database) -> None:
    package_id = await package(own_database, await game(own_database))
    await cost(own_database, package_id, "RU", 59_900, since=START - DAY)
    running = DiscountWrite(package_id=package_id, wish=wish(-3))
    for _ in range(2):
        assert await write(own_database, running) == 1
    assert await own_database.fetch_value("SELECT count(*) FROM discounts") == 1
    prices = await Pricing.of(own_database, [package_id], "RU", START)
    assert prices[package_id].final == Money(47_920, "RUB")


async def test_nobody_but_an_import_speaks_of_the_past(own_database: Database) -> None:
    package_id = await package(own_database, await game(own_database))
    await cost(own_database, package_id, "RU", 59_900)
    with pytest.raises(InvalidInput):
        await write(own_database, DiscountWrite(package_id=package_id, wish=wish(-3)), is_import=False)
    assert await own_database.fetch_value("SELECT count(*) FROM discounts") == 0


async def test_an_imported_launch_discount_was_set_before_the_release(own_database: Database) -> None:
    out_at = (START - 5 * DAY).replace(hour=0)
    app_id = await game(own_database, out_at=out_at, origin="demo")
    package_id = await package(own_database, app_id)
    await cost(own_database, package_id, "RU", 59_900, since=out_at)
    starts_at = out_at
    launch = Wish(kind="launch", percent=20, starts_at=starts_at, ends_at=starts_at + 10 * DAY)
    assert await write(own_database, DiscountWrite(package_id=package_id, wish=launch)) == 1
    prices = await Pricing.of(own_database, [package_id], "RU", START)
    assert (prices[package_id].discount_percent, prices[package_id].ends_at) == (20, out_at + 10 * DAY)


async def test_two_of_one_package_in_one_import_are_judged_one_after_the_other(
    own_database: Database,
) -> None:
    package_id = await package(own_database, await game(own_database))
    await cost(own_database, package_id, "RU", 59_900)
    with pytest.raises(DiscountRefused) as refused:
        await write(
            own_database,
            DiscountWrite(package_id=package_id, wish=wish(-60)),
            DiscountWrite(package_id=package_id, wish=wish(-40)),
        )
    assert [(fault.field, fault.code) for fault in refused.value.fields] == [
        ("[1].starts_at", "rest_after_discount")
    ]
    assert await own_database.fetch_value("SELECT count(*) FROM discounts") == 0


async def test_a_package_that_there_is_not_is_named(own_database: Database) -> None:
    with pytest.raises(SamovarError) as refused:
        await write(own_database, DiscountWrite(package_id=new_id(), wish=wish(1)))
    assert [(fault.field, fault.code) for fault in refused.value.fields] == [
        ("package_id", "package_unknown")
    ]
