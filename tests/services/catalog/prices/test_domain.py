"""The arithmetic of prices: to the second, to the kopeck."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.money import Money
from samovar.services.catalog.prices.domain import (
    AMOUNT_MAX,
    BasePrice,
    Dated,
    Discount,
    DiscountKind,
    Price,
    Release,
    Span,
    reduced,
)
from tests.services.catalog.prices.conftest import DAY, START

REST = timedelta(days=30)
OUT = Release(released_at=START - 400 * DAY)
TICK = timedelta(microseconds=1)


def rub(amount: int) -> Money:
    return Money(amount, "RUB")


def base(
    amount: int | None,
    since: datetime = START - 300 * DAY,
    until: datetime | None = None,
    region: str = "RU",
) -> BasePrice:
    price = None if amount is None else rub(amount)
    return BasePrice(region=region, price=price, since=since, until=until)


def discount(
    percent: int = 50,
    starts_at: datetime = START,
    days: int = 7,
    kind: DiscountKind = "custom",
    ended_at: datetime | None = None,
) -> Discount:
    return Discount(
        id=UUID(int=percent),
        kind=kind,
        percent=percent,
        starts_at=starts_at,
        ends_at=starts_at + days * DAY,
        ended_at=ended_at,
        rest_after_release=REST,
    )


def priced(dated: Dated, at: datetime = START, regions: tuple[str, ...] = ("RU",)) -> Price:
    price = dated.price_at(regions, at)
    assert price is not None
    return price


def test_a_discount_begins_and_ends_to_the_instant() -> None:
    dated = Dated(bases=[base(59_900)], discounts=[discount()], release=OUT)
    ends_at = START + 7 * DAY
    before, first = priced(dated, START - TICK), priced(dated, START)
    assert (before.final, before.valid_until, before.ends_at) == (rub(59_900), START, None)
    assert (first.final, first.valid_until, first.ends_at) == (rub(29_950), ends_at, ends_at)
    assert priced(dated, ends_at - TICK).final == rub(29_950)
    over = priced(dated, ends_at)
    assert (over.final, over.valid_until, over.discount_id) == (rub(59_900), None, None)
    assert over.lowest_30d == rub(29_950)


def test_an_hour_that_comes_twice_moves_no_discount() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    starts_at = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=1)
    dated = Dated(
        bases=[base(1_000, since=START)], discounts=[discount(starts_at=starts_at, days=1)], release=OUT
    )
    earlier = datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=0)
    utc = ZoneInfo("UTC")
    assert priced(dated, earlier.astimezone(utc)).discount_percent == 0
    assert priced(dated, starts_at.astimezone(utc)).discount_percent == 50


def test_a_country_takes_its_own_price_then_its_groups_then_none() -> None:
    dated = Dated(bases=[base(500, region="CIS"), base(900, region="KZ", until=START)])
    assert priced(dated, START - TICK, ("KZ", "CIS", "WORLD")).region == "KZ"
    assert priced(dated, START, ("KZ", "CIS", "WORLD")).region == "CIS"
    assert dated.price_at(("WORLD",), START) is None


def test_a_price_that_was_taken_away_is_none() -> None:
    dated = Dated(bases=[base(500, until=START), base(None, since=START)])
    assert dated.price_at(("RU",), START) is None


def test_free_is_free_with_any_discount() -> None:
    price = priced(Dated(bases=[base(0)], discounts=[discount()], release=OUT))
    assert (price.final, price.discount_percent, price.discount_id) == (rub(0), 0, None)


def test_a_launch_discount_begins_with_the_release_and_lasts_as_planned() -> None:
    launch = discount(30, START, 10, "launch")
    waiting = Dated(bases=[base(1_000)], discounts=[launch])
    assert priced(waiting, START + DAY).discount_percent == 0
    late = START + 3 * DAY
    out = Dated(bases=[base(1_000)], discounts=[launch], release=Release(early_access_at=late))
    assert priced(out, late - TICK).discount_percent == 0
    assert priced(out, late).ends_at == late + 10 * DAY
    assert priced(out, late + 10 * DAY).discount_percent == 0


def test_a_discount_that_a_later_release_overtook_does_not_begin() -> None:
    release = Release(early_access_at=START - 300 * DAY, released_at=START - DAY)
    dated = Dated(bases=[base(1_000)], discounts=[discount()], release=release)
    assert priced(dated).discount_percent == 0
    running = Dated(
        bases=[base(1_000)],
        discounts=[discount()],
        release=Release(early_access_at=START - 300 * DAY, released_at=START + DAY),
    )
    assert priced(running, START + 2 * DAY).discount_percent == 50


def test_a_discount_that_was_called_off_ends_then_or_never_begins() -> None:
    ended = Dated(bases=[base(1_000)], discounts=[discount(ended_at=START + DAY)], release=OUT)
    assert priced(ended, START + DAY).final == rub(1_000)
    assert priced(ended, START + DAY).lowest_30d == rub(500)
    never = Dated(bases=[base(1_000)], discounts=[discount(ended_at=START - DAY)], release=OUT)
    assert priced(never).final == rub(1_000)
    assert priced(never, START + DAY).lowest_30d == rub(1_000)


def test_the_lowest_counts_only_what_was_charged_within_thirty_days() -> None:
    fall = START - 30 * DAY
    dated = Dated(bases=[base(400, until=fall), base(900, since=fall)], release=OUT)
    assert priced(dated, START - TICK).lowest_30d == rub(400)
    assert priced(dated, START).lowest_30d == rub(900)


def test_a_price_that_nobody_could_pay_is_not_the_lowest() -> None:
    release = Release(released_at=START - DAY)
    bases = [base(100, until=START - 2 * DAY), base(900, since=START - 2 * DAY)]
    assert priced(Dated(bases=bases, release=release)).lowest_30d == rub(900)
    assert priced(Dated(bases=bases, release=release, is_preorder=True)).lowest_30d == rub(100)
    blink = [base(900, until=START - DAY), base(1, START - DAY, START - DAY), base(900, since=START - DAY)]
    assert priced(Dated(bases=blink, release=OUT)).lowest_30d == rub(900)


def test_prices_in_another_currency_are_not_compared() -> None:
    dollars = BasePrice(region="RU", price=Money(1, "USD"), since=START - 9 * DAY, until=START - DAY)
    dated = Dated(bases=[dollars, base(900, since=START - DAY)], release=OUT)
    assert priced(dated).lowest_30d == rub(900)


def test_half_a_kopeck_goes_to_the_even_one() -> None:
    assert [reduced(rub(amount), 50).amount for amount in (1, 3, 5, 7)] == [0, 2, 2, 4]
    assert reduced(rub(9_999), 33) == rub(6_699)


@given(st.integers(0, AMOUNT_MAX), st.integers(10, 95))
def test_a_reduced_price_is_within_half_a_kopeck_of_the_exact_one(amount: int, percent: int) -> None:
    final = reduced(rub(amount), percent)
    assert abs(final.amount * 100 - amount * (100 - percent)) <= 50


@given(
    st.lists(st.integers(0, 60), min_size=2, max_size=6, unique=True),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 14)), max_size=4),
    st.integers(0, 90),
)
def test_the_history_and_the_instant_agree(
    days: list[int], discounts: list[tuple[int, int]], day: int
) -> None:
    """What `charged` tells of a span is what `price_at` says at each instant of it."""
    starts = [START + at * DAY for at in sorted(days)]
    bases = [
        base(100 * (index + 1), since, until)
        for index, (since, until) in enumerate(zip(starts, [*starts[1:], None], strict=True))
    ]
    placed: list[Discount] = []
    for at, length in sorted(discounts):
        starts_at = START + at * DAY
        if not placed or placed[-1].ends_at <= starts_at:
            placed.append(discount(10 + at, starts_at, length))
    dated = Dated(bases=bases, discounts=placed, release=OUT)
    moment = START + day * DAY
    told = [step.final for step in dated.charged("RU") if step.span.holds(moment)]
    price = dated.price_at(("RU",), moment)
    assert told == ([price.final] if price else [])


@pytest.mark.parametrize(
    ("first", "second", "common"),
    [
        (Span(START, START + DAY), Span(START + DAY), None),
        (Span(START), Span(START + DAY), Span(START + DAY)),
        (Span(START, START + 2 * DAY), Span(START + DAY), Span(START + DAY, START + 2 * DAY)),
    ],
)
def test_spans_meet_where_both_hold(first: Span, second: Span, common: Span | None) -> None:
    assert first.meet(second) == common == second.meet(first)
