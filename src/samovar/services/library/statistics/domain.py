"""Which time a player asks about. Pure."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal

import msgspec

from samovar.kit.errors import FieldError

Unit = Literal["day", "week", "month", "year"]
STEPS_MAX = 400
GAMES_MAX = 100
DEVICES_MAX = 50
# Moscow's.
OFFSET_MINUTES = 180
_DAYS: dict[Unit, int] = {"day": 1, "week": 7, "month": 30, "year": 365}
_SHOWN: dict[Unit, int] = {"day": 30, "week": 12, "month": 12, "year": 5}
# Before that nobody has played anything here; behind it calendars end.
_EARLIEST, _LATEST = date(2000, 1, 1), date(2999, 12, 31)


class Period(msgspec.Struct, frozen=True, kw_only=True):
    """Some whole days of the player's calendar.

    Attributes:
        until: The last day.
        offset: How far the player's clock is ahead of UTC.
    """

    since: date
    until: date
    offset: timedelta

    @property
    def begin(self) -> datetime:
        """Return when the first day begins."""
        return datetime(self.since.year, self.since.month, self.since.day, tzinfo=UTC) - self.offset

    @property
    def end(self) -> datetime:
        """Return when the last day has ended."""
        after = self.until + timedelta(days=1)
        return datetime(after.year, after.month, after.day, tzinfo=UTC) - self.offset


def period_of(
    since: date | None, until: date | None, *, unit: Unit, offset_minutes: int, now: datetime
) -> Period | list[FieldError]:
    """Return the days that are asked about, or what is wrong with the question.

    Without an end it is today, by the player's clock; without a beginning 30 days, 12 weeks, 12 months or 5 years before the end.
    """
    offset = timedelta(minutes=offset_minutes)
    last = until or (now + offset).date()
    if not _EARLIEST <= last <= _LATEST:
        return [FieldError("until", "date_out_of_range", "between 2000 and 2999")]
    first = since or max(_EARLIEST, last - timedelta(days=_DAYS[unit] * _SHOWN[unit] - 1))
    if not _EARLIEST <= first <= _LATEST:
        return [FieldError("since", "date_out_of_range", "between 2000 and 2999")]
    if first > last:
        return [FieldError("since", "period_backwards", "not later than the end")]
    if (last - first).days >= STEPS_MAX * _DAYS[unit]:
        limit = str(STEPS_MAX)
        return [FieldError("since", "period_too_long", f"at most {limit} steps", limit=limit)]
    return Period(since=first, until=last, offset=offset)
