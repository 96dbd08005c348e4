"""What a child may play today, by the clock on its wall."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samovar.services.account.family.limits.domain import (
    Allowance,
    ChildLimits,
    PlayHours,
    allowance,
    day_of,
    end_of_day,
    zone_of,
)

WEEK = (60, 61, 62, 63, 64, 120, 121)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_the_minutes_are_those_of_the_weekday_where_the_child_is() -> None:
    limits = ChildLimits(minutes_by_weekday=WEEK, time_zone="Asia/Vladivostok")
    friday_in_moscow = at("2026-11-27T20:00")
    assert allowance(limits, extra_minutes=0, now=friday_in_moscow) == Allowance(
        day=date(2026, 11, 28), minutes=120, opens_at=None, closes_at=None
    )


def test_the_hours_are_on_the_clock_of_the_wall_when_it_is_put_forward() -> None:
    limits = ChildLimits(hours=PlayHours(480, 1_260), time_zone="Europe/Berlin")
    today = allowance(limits, extra_minutes=0, now=at("2026-03-29T12:00"))
    assert today.opens_at
    assert today.closes_at
    assert (today.opens_at, today.closes_at) == (
        at("2026-03-29T06:00"),
        at("2026-03-29T19:00"),
    )


def test_more_time_lengthens_the_minutes_and_the_hours_to_midnight_at_most() -> None:
    limits = ChildLimits(minutes_by_weekday=WEEK, hours=PlayHours(480, 1_420))
    today = allowance(limits, extra_minutes=45, now=at("2026-11-27T12:00"))
    assert today.minutes == 64 + 45
    assert today.closes_at == end_of_day(limits, date(2026, 11, 27)) == at("2026-11-27T21:00")


def test_without_limits_nothing_is_limited() -> None:
    limits = ChildLimits()
    today = allowance(limits, extra_minutes=30, now=at("2026-11-27T12:00"))
    assert (limits.has_play_limit, today.minutes, today.opens_at, today.closes_at) == (
        False,
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    "name", ["Europe", "Mars/Base", "", "../etc/passwd", "UTC+3", "/etc/passwd", "a" * 300]
)
def test_a_time_zone_that_there_is_not_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        zone_of(name)


@given(
    st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  Hypothesis adds the zone
    st.sampled_from(["Europe/Moscow", "Asia/Kamchatka", "America/St_Johns", "Pacific/Apia", "Europe/Berlin"]),
    st.integers(0, 1_439),
    st.integers(1, 1_440),
    st.integers(0, 600),
)
def test_a_day_never_closes_before_it_opens_nor_after_it_ends(
    now: datetime, zone: str, opens: int, closes: int, extra: int
) -> None:
    opens, closes = min(opens, closes - 1), max(opens + 1, closes)
    limits = ChildLimits(minutes_by_weekday=WEEK, hours=PlayHours(opens, closes), time_zone=zone)
    today = allowance(limits, extra_minutes=extra, now=now)
    assert today.day == day_of(limits, now)
    assert today.opens_at
    assert today.closes_at
    assert today.closes_at <= end_of_day(limits, today.day)
    hours = (today.closes_at - today.opens_at).total_seconds() / 3_600
    assert abs(hours - (min(closes + extra, 1_440) - opens) / 60) <= 1  # A clock that is put forward or back.
    assert 0 <= (today.minutes or 0) <= 1_440
    assert timedelta(hours=-3) < end_of_day(limits, today.day) - now < timedelta(hours=27)
