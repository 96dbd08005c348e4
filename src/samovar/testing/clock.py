"""A clock that moves when the test says so."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(2026, 1, 1, 12, 0, tzinfo=UTC)


class FakeClock:
    """A `Clock` that stands still.

    Args:
        now: The time it shows at first.
    """

    def __init__(self, now: datetime = EPOCH) -> None:
        self._now = now
        self._monotonic = 0.0

    def now(self) -> datetime:
        """Return the wall-clock time that was set."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds that `advance` added up."""
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds

    def set(self, now: datetime) -> None:
        """Set the wall clock, also backwards, as NTP does; `monotonic` does not notice."""
        self._now = now
