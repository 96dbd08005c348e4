"""Amounts go through decimals and back with no kopeck lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.kit.money import Money
from samovar.services.payment.providers.amounts import from_value, to_value


@given(st.integers(0, 10**14), st.sampled_from(["RUB", "JPY", "KWD"]))
def test_what_is_written_is_read_back(amount: int, currency: str) -> None:
    assert from_value(to_value(Money(amount, currency)), currency) == Money(amount, currency)


@pytest.mark.parametrize(
    ("value", "amount"), [("1", 100), ("1.5", 150), ("0.01", 1), ("10.50", 1_050), ("1.230", 123)]
)
def test_shorter_and_longer_decimals_are_read(value: str, amount: int) -> None:
    assert from_value(value, "RUB") == Money(amount, "RUB")


@pytest.mark.parametrize("value", ["", "-1.00", "1,00", "1.005", "1e3", "NaN", " 1", "1.", ".5", "1\n"])
def test_anything_else_is_no_amount(value: str) -> None:
    with pytest.raises(ValueError, match=r"amount|finer"):
        from_value(value, "RUB")
