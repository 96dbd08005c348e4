"""Days and moments as developers type them."""

from datetime import date, datetime, timedelta, timezone

import pytest

from samovar.client.state.console.moments import read_day, read_moment, write_day, write_moment

MOSCOW = timezone(timedelta(hours=3))


@pytest.mark.parametrize("text", ["1.12.2026", "01.12.2026", " 2026-12-01 "])
def test_a_day_is_read_as_people_type_it(text: str) -> None:
    assert read_day(text) == date(2026, 12, 1)


@pytest.mark.parametrize("text", ["", "завтра", "31.02.2026", "1.13.2026", "1.12.26"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_day(text) is None


def test_a_moment_is_by_moscow_time() -> None:
    assert read_moment("01.12.2026 9:05") == datetime(2026, 12, 1, 9, 5, tzinfo=MOSCOW)
    assert read_moment("01.12.2026") == datetime(2026, 12, 1, tzinfo=MOSCOW)


@pytest.mark.parametrize("text", ["01.12.2026 25:00", "01.12.2026 9", "12:00"])
def test_what_is_no_moment_is_none(text: str) -> None:
    assert read_moment(text) is None


def test_what_is_written_can_be_read() -> None:
    moment = datetime(2026, 3, 4, 5, 6, tzinfo=MOSCOW)
    assert read_moment(write_moment(moment)) == moment
    assert write_day(moment) == "04.03.2026"
