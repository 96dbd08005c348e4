"""The rules of discounts, each by itself: refused to the instant, allowed from it on."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
import pytest

from samovar.kit.money import Money
from samovar.services.catalog.prices.discounts.domain import (
    DiscountRules,
    PriceChange,
    Refusal,
    RulesVersion,
    Wish,
    judge,
    judge_matrix,
    rules_at,
)
from samovar.services.catalog.prices.domain import BasePrice, Dated, Discount, DiscountKind, Release
from tests.services.catalog.prices.conftest import DAY, START

RULES = DiscountRules(
    percent_min=10,
    percent_max=95,
    launch_percent_max=40,
    days_min=1,
    days_max=14,
    launch_days_min=7,
    launch_days_max=14,
    rest_days_after_release=30,
    rest_days_after_raise=30,
    rest_days_after_discount=30,
    no_raise_days_after_release=30,
    planned_ahead_days_max=365,
    price_min={"RUB": 1_000, "USD": 19},
)
TICK = timedelta(microseconds=1)
REST = 30 * DAY
LONG_AGO = START - 400 * DAY
COUNTRIES = (("RU",), ("US", "WORLD"), ("WORLD",))


def base(
    amount: int | None = 59_900,
    since: datetime = LONG_AGO,
    until: datetime | None = None,
    *,
    region: str = "RU",
    is_raised: bool = False,
) -> BasePrice:
    currency = "RUB" if region == "RU" else "USD"
    price = None if amount is None else Money(amount, currency)
    return BasePrice(region=region, price=price, since=since, until=until, is_raised=is_raised)


def discount(
    starts_at: datetime, days: int = 7, kind: DiscountKind = "custom", ended_at: datetime | None = None
) -> Discount:
    return Discount(
        id=UUID(int=1),
        kind=kind,
        percent=20,
        starts_at=starts_at,
        ends_at=starts_at + days * DAY,
        ended_at=ended_at,
        rest_after_release=REST,
    )


def state(
    *,
    bases: Sequence[BasePrice] | None = None,
    discounts: Sequence[Discount] = (),
    released_at: datetime | None = LONG_AGO,
    early_access_at: datetime | None = None,
) -> Dated:
    return Dated(
        bases=[base()] if bases is None else bases,
        discounts=discounts,
        release=Release(early_access_at=early_access_at, released_at=released_at),
    )


def wish(
    percent: int = 20,
    starts_at: datetime = START,
    length: timedelta = 7 * DAY,
    kind: DiscountKind = "custom",
) -> Wish:
    return Wish(kind=kind, percent=percent, starts_at=starts_at, ends_at=starts_at + length)


def codes(dated: Dated, wanted: Wish, now: datetime = START) -> list[str]:
    return [refusal.code for refusal in judge(dated, wanted, RULES, now)]


def only(dated: Dated, wanted: Wish, now: datetime = START) -> Refusal:
    (refusal,) = judge(dated, wanted, RULES, now)
    return refusal


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (wish(10), []),
        (wish(9), ["percent_too_small"]),
        (wish(95), []),
        (wish(96), ["percent_too_large"]),
        (wish(length=DAY), []),
        (wish(length=DAY - TICK), ["discount_too_short"]),
        (wish(length=14 * DAY), []),
        (wish(length=14 * DAY + TICK), ["discount_too_long"]),
        (wish(starts_at=START - TICK), ["starts_in_past"]),
        (wish(starts_at=START + 365 * DAY), []),
        (wish(starts_at=START + 365 * DAY + TICK), ["starts_too_late"]),
    ],
)
def test_the_shape_of_a_discount_has_limits(wanted: Wish, expected: list[str]) -> None:
    assert codes(state(), wanted) == expected


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (wish(40, kind="launch"), []),
        (wish(41, kind="launch"), ["percent_too_large"]),
        (wish(length=7 * DAY, kind="launch"), []),
        (wish(length=7 * DAY - TICK, kind="launch"), ["discount_too_short"]),
        (wish(length=14 * DAY + TICK, kind="launch"), ["discount_too_long"]),
        (wish(), ["not_released"]),
        (wish(kind="seasonal"), ["not_released"]),
    ],
)
def test_before_the_release_only_a_launch_discount_is_set(wanted: Wish, expected: list[str]) -> None:
    assert codes(state(released_at=None), wanted) == expected


def test_a_launch_discount_is_set_before_the_first_release_once() -> None:
    assert codes(state(released_at=START), wish(kind="launch")) == ["launch_after_release"]
    early = state(released_at=None, early_access_at=START - DAY)
    assert codes(early, wish(kind="launch")) == ["launch_after_release"]
    waiting = state(released_at=None, discounts=[discount(START + 50 * DAY, kind="launch")])
    assert codes(waiting, wish(kind="launch")) == ["launch_twice"]
    called_off = discount(START + 50 * DAY, kind="launch", ended_at=START - DAY)
    assert codes(state(released_at=None, discounts=[called_off]), wish(kind="launch")) == []


@pytest.mark.parametrize("kind", ["custom", "seasonal"])
def test_thirty_days_of_rest_follow_each_release(kind: DiscountKind) -> None:
    for dated in (
        state(released_at=START - REST + TICK),
        state(released_at=None, early_access_at=START - REST + TICK),
        state(early_access_at=LONG_AGO, released_at=START - REST + TICK),
    ):
        refusal = only(dated, wish(kind=kind))
        assert (refusal.code, refusal.field, refusal.until) == (
            "rest_after_release",
            "starts_at",
            START + TICK,
        )
        assert codes(dated, wish(kind=kind, starts_at=START + TICK)) == []


@pytest.mark.parametrize("kind", ["custom", "seasonal"])
def test_thirty_days_of_rest_follow_a_price_that_was_raised_anywhere(kind: DiscountKind) -> None:
    raised_at = START - REST + TICK
    dated = state(bases=[base(), base(999, raised_at, region="WORLD", is_raised=True)])
    refusal = only(dated, wish(kind=kind))
    assert (refusal.code, refusal.until) == ("rest_after_raise", START + TICK)
    assert codes(dated, wish(kind=kind, starts_at=START + TICK)) == []


def test_a_price_that_fell_asks_for_no_rest() -> None:
    assert codes(state(bases=[base(90_000, until=START - DAY), base(since=START - DAY)]), wish()) == []


def test_a_launch_discount_waits_for_the_rest_after_a_raise_too() -> None:
    dated = state(released_at=None, bases=[base(since=START - DAY, is_raised=True)])
    assert codes(dated, wish(kind="launch", starts_at=START + 60 * DAY)) == ["rest_after_raise"]


def test_a_price_that_was_not_charged_is_not_reduced() -> None:
    refusal = only(state(bases=[base(since=START - DAY)]), wish())
    assert (refusal.code, refusal.until) == ("price_not_charged", START + 29 * DAY)
    assert codes(state(bases=[base(since=START - REST)]), wish()) == []


def test_thirty_days_of_rest_lie_between_discounts_on_either_side() -> None:
    before = state(discounts=[discount(START - 7 * DAY - REST + TICK)])
    refusal = only(before, wish())
    assert (refusal.code, refusal.until) == ("rest_after_discount", START + TICK)
    assert codes(before, wish(starts_at=START + TICK)) == []
    coming = state(discounts=[discount(START + 7 * DAY + REST - TICK)])
    refusal = only(coming, wish())
    assert (refusal.code, refusal.until) == ("rest_before_discount", START + 2 * (7 * DAY + REST) - TICK)
    assert codes(state(discounts=[discount(START + 7 * DAY + REST)]), wish()) == []


def test_a_seasonal_discount_neither_rests_nor_makes_rest() -> None:
    custom = state(discounts=[discount(START - 7 * DAY), discount(START + 7 * DAY)])
    assert codes(custom, wish(kind="seasonal")) == []
    seasonal = state(discounts=[discount(START - 7 * DAY, kind="seasonal")])
    assert codes(seasonal, wish()) == []


@pytest.mark.parametrize("kind", ["custom", "seasonal"])
def test_discounts_never_overlap(kind: DiscountKind) -> None:
    dated = state(discounts=[discount(START + 6 * DAY)])
    refusal = only(dated, wish(kind=kind))
    assert (refusal.code, refusal.until) == ("discounts_overlap", START + 13 * DAY)
    ended = state(discounts=[discount(START - DAY, ended_at=START)])
    assert codes(ended, wish(kind="seasonal")) == []
    assert codes(ended, wish()) == ["rest_after_discount"]


def test_no_price_falls_below_the_least_of_its_currency() -> None:
    dated = state(bases=[base(2_000), base(199, region="WORLD")])
    refusals = judge(dated, wish(91), RULES, START)
    assert [(one.code, one.field, one.limit) for one in refusals] == [
        ("price_below_minimum", "percent", "1000"),
        ("price_below_minimum", "percent", "19"),
    ]
    assert codes(dated, wish(50)) == []
    assert codes(dated, wish(51)) == ["price_below_minimum"]


def test_what_is_free_or_has_no_price_is_not_reduced() -> None:
    assert codes(state(bases=[]), wish()) == ["nothing_to_reduce"]
    assert codes(state(bases=[base(0)]), wish()) == ["nothing_to_reduce"]
    assert codes(state(bases=[base(0), base(999, region="WORLD")]), wish()) == []


def test_all_that_stands_against_a_wish_is_said_at_once() -> None:
    dated = state(released_at=START - DAY, discounts=[discount(START - 3 * DAY)])
    assert set(codes(dated, wish(5, length=20 * DAY))) == {
        "percent_too_small",
        "discount_too_long",
        "rest_after_release",
        "discounts_overlap",
    }


def matrix(dated: Dated, now: datetime = START, **prices: int) -> tuple[list[PriceChange], list[Refusal]]:
    wanted = {region: Money(amount, "RUB" if region == "RU" else "USD") for region, amount in prices.items()}
    return judge_matrix(dated, wanted, RULES, now, COUNTRIES)


def raised(dated: Dated, now: datetime = START, **prices: int) -> dict[str, bool]:
    return {change.region: change.is_raised for change in matrix(dated, now, **prices)[0]}


def test_prices_are_frozen_while_a_discount_holds_or_is_planned() -> None:
    for one in (discount(START - DAY), discount(START + 50 * DAY)):
        dated = state(discounts=[one])
        for _, (refusal,) in (
            matrix(dated, RU=49_900),
            matrix(dated, RU=69_900),
            matrix(dated),
            matrix(dated, RU=59_900, WORLD=999),
        ):
            assert (refusal.code, refusal.until) == ("price_frozen", one.ends_at)
        assert matrix(dated, RU=59_900) == ([], [])
    waiting = state(released_at=None, discounts=[discount(START, kind="launch")])
    _, (refusal,) = matrix(waiting, RU=1_000)
    assert (refusal.code, refusal.until) == ("price_frozen_for_launch", None)
    over = state(discounts=[discount(START - 7 * DAY)])
    assert matrix(over, RU=49_900)[1] == []


def test_no_price_is_raised_within_thirty_days_of_a_release() -> None:
    fresh = state(released_at=START - REST + TICK)
    _, (refusal,) = matrix(fresh, RU=60_000)
    assert (refusal.code, refusal.field, refusal.until) == ("raised_after_release", "prices.RU", START + TICK)
    assert matrix(fresh, RU=50_000)[1] == []
    assert matrix(fresh, START + TICK, RU=60_000)[1] == []
    assert matrix(state(released_at=None), RU=60_000)[1] == []


def test_a_price_below_the_least_is_refused_and_free_is_not() -> None:
    assert [refusal.code for refusal in matrix(state(), RU=999)[1]] == ["price_below_minimum"]
    assert matrix(state(), RU=0)[1] == []


def test_a_raise_is_seen_through_every_way_round_it() -> None:
    assert raised(state(), RU=60_000) == {"RU": True}
    assert raised(state(), RU=59_900) == {}
    assert raised(state(), RU=50_000) == {"RU": False}
    assert raised(state(bases=[base(0)]), RU=1_000) == {"RU": True}
    withdrawn = state(bases=[base(until=START - DAY), base(None, START - DAY)])
    assert raised(withdrawn, RU=60_000) == {"RU": True}
    assert raised(withdrawn, RU=59_900) == {"RU": False}
    fallback = state(bases=[base(500, region="US"), base(999, region="WORLD")])
    assert raised(fallback, WORLD=999) == {"US": True}
    assert raised(fallback, US=500) == {"WORLD": False}
    own = state(bases=[base(500, region="WORLD")])
    assert raised(own, WORLD=500, US=600) == {"US": True}
    gap = state(bases=[base(500, region="US", until=START - DAY), base(None, START - DAY, region="US")])
    assert raised(gap, WORLD=600) == {"WORLD": True}


def test_rules_hold_from_their_date() -> None:
    def version(number: int, since: datetime, **change: Any) -> RulesVersion:
        return RulesVersion(
            version=number, effective_from=since, rules=msgspec.structs.replace(RULES, **change)
        )

    old, new = version(1, LONG_AGO), version(2, START, percent_max=90, rest_days_after_discount=28)
    assert rules_at([new, old], START - TICK) is old
    assert rules_at([old, new], START) is new
    with pytest.raises(LookupError):
        rules_at([old], datetime(2000, 1, 1, tzinfo=UTC))


def test_a_package_is_no_way_round_the_rest_of_another_game_in_it() -> None:
    held = msgspec.structs.replace(state(), other_releases=[START - DAY])
    refusal = only(held, wish())
    assert (refusal.code, refusal.until) == ("rest_after_release", START + 29 * DAY)
    assert codes(held, wish(starts_at=START + 29 * DAY)) == []
    before_its_own = msgspec.structs.replace(state(released_at=None), other_releases=[START - DAY])
    assert codes(before_its_own, wish(kind="launch")) == ["launch_after_release"]
    _, refusals = judge_matrix(held, {"RU": Money(69_900, "RUB")}, RULES, START, COUNTRIES)
    assert [one.code for one in refusals] == ["raised_after_release"]


def test_a_price_that_nobody_could_pay_was_not_charged() -> None:
    waiting = msgspec.structs.replace(state(), awaits_release=True)
    assert codes(waiting, wish()) == ["not_released"]
    hidden = msgspec.structs.replace(state(), is_offered=False)
    refusal = only(hidden, wish())
    assert (refusal.field, refusal.code) == ("package_id", "not_on_sale")
    assert codes(hidden, wish(starts_at=START + 2 * REST)) == ["not_on_sale"]
    offered = msgspec.structs.replace(state(), offered_since=START - 10 * DAY)
    refusal = only(offered, wish())
    assert (refusal.code, refusal.until) == ("price_not_charged", START + 20 * DAY)
    assert codes(offered, wish(starts_at=START + 20 * DAY)) == []
