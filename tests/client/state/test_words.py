"""Numbers, sums and times as people of both languages write them."""

from datetime import UTC, datetime

import pytest

from samovar.client.state.words import Words, catalogue

SENTENCES = catalogue()
RU, EN = Words(SENTENCES, "ru"), Words(SENTENCES, "en")


def test_money_and_discounts() -> None:
    assert RU.money({"amount": 129900, "currency": "RUB"}) == "1\u202f299\u00a0₽"
    assert EN.money({"amount": 129950, "currency": "RUB"}) == "₽1,299.50"
    assert (RU.discount(35), EN.discount(35)) == ("\u221235\u00a0%", "\u221235%")


def test_sizes_and_speeds() -> None:
    assert RU.size(38_200_000_000) == "38,2\u00a0ГБ"
    assert RU.speed(52_000_000) == "52\u00a0МБ/с"
    assert EN.speed(52_000_000) == "52\u00a0MB/s"


@pytest.mark.parametrize(
    ("seconds", "russian"),
    [
        (0.2, "осталась 1 секунда"),
        (59, "осталось 59 секунд"),
        (60, "осталась 1 минута"),
        (420, "осталось 7 минут"),
        (3600 * 3, "осталось 3 часа"),
    ],
)
def test_what_is_left_takes_the_plural_of_its_number(seconds: float, russian: str) -> None:
    assert RU.left(seconds) == russian


def test_a_moment_is_told_by_the_readers_clock() -> None:
    moment = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    assert RU.moment(moment) == "24\u00a0ноября 2026, 01:30"
    assert EN.day(moment) == "24\u00a0November 2026"
