"""Days and moments as developers type them: `1.12.2026`, `01.12.2026 12:00`, by Moscow time."""

import re
from datetime import date, datetime

from samovar.client.state.words import MOSCOW

_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})|(\d{4})-(\d{1,2})-(\d{1,2})")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


def read_day(text: str) -> date | None:
    """Return the day that a text means, also as ISO 8601 writes it; none: it means none."""
    found = _DAY.fullmatch(text.strip())
    if found is None:
        return None
    day, month, year = found.group(1, 2, 3) if found.group(1) else found.group(6, 5, 4)
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_moment(text: str) -> datetime | None:
    """Return the moment that a text means; a day alone is its beginning. None: it means none."""
    first, _, second = text.strip().partition(" ")
    day = read_day(first)
    clock = _CLOCK.fullmatch(second.strip() or "0:00")
    if day is None or clock is None:
        return None
    hour, minute = int(clock.group(1)), int(clock.group(2))
    try:
        return datetime(day.year, day.month, day.day, hour, minute, tzinfo=MOSCOW)
    except ValueError:
        return None


def write_day(day: date) -> str:
    """Return a day as it is typed."""
    return f"{day.day:02}.{day.month:02}.{day.year}"


def write_moment(moment: datetime) -> str:
    """Return a moment as it is typed."""
    there = moment.astimezone(MOSCOW)
    return f"{write_day(there)} {there.hour:02}:{there.minute:02}"
