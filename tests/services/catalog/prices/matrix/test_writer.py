"""Writing matrices and the past, as imports do."""

from collections.abc import Mapping

import pytest

from samovar.kit.database import Database
from samovar.kit.errors import InvalidInput
from samovar.kit.ids import new_id
from samovar.kit.money import Money
from samovar.services.catalog.prices.matrix.writer import MatrixWrite, MatrixWriter, PastPrice
from samovar.services.catalog.prices.pricing import Pricing
from tests.services.catalog.prices.conftest import DAY, START, HeldClock, game, package


def rub(amount: int) -> Money:
    return Money(amount, "RUB")


async def test_many_matrices_are_written_in_one_go_and_others_kept(own_database: Database) -> None:
    app_id = await game(own_database)
    ids = [await package(own_database, app_id, place=place) for place in range(3)]
    writer = MatrixWriter(clock=HeldClock(), new_id=new_id)

    async def write(prices: Mapping[str, Money], *, keeps_others: bool) -> None:
        async with own_database.transaction() as tx:
            await writer.write(
                tx,
                [MatrixWrite(package_id=one, prices=dict(prices), keeps_others=keeps_others) for one in ids],
            )

    await write({"RU": rub(59_900)}, keeps_others=True)
    await write({"CIS": Money(999, "USD")}, keeps_others=True)
    assert set(await Pricing.of(own_database, ids, "RU", START)) == set(ids)
    await write({"CIS": Money(999, "USD")}, keeps_others=False)
    assert await Pricing.of(own_database, ids, "RU", START) == {}
    assert set(await Pricing.of(own_database, ids, "TJ", START)) == set(ids)


async def test_one_wrong_price_of_many_is_named_by_its_place_and_nothing_is_written(
    own_database: Database,
) -> None:
    app_id = await game(own_database)
    ids = [await package(own_database, app_id, place=place) for place in range(2)]
    writer = MatrixWriter(clock=HeldClock(), new_id=new_id)
    writes = [
        MatrixWrite(package_id=ids[0], prices={"RU": rub(59_900)}),
        MatrixWrite(package_id=ids[1], prices={"RU": rub(1)}),
    ]
    with pytest.raises(InvalidInput) as refused:
        async with own_database.transaction() as tx:
            await writer.write(tx, writes)
    assert [(fault.field, fault.code) for fault in refused.value.fields] == [
        ("[1].prices.RU", "price_below_minimum")
    ]
    assert await own_database.fetch_value("SELECT count(*) FROM base_prices") == 0


async def test_the_past_is_laid_before_what_is_known_and_only_once(own_database: Database) -> None:
    package_id = await package(own_database, await game(own_database))
    writer = MatrixWriter(clock=HeldClock(), new_id=new_id)
    past = [
        PastPrice(package_id=package_id, region="RU", price=rub(amount), since=START - days * DAY)
        for amount, days in ((90_000, 60), (40_000, 20), (70_000, 40))
    ]
    async with own_database.transaction() as tx:
        await writer.write(tx, [MatrixWrite(package_id=package_id, prices={"RU": rub(59_900)})])
    for _ in range(2):
        async with own_database.transaction() as tx:
            await writer.add_past(tx, past)
    for amount, days in ((90_000, 50), (70_000, 30), (40_000, 10), (59_900, 0)):
        prices = await Pricing.of(own_database, [package_id], "RU", START - days * DAY)
        assert prices[package_id].final == rub(amount)
    assert prices[package_id].lowest_30d == rub(40_000)
    assert await own_database.fetch_value("SELECT count(*) FROM base_prices") == 4


async def test_what_is_to_come_is_not_the_past(own_database: Database) -> None:
    package_id = await package(own_database, await game(own_database))
    writer = MatrixWriter(clock=HeldClock(), new_id=new_id)
    with pytest.raises(InvalidInput) as refused:
        async with own_database.transaction() as tx:
            await writer.add_past(
                tx, [PastPrice(package_id=package_id, region="RU", price=rub(1), since=START)]
            )
    assert [(fault.field, fault.code) for fault in refused.value.fields] == [("[0].since", "not_past")]


async def test_a_clock_that_went_back_ends_no_price_before_it_began(own_database: Database) -> None:
    package_id = await package(own_database, await game(own_database))
    clock = HeldClock()
    writer = MatrixWriter(clock=clock, new_id=new_id)
    for amount in (59_900, 49_900, 39_900):
        async with own_database.transaction() as tx:
            await writer.write(tx, [MatrixWrite(package_id=package_id, prices={"RU": rub(amount)})])
        clock.at -= DAY / 24
    prices = await Pricing.of(own_database, [package_id], "RU", START)
    assert (prices[package_id].final, prices[package_id].lowest_30d) == (rub(39_900), rub(39_900))
