"""The line of a price is as long as it was charged and as high as it was."""

from datetime import UTC, datetime, timedelta

import pytest

from samovar.client.api.game_pages import PriceStep
from samovar.client.state.store.prices import DAYS_SHOWN, levels

NOW = datetime(2026, 11, 27, tzinfo=UTC)


def step(begin_days: int, end_days: int | None, amount: int) -> PriceStep:
    money = {"amount": amount, "currency": "RUB"}
    until = None if end_days is None else NOW - timedelta(days=end_days)
    return PriceStep(since=NOW - timedelta(days=begin_days), until=until, final=money, base=money)


def test_a_line_is_in_proportion() -> None:
    full, cut = levels([step(40, 10, 1000), step(10, None, 500)], NOW)
    assert (full.begins, full.height) == (0, 1)
    assert full.ends == pytest.approx(0.75)
    assert cut.begins == pytest.approx(0.75)
    assert (cut.ends, cut.height) == (1, 0.5)


def test_what_is_older_than_a_year_is_cut_off() -> None:
    old, new = levels([step(900, 100, 1000), step(100, None, 900)], NOW)
    assert old.begins == 0
    assert old.ends == pytest.approx(1 - 100 / DAYS_SHOWN)
    assert new.ends == 1


def test_there_is_no_line_of_what_never_cost_anything() -> None:
    assert levels([], NOW) == []
    assert levels([step(10, None, 0)], NOW) == []
