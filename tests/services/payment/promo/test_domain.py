"""A promo code takes off what it says, to the kopeck, and never more than there is."""

from datetime import timedelta
from fractions import Fraction
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.money import Money
from samovar.services.payment.promo import domain
from samovar.services.payment.promo.domain import PromoCode
from samovar.services.payment.quotes.domain import QuoteLine
from tests.services.payment.promo.making import code
from tests.services.payment.quotes.making import NOW, line

BUYER, STUDIO, OTHER = uuid4(), uuid4(), uuid4()
PRICES = st.lists(st.integers(0, 10_000_000), min_size=1, max_size=20)


def lines(*prices: int, organisation_id: Any = STUDIO) -> list[QuoteLine]:
    return [line(BUYER, price, organisation_id=organisation_id) for price in prices]


def why_not(made: PromoCode, *bought: QuoteLine, **more: Any) -> str | None:
    told: dict[str, Any] = {"country": "RU", "currency": "RUB", "uses": 0, "now": NOW}
    return domain.obstacle(made, bought or lines(10_000), **told | more)


@given(PRICES, st.integers(1, 100))
def test_a_percentage_is_rounded_half_to_even_on_each_line(prices: list[int], percent: int) -> None:
    bought = domain.applied(code(percent=percent), lines(*prices), "RUB")
    for price, one in zip(prices, bought, strict=True):
        assert one.final == round(Fraction(price * (100 - percent), 100))
        assert one.final + one.promo_amount == one.price
        assert 0 <= one.final <= price


@given(PRICES, st.integers(1, 20_000_000))
def test_an_amount_is_divided_with_nothing_lost_and_never_below_zero(prices: list[int], amount: int) -> None:
    bought = domain.applied(code(amount=amount), lines(*prices), "RUB")
    assert sum(one.promo_amount for one in bought) == min(amount, sum(prices))
    assert all(0 <= one.final <= one.price and one.final + one.promo_amount == one.price for one in bought)


@given(PRICES, PRICES, st.integers(1, 1_000_000))
def test_an_amount_falls_on_the_lines_that_it_counts_for_alone(
    own: list[int], others: list[int], amount: int
) -> None:
    made = code(amount=amount, scope="organisation", organisation_id=STUDIO)
    bought = domain.applied(made, lines(*own) + lines(*others, organisation_id=OTHER), "RUB")
    assert sum(one.promo_amount for one in bought[: len(own)]) == min(amount, sum(own))
    assert [one.final for one in bought[len(own) :]] == others


def test_an_amount_is_divided_by_prices() -> None:
    bought = domain.applied(code(amount=100), lines(10_000, 20_000, 0, 3), "RUB")
    assert [one.promo_amount for one in bought] == [33, 67, 0, 0]
    assert Money(100, "RUB").allocate([10_000, 20_000, 3])[1].amount == 67


def test_a_percentage_is_told_on_its_lines_alone() -> None:
    made = code(percent=50, scope="packages", package_ids=(uuid4(),))
    (one,) = domain.applied(made, lines(10_000), "RUB")
    assert (one.promo_percent, one.promo_amount, one.final) == (0, 0, 10_000)


def test_a_developers_code_counts_for_what_is_theirs_alone() -> None:
    package_id = uuid4()
    made = code(scope="packages", package_ids=(package_id,), organisation_id=STUDIO)
    theirs = line(BUYER, 100, package_id=package_id, organisation_id=STUDIO)
    gone = line(BUYER, 100, package_id=package_id, organisation_id=OTHER)
    imported = line(BUYER, 100, package_id=package_id, organisation_id=None)
    assert [made.counts_for(one) for one in (theirs, gone, imported)] == [True, False, False]
    assert code(scope="packages", package_ids=(package_id,)).counts_for(imported)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, None),
        ({"starts_at": NOW}, None),
        ({"starts_at": NOW + timedelta(seconds=1)}, "promo_not_begun"),
        ({"ends_at": NOW}, "promo_over"),
        ({"ends_at": NOW + timedelta(seconds=1)}, None),
        ({"ended_at": NOW - timedelta(hours=1)}, "promo_over"),
        ({"limit_total": 5, "redeemed": 5}, "promo_exhausted"),
        ({"limit_total": 5, "redeemed": 4}, None),
        ({"countries": ("KZ", "BY")}, "promo_country"),
        ({"countries": ("RU",)}, None),
        ({"scope": "organisation", "organisation_id": OTHER}, "promo_nothing"),
        ({"amount": 100, "currency": "USD"}, "promo_currency"),
        ({"minimum": 10_001}, "promo_minimum"),
        ({"minimum": 10_000}, None),
    ],
)
def test_a_code_says_why_it_takes_nothing_off(fields: dict[str, Any], reason: str | None) -> None:
    assert why_not(code(**fields)) == reason


def test_a_code_is_used_as_often_as_it_may_be() -> None:
    assert why_not(code(limit_per_account=2), uses=1) is None
    assert why_not(code(limit_per_account=2), uses=2) == "promo_used"


def test_the_least_sum_is_that_of_the_lines_it_counts_for() -> None:
    made = code(minimum=500, scope="organisation", organisation_id=STUDIO)
    dear = lines(100) + lines(100_000, organisation_id=OTHER)
    assert why_not(made, *dear) == "promo_minimum"


def test_what_costs_nothing_gets_nothing_off() -> None:
    assert why_not(code(), *lines(0)) == "promo_nothing"


@pytest.mark.parametrize(
    "typed", ["САМОВАР-2026", "самовар 2026", "CAMOBAP2026", "самоваp-20 26", "Самовар２０２６"]
)
def test_a_code_is_found_however_it_is_typed(typed: str) -> None:
    assert domain.key_of(typed) == domain.key_of("САМОВАР-2026")


@given(st.text(max_size=64))
def test_a_key_is_its_own_key(text: str) -> None:
    assert domain.key_of(domain.key_of(text)) == domain.key_of(text)
