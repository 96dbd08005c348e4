"""Days as Moscow counts them: by them taxes, acts, receipts and the registers of providers are dated. Pure."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final

# Without summer time since 2014 (248-ФЗ of 2014), so that no table of time zones is needed.
MOSCOW: Final = timezone(timedelta(hours=3))


def day_of(at: datetime) -> date:
    """Return the day in Moscow."""
    return at.astimezone(MOSCOW).date()


def beginning_of(day: date) -> datetime:
    """Return when a day begins in Moscow, in UTC."""
    return datetime.combine(day, time(), MOSCOW).astimezone(UTC)
