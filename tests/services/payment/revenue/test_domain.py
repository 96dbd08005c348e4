"""A sale is divided to the kopeck, and taken back to the kopeck."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.services.payment.revenue.domain import (
    Parts,
    Tier,
    TierTable,
    commission_of,
    faults_of,
    keep_back,
    reverse,
    sources_of,
    split,
    table_at,
)
from samovar.services.payment.revenue.vat import VatRegime, vat_percent_of

TIERS = (Tier(0, 1500), Tier(5_000_000_000, 1000), Tier(25_000_000_000, 500))
AMOUNTS = st.integers(0, 10**12)
SHARES = st.integers(0, 10_000)


@st.composite
def tiers(draw: st.DrawFn) -> tuple[Tier, ...]:
    above = sorted({0, *draw(st.lists(st.integers(1, 10**12), max_size=9))})
    return tuple(Tier(at, draw(SHARES)) for at in above)


@given(AMOUNTS, AMOUNTS, tiers(), st.sampled_from([0, 5, 7, 10, 20, 22]))
def test_the_parts_add_up_to_what_was_paid(
    gross: int, basis: int, table: tuple[Tier, ...], vat_percent: int
) -> None:
    parts = split(gross, basis_before=basis, tiers=table, vat_percent=vat_percent)
    assert parts.total == gross
    assert min(parts.tax, parts.commission, parts.developer) >= 0
    assert parts == split(gross, basis_before=basis, tiers=table, vat_percent=vat_percent)


@given(AMOUNTS, AMOUNTS, AMOUNTS, tiers())
def test_a_sale_cut_in_two_is_charged_as_a_whole(
    first: int, second: int, basis: int, table: tuple[Tier, ...]
) -> None:
    apart = commission_of(first, basis, table) + commission_of(second, basis + first, table)
    assert abs(commission_of(first + second, basis, table) - apart) <= 1


@pytest.mark.parametrize(
    ("net", "basis", "expected"),
    [
        (100_00, 0, 15_00),
        (100_00, 5_000_000_000, 10_00),
        (100_00, 25_000_000_000, 5_00),
        (100_00, 5_000_000_000 - 40_00, 6_00 + 6_00),
        (30_000_000_000, 0, 750_000_000 + 2_000_000_000 + 250_000_000),
        (0, 0, 0),
        (1, 0, 0),
        (10, 0, 2),
        (30, 0, 4),
    ],
)
def test_a_sale_that_crosses_a_tier_is_charged_by_both(net: int, basis: int, expected: int) -> None:
    assert commission_of(net, basis, TIERS) == expected


@given(
    st.builds(Parts, *(st.integers(0, 10**9) for _ in range(3))), st.lists(st.integers(1, 10**9), max_size=12)
)
def test_refunds_bit_by_bit_take_back_exactly_the_split(whole: Parts, bits: list[int]) -> None:
    left, taken = whole, Parts(0, 0, 0)
    for bit in [*bits, whole.total]:
        amount = min(bit, left.total)
        if amount:
            parts = reverse(amount, left)
            assert parts.total == amount
            left = Parts(
                left.tax - parts.tax, left.commission - parts.commission, left.developer - parts.developer
            )
            taken = Parts(
                taken.tax + parts.tax, taken.commission + parts.commission, taken.developer + parts.developer
            )
            assert min(left.tax, left.commission, left.developer) >= 0
    assert taken == whole


def test_nothing_more_than_is_left_is_taken_back() -> None:
    for amount in (0, -1, 101):
        with pytest.raises(ValueError, match="no part"):
            reverse(amount, Parts(20, 30, 50))


@given(AMOUNTS, st.integers(-10, 10**12), st.integers(-10, 10**12))
def test_a_refund_takes_payable_first_and_ends_as_a_debt(amount: int, payable: int, reserve: int) -> None:
    sources = sources_of(amount, payable=payable, reserve=reserve)
    assert sources.payable + sources.reserve + sources.debt == amount
    assert 0 <= sources.payable <= max(0, payable)
    assert 0 <= sources.reserve <= max(0, reserve)
    assert sources.debt == max(0, amount - max(0, payable) - max(0, reserve))


@given(AMOUNTS, AMOUNTS, st.integers(0, 100))
def test_new_earnings_pay_the_debt_before_anything_is_kept(earned: int, debt: int, percent: int) -> None:
    offset, kept = keep_back(earned, debt=debt, reserve_percent=percent)
    assert offset == min(earned, debt)
    assert 0 <= kept <= earned - offset


@pytest.mark.parametrize(
    ("regime", "day", "percent"),
    [
        ("none", date(2026, 11, 27), 0),
        ("exempt", date(2026, 11, 27), 0),
        ("vat_5", date(2024, 12, 31), 0),
        ("vat_5", date(2025, 1, 1), 5),
        ("vat_7", date(2026, 1, 1), 7),
        ("general", date(2025, 12, 31), 20),
        ("general", date(2026, 1, 1), 22),
    ],
)
def test_the_rate_is_that_of_the_day(regime: VatRegime, day: date, percent: int) -> None:
    assert vat_percent_of(regime, day) == percent


def test_tiers_begin_at_nothing_and_rise() -> None:
    assert faults_of(TIERS) is None
    assert faults_of(()) == "tiers_count"
    assert faults_of(tuple(Tier(at, 1) for at in range(11))) == "tiers_count"
    assert faults_of((Tier(1, 100),)) == "tiers_from_zero"
    assert faults_of((Tier(0, 100), Tier(0, 50))) == "tiers_order"
    assert faults_of((Tier(0, 10_001),)) == "tiers_share"


def test_a_sale_keeps_the_tiers_of_its_day() -> None:
    old = TierTable(version=1, currency="RUB", valid_from=datetime(2026, 1, 1, tzinfo=UTC), tiers=TIERS)
    new = TierTable(
        version=2, currency="RUB", valid_from=datetime(2026, 6, 1, tzinfo=UTC), tiers=(Tier(0, 3000),)
    )
    assert table_at([new, old], "RUB", datetime(2026, 5, 31, 23, 59, tzinfo=UTC)) is old
    assert table_at([old, new], "RUB", datetime(2026, 6, 1, tzinfo=UTC)) is new
    foreign = table_at([old, new], "KZT", datetime(2026, 5, 1, tzinfo=UTC))
    assert (foreign.version, foreign.tiers) == (1, TIERS[:1])
    with pytest.raises(LookupError):
        table_at([old], "RUB", datetime(2025, 1, 1, tzinfo=UTC))
