"""A limit holds over time, a schedule changes it by the hour, and 0 waits."""

from datetime import datetime, time, timedelta

import pytest

from samovar.content.engine.pace import LOOK_AGAIN_S, Pace, Schedule, Window

MONDAY = datetime(2026, 11, 23, 12)  # noqa: DTZ001  local time
ALL = frozenset(range(7))


class World:
    """Time that goes on only when somebody sleeps."""

    def __init__(self) -> None:
        self.slept = 0.0

    def now(self) -> datetime:
        return MONDAY + timedelta(seconds=self.slept)

    def monotonic(self) -> float:
        return self.slept

    async def sleep(self, seconds: float) -> None:
        self.slept += seconds

    def pace(self, schedule: Schedule) -> Pace:
        return Pace(schedule, now=self.now, monotonic=self.monotonic, sleep=self.sleep)


async def test_without_a_limit_nobody_waits() -> None:
    world = World()
    await world.pace(Schedule()).take(10**9)
    assert world.slept == 0


async def test_a_limit_holds_over_time() -> None:
    world = World()
    pace = world.pace(Schedule(otherwise=1000))
    for _ in range(100):
        await pace.take(100)
    assert world.slept == pytest.approx(10, abs=0.5)


async def test_who_was_idle_does_not_catch_up() -> None:
    world = World()
    pace = world.pace(Schedule(otherwise=1000))
    world.slept = 1000
    await pace.take(5000)
    assert world.slept == pytest.approx(1005, abs=0.5)


@pytest.mark.parametrize(
    ("limit", "at_once"), [(None, 6), (100_000_000, 6), (2_500_000, 2), (1_000_000, 1), (50_000, 1), (0, 1)]
)
def test_few_ranges_share_a_low_limit(limit: int | None, at_once: int) -> None:
    assert World().pace(Schedule(otherwise=limit)).at_once(6) == at_once


async def test_a_window_that_pauses_is_waited_for() -> None:
    world = World()
    pause = Window(ALL, time(12), time(12, 1), 0)
    await world.pace(Schedule([pause])).take(1)
    assert 60 <= world.slept < 60 + LOOK_AGAIN_S


@pytest.mark.parametrize(
    ("days", "begin", "end", "at", "holds"),
    [
        (ALL, time(1), time(8), MONDAY.replace(hour=1), True),
        (ALL, time(1), time(8), MONDAY.replace(hour=8), False),
        ({0}, time(23), time(7), MONDAY.replace(hour=23), True),
        ({0}, time(23), time(7), MONDAY.replace(hour=6), False),
        ({0}, time(23), time(7), MONDAY.replace(hour=6) + timedelta(days=1), True),
        ({6}, time(23), time(7), MONDAY.replace(hour=6), True),
        ({0}, time(0), time(0), MONDAY, True),
        ({1}, time(0), time(0), MONDAY, False),
    ],
)
def test_a_window_holds_between_its_hours_also_over_midnight(
    days: set[int], begin: time, end: time, at: datetime, *, holds: bool
) -> None:
    window = Window(frozenset(days), begin, end, 5)
    assert window.holds(at) == holds
    assert Schedule([window], otherwise=9).limit(at) == (5 if holds else 9)
