"""Time comes in as an argument, so that a test can hold it still."""

import time
from datetime import UTC, datetime, timedelta, timezone
from typing import Final, Protocol

# Whose days reports count by; without summer time since 2014 (248-ФЗ of 2014).
MOSCOW: Final = timezone(timedelta(hours=3))


class Clock(Protocol):
    """Where time comes from."""

    def now(self) -> datetime:
        """Return the wall-clock time, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never go back, for measuring a span of time."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Return the wall-clock time, aware, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never go back, for measuring a span of time."""
        return time.monotonic()
