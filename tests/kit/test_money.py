"""Money: laws of its arithmetic, and nothing that is not whole kopecks of one currency."""

from fractions import Fraction

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.money import AMOUNT_MAX, CurrencyMismatch, Money, minor_digits, total_of

amounts = st.integers(-(10**12), 10**12)
roubles = st.builds(Money, amounts, st.just("RUB"))
weights = st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(any)


def rub(amount: int) -> Money:
    return Money(amount, "RUB")


@given(roubles, roubles)
def test_adding_and_taking_away_are_opposites(a: Money, b: Money) -> None:
    assert a + b == b + a
    assert a + b - b == a
    assert a - b == -(b - a)
    assert (a < b, a <= b, a > b, a >= b) == (b > a, b >= a, b < a, b <= a)


@given(st.lists(roubles, max_size=20))
def test_a_total_is_the_sum_of_its_parts(parts: list[Money]) -> None:
    assert total_of(parts, "RUB").amount == sum(part.amount for part in parts)


@given(roubles, st.integers(-1_000, 1_000), st.integers(1, 1_000))
def test_a_share_is_rounded_half_to_even(money: Money, numerator: int, denominator: int) -> None:
    assert money.share(numerator, denominator).amount == round(
        Fraction(money.amount * numerator, denominator)
    )
    assert (-money).share(numerator, denominator) == -money.share(numerator, denominator)


@pytest.mark.parametrize(
    ("amount", "numerator", "denominator", "expected"),
    [(5, 1, 2, 2), (15, 1, 2, 8), (-5, 1, 2, -2), (129900, 22, 122, 23425), (100, 0, 7, 0), (1, 2, 3, 1)],
)
def test_shares_by_hand(amount: int, numerator: int, denominator: int, expected: int) -> None:
    assert rub(amount).share(numerator, denominator) == rub(expected)


@given(roubles, weights)
def test_dividing_loses_no_kopeck_and_stays_within_one_of_the_exact_share(
    money: Money, by: list[int]
) -> None:
    parts = money.allocate(by)
    assert total_of(parts, "RUB") == money
    for part, weight in zip(parts, by, strict=True):
        assert abs(part.amount - Fraction(money.amount * weight, sum(by))) < 1
        assert weight or part.amount == 0


@given(roubles, weights)
def test_a_refund_divides_exactly_as_the_sale_did(money: Money, by: list[int]) -> None:
    assert (-money).allocate(by) == [-part for part in money.allocate(by)]


@given(roubles, weights)
def test_a_greater_weight_never_gets_less(money: Money, by: list[int]) -> None:
    parts = [abs(part.amount) for part in money.allocate(by)]
    for weight, part in zip(by, parts, strict=True):
        assert all(part >= other for less, other in zip(by, parts, strict=True) if less < weight)


def test_kopecks_left_over_go_to_the_largest_remainders_then_to_the_earlier() -> None:
    assert rub(100).allocate([1, 1, 1]) == [rub(34), rub(33), rub(33)]
    assert rub(101).allocate([1, 2, 3]) == [rub(17), rub(34), rub(50)]
    assert rub(1).allocate([0, 1, 5]) == [rub(0), rub(0), rub(1)]


@pytest.mark.parametrize("by", [[], [0, 0], [1, -1, 1]])
def test_weights_that_divide_nothing_are_a_mistake(by: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        rub(100).allocate(by)


@pytest.mark.parametrize("denominator", [0, -3])
def test_a_share_of_nothing_is_a_mistake(denominator: int) -> None:
    with pytest.raises(ValueError, match="share"):
        rub(100).share(1, denominator)


def test_currencies_do_not_mix() -> None:
    tenge = Money(1, "KZT")
    for mix in (
        lambda: rub(1) + tenge,
        lambda: rub(1) - tenge,
        lambda: rub(1) < tenge,
        lambda: rub(1) >= tenge,
        lambda: total_of([rub(1), tenge], "RUB"),
        lambda: total_of([], "RUB") + tenge,
    ):
        with pytest.raises(CurrencyMismatch):
            mix()
    assert rub(1) != tenge


@pytest.mark.parametrize("amount", [1.0, "1", True, None])
def test_an_amount_is_a_whole_number(amount: object) -> None:
    with pytest.raises(TypeError):
        Money(amount, "RUB")  # type: ignore[arg-type]


def test_what_json_cannot_carry_exactly_is_refused() -> None:
    with pytest.raises(OverflowError):
        rub(AMOUNT_MAX) + rub(1)


@pytest.mark.parametrize(
    "text",
    [
        '{"amount": 1.5, "currency": "RUB"}',
        '{"amount": 1.0, "currency": "RUB"}',
        '{"amount": "1", "currency": "RUB"}',
        '{"amount": 1, "currency": "rub"}',
        '{"amount": 1, "currency": "RUBL"}',
        '{"amount": 9007199254740992, "currency": "RUB"}',
        '{"amount": 1}',
    ],
)
def test_what_is_not_money_does_not_decode(text: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(text, type=Money)


@given(roubles)
def test_money_survives_json(money: Money) -> None:
    assert msgspec.json.decode(msgspec.json.encode(money), type=Money) == money


def test_the_minor_unit_is_not_always_a_hundredth() -> None:
    assert [minor_digits(code) for code in ("RUB", "JPY", "KWD", "SEK")] == [2, 0, 3, 2]


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [
        (-5, "RUB", "-0.05"),
        (123_456, "RUB", "1234.56"),
        (0, "RUB", "0.00"),
        (500, "JPY", "500"),
        (-1_005, "KWD", "-1.005"),
    ],
)
def test_a_sum_in_whole_units_has_all_its_digits(amount: int, currency: str, written: str) -> None:
    assert Money(amount, currency).decimal() == written
    assert Money(amount, currency).decimal(",") == written.replace(".", ",")
