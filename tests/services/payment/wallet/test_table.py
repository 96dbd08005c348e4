"""No cell of the table is run by a spreadsheet."""

import pytest

from samovar.kit.money import Money
from samovar.services.payment.wallet.table import shown, spelled


@pytest.mark.parametrize("text", ["=1+1", "+7", "-1", "@SUM(A1)", "\tx", "\rx"])
def test_a_formula_becomes_text(text: str) -> None:
    assert shown(text) == f"'{text}"


def test_other_text_stays() -> None:
    assert shown("Покупка") == "Покупка"


@pytest.mark.parametrize(
    ("money", "ru", "en"),
    [
        (Money(-49_905, "RUB"), "-499,05", "-499.05"),
        (Money(5, "RUB"), "0,05", "0.05"),
        (Money(500, "JPY"), "500", "500"),
        (Money(1_234, "KWD"), "1,234", "1.234"),
    ],
)
def test_an_amount_is_a_number_in_the_language(money: Money, ru: str, en: str) -> None:
    assert (spelled(money, "ru"), spelled(money, "en")) == (ru, en)
