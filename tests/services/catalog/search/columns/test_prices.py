"""A price begins and ends by itself, at its second."""

from datetime import UTC, datetime, timedelta

from pyroaring import BitMap

from samovar.services.catalog.search.columns.prices import Prices
from samovar.services.catalog.search.schemas import PricePeriod

NOW = datetime(2026, 11, 27, 10, tzinfo=UTC)
LIVING = BitMap([0])


def test_a_discount_ends_at_its_second_although_nothing_was_read_again() -> None:
    prices = Prices()
    prices.groups = {"RU": "RU"}
    end = NOW + timedelta(hours=1)
    prices.add(
        0, {"RU": [PricePeriod(final=50, discount_percent=50), PricePeriod(since=end, final=100)]}, NOW
    )
    prices.turn(end - timedelta(seconds=1), LIVING)
    assert (prices.finals_in("RU").get(0), prices.discounts_in("RU").get(0)) == (50, 50)
    prices.turn(end, LIVING)
    assert (prices.finals_in("RU").get(0), prices.discounts_in("RU").get(0)) == (100, None)


def test_of_two_prices_that_began_meanwhile_the_later_one_holds() -> None:
    prices = Prices()
    prices.groups = {"RU": "RU"}
    later = [PricePeriod(since=NOW + timedelta(hours=hour), final=hour) for hour in (1, 2, 3)]
    prices.add(0, {"RU": [PricePeriod(final=9), *later]}, NOW)
    prices.turn(NOW + timedelta(hours=2, minutes=30), LIVING)
    assert prices.finals_in("RU").get(0) == 2


def test_what_is_to_come_outlives_the_disk() -> None:
    prices, again = Prices(), Prices()
    prices.add(0, {"RU": [PricePeriod(since=NOW, final=None), PricePeriod(final=7)]}, NOW - timedelta(1))
    again.groups = {"RU": "RU"}
    again.restore(prices.flips())
    again.finals, again.discounts = prices.finals, prices.discounts
    assert again.finals_in("RU").get(0) == 7
    again.turn(NOW, LIVING)
    assert again.finals_in("RU").get(0) is None


def test_a_country_without_prices_has_none() -> None:
    assert Prices().finals_in("XX").get(0) is None
