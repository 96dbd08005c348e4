"""Which time is asked about."""

from datetime import UTC, date, datetime, timedelta

import pytest

from samovar.services.library.statistics.domain import Period, Unit, period_of

# 01:30 of the next day in Moscow.
LATE = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)


def test_today_is_the_players_own() -> None:
    moscow = period_of(None, None, unit="day", offset_minutes=180, now=LATE)
    assert isinstance(moscow, Period)
    assert (moscow.since, moscow.until) == (date(2026, 10, 30), date(2026, 11, 28))
    assert moscow.end - moscow.begin == timedelta(days=30)
    assert moscow.end == datetime(2026, 11, 28, 21, tzinfo=UTC)
    greenwich = period_of(None, None, unit="week", offset_minutes=0, now=LATE)
    assert isinstance(greenwich, Period)
    assert (greenwich.until, (greenwich.until - greenwich.since).days) == (date(2026, 11, 27), 83)


@pytest.mark.parametrize(
    ("since", "until", "unit", "field"),
    [
        (date(2026, 1, 2), date(2026, 1, 1), "day", "since"),
        (date(2020, 1, 1), date(2026, 1, 1), "day", "since"),
        (date(1999, 1, 1), None, "year", "since"),
        (None, date(1, 1, 1), "day", "until"),
        (None, date(9999, 12, 31), "year", "until"),
    ],
)
def test_nonsense_is_refused(since: date | None, until: date | None, unit: Unit, field: str) -> None:
    faults = period_of(since, until, unit=unit, offset_minutes=840, now=LATE)
    assert isinstance(faults, list)
    assert [fault.field for fault in faults] == [field]


def test_the_longest_period_is_counted_in_steps() -> None:
    assert isinstance(
        period_of(date(2020, 1, 1), date(2026, 1, 1), unit="week", offset_minutes=0, now=LATE), Period
    )
    assert isinstance(
        period_of(date(2000, 1, 1), date(2026, 1, 1), unit="year", offset_minutes=0, now=LATE), Period
    )
