"""Clocks: the machine's and the one that tests move."""

from datetime import UTC, datetime, timedelta

from samovar.kit.clock import Clock, SystemClock
from samovar.testing.clock import FakeClock


def shown(clock: Clock) -> tuple[datetime, float]:
    return clock.now(), clock.monotonic()


def test_the_system_clock_is_aware_and_its_spans_do_not_go_back() -> None:
    clock: Clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    moment, span_s = clock.now(), clock.monotonic()
    while clock.now() == moment or clock.monotonic() == span_s:
        assert clock.monotonic() >= span_s


def test_a_fake_clock_stands_still_until_it_is_moved() -> None:
    clock = FakeClock(datetime(2026, 11, 23, tzinfo=UTC))
    assert shown(clock) == shown(clock)
    clock.advance(90)
    assert shown(clock) == (datetime(2026, 11, 23, 0, 1, 30, tzinfo=UTC), 90)


def test_setting_the_wall_clock_back_does_not_touch_spans() -> None:
    clock = FakeClock()
    clock.advance(5)
    clock.set(datetime(2020, 1, 1, tzinfo=UTC))
    assert shown(clock) == (datetime(2020, 1, 1, tzinfo=UTC), 5)
