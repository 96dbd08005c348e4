"""What a child may do and how long, as pure functions."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

Chat = Literal["nobody", "friends", "everyone"]
Purchases = Literal["never", "approval", "free"]
AgeMark = Literal[0, 6, 12, 16, 18]

DAY_MINUTES = 1_440
TIME_ZONE = "Europe/Moscow"
# A file of the database that says where the server is, which is nobody's answer.
THIS_MACHINE = "localtime"


class PlayHours(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The part of a day in which a child may play, in minutes since midnight: 480 is 8:00, 1440 is the end of the day."""

    opens_minute: int
    closes_minute: int


class ChildLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What the adults of a family let a child do. The defaults are those of a child for whom nobody has set anything.

    Attributes:
        age_max: Games of a higher age mark are kept away; none where the child's own age decides alone.
        minutes_by_weekday: From Monday to Sunday; none where time is not limited.
        hours: None where every hour will do.
        time_zone: Where the child is: a name of the IANA database.
        may_open_store: Whether the child sees the store at all.
        chat: With whom the child may talk.
        purchases: Whether the child may buy by itself, must ask, or may not even ask.
    """

    age_max: AgeMark | None = None
    minutes_by_weekday: tuple[int, int, int, int, int, int, int] | None = None
    hours: PlayHours | None = None
    time_zone: str = TIME_ZONE
    may_open_store: bool = True
    chat: Chat = "friends"
    purchases: Purchases = "approval"

    @property
    def has_play_limit(self) -> bool:
        """Whether the time to play is limited in any way."""
        return self.minutes_by_weekday is not None or self.hours is not None


class LimitedChild(msgspec.Struct, frozen=True):
    """A child of a family with its limits."""

    account_id: UUID
    family_id: UUID
    limits: ChildLimits


class Allowance(msgspec.Struct, frozen=True, kw_only=True):
    """What a child may play today.

    Attributes:
        day: Today, where the child is.
        minutes: How long in all; none where it is not limited.
        opens_at: Not before; none where every hour will do.
        closes_at: Not after.
    """

    day: date
    minutes: int | None
    opens_at: datetime | None
    closes_at: datetime | None


def zone_of(name: str) -> ZoneInfo:
    """Return a time zone.

    Raises:
        ValueError: There is none of this name.
    """
    if name == THIS_MACHINE:
        raise ValueError(name)
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:  # OSError: a folder of the database, such as `Europe`.
        raise ValueError(name) from error


def day_of(limits: ChildLimits, now: datetime) -> date:
    """Return the present day where the child is."""
    return now.astimezone(zone_of(limits.time_zone)).date()


def end_of_day(limits: ChildLimits, day: date) -> datetime:
    """Return when a day ends where the child is."""
    return _moment(limits, day, DAY_MINUTES)


def allowance(limits: ChildLimits, *, extra_minutes: int, now: datetime) -> Allowance:
    """Return what a child may play today.

    Args:
        limits: What the adults have set.
        extra_minutes: What they gave in addition for today: the day is longer by that, and so are its hours, to midnight
            at most.
        now: The present moment.
    """
    day = day_of(limits, now)
    minutes = limits.minutes_by_weekday
    hours = limits.hours
    return Allowance(
        day=day,
        minutes=min(minutes[day.weekday()] + extra_minutes, DAY_MINUTES) if minutes else None,
        opens_at=_moment(limits, day, hours.opens_minute) if hours else None,
        closes_at=_moment(limits, day, min(hours.closes_minute + extra_minutes, DAY_MINUTES))
        if hours
        else None,
    )


def _moment(limits: ChildLimits, day: date, minute: int) -> datetime:
    """Return when the clock on the child's wall shows a minute of a day, in UTC."""
    days, minute = divmod(minute, DAY_MINUTES)
    hour, minute = divmod(minute, 60)
    wall = datetime.combine(day + timedelta(days=days), time(hour, minute), tzinfo=zone_of(limits.time_zone))
    return wall.astimezone(UTC)
