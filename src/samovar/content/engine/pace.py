"""How fast bytes may come: a limit that the player sets, and a schedule that sets it by the hour."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time
from typing import NamedTuple

# How long a pause of the schedule is slept through before it is looked at again.
LOOK_AGAIN_S = 5.0
BURST_S = 0.25
# What a limit lets each of several ranges have at least.
RANGE_BYTES_PER_S = 1_000_000


class Window(NamedTuple):
    """Hours with a limit of their own.

    Attributes:
        days: 0 is Monday; a window over midnight belongs to the day on which it begins.
        begin: Local time; included.
        end: Local time; excluded. Equal to `begin`: the whole day.
        bytes_per_s: The limit; 0 pauses, None sets none.
    """

    days: frozenset[int]
    begin: time
    end: time
    bytes_per_s: int | None

    def holds(self, now: datetime) -> bool:
        """Whether the window is open."""
        at, day = now.time(), now.weekday()
        if self.begin < self.end:
            return day in self.days and self.begin <= at < self.end
        before = (day - 1) % 7
        return (day in self.days and at >= self.begin) or (before in self.days and at < self.end)


class Schedule:
    """A limit by the hour.

    Args:
        windows: The first that is open counts.
        otherwise: Bytes per second outside of them; 0 pauses, None sets no limit.
    """

    def __init__(self, windows: Sequence[Window] = (), otherwise: int | None = None) -> None:
        self._windows = windows
        self._otherwise = otherwise

    def limit(self, now: datetime) -> int | None:
        """Return the limit at a moment."""
        for window in self._windows:
            if window.holds(now):
                return window.bytes_per_s
        return self._otherwise


class Pace:
    """Lets bytes through at the limit; one for all downloads of a device.

    Args:
        schedule: Says the limit; it may be replaced at any time.
        now: Local time.
        monotonic: Seconds that only grow.
        sleep: Waits for seconds.
    """

    def __init__(
        self,
        schedule: Schedule,
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.schedule = schedule
        self._now = now
        self._monotonic = monotonic
        self._sleep = sleep
        self._free_at = 0.0

    def at_once(self, most: int) -> int:
        """Return how many ranges may come beside each other: under a low limit few, so that each is whole soon and a stop loses little.

        Args:
            most: Without a limit.
        """
        limit = self.schedule.limit(self._now())
        return most if limit is None else max(1, min(most, limit // RANGE_BYTES_PER_S))

    async def take(self, size: int) -> None:
        """Return when `size` bytes may be counted as taken."""
        while (limit := self.schedule.limit(self._now())) == 0:
            await self._sleep(LOOK_AGAIN_S)
        if limit is None:
            return
        now = self._monotonic()
        # Who was idle may take a little at once, not all that it missed.
        self._free_at = max(self._free_at, now - BURST_S) + size / limit
        if self._free_at > now:
            await self._sleep(self._free_at - now)
