"""Prices as developers type them."""

import pytest

from samovar.client.state.console.amounts import read_amount, write_amount


@pytest.mark.parametrize(
    ("text", "amount"), [("1299", 129_900), ("1 299,50", 129_950), ("499.5", 49_950), ("0", 0)]
)
def test_a_price_is_read_as_people_type_it(text: str, amount: int) -> None:
    assert read_amount(text, "RUB") == amount


@pytest.mark.parametrize("text", ["", "-1", "дорого", "1,299", "1e3", "12,", "9" * 20])
def test_what_is_no_price_is_none(text: str) -> None:
    assert read_amount(text, "RUB") is None


def test_what_is_written_can_be_read() -> None:
    assert write_amount(129_900, "RUB", "ru") == "1299"
    assert write_amount(129_905, "RUB", "ru") == "1299,05"
    assert write_amount(129_905, "RUB", "en") == "1299.05"
    assert read_amount(write_amount(129_905, "RUB", "ru"), "RUB") == 129_905
