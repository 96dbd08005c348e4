"""Clocks: the machine's and the one that tests move."""

from datetime import UTC, datetime, timedelta

from samovar.kit.clock import Clock, SystemClock
from samovar.testing.clock import FakeClock


def test_the_system_clock_is_aware_and_its_spans_do_not_go_back() -> None:
    clock: Clock = SystemClock()
    before = datetime.now(UTC)
    assert before <= clock.now() <= datetime.now(UTC)
    assert clock.now().utcoffset() == timedelta(0)
    assert clock.monotonic() <= clock.monotonic()


def test_a_fake_clock_stands_still_until_it_is_moved() -> None:
    clock = FakeClock(datetime(2026, 11, 23, tzinfo=UTC))
    assert (clock.now(), clock.monotonic()) == (clock.now(), clock.monotonic())
    clock.advance(90)
    assert (clock.now(), clock.monotonic()) == (datetime(2026, 11, 23, 0, 1, 30, tzinfo=UTC), 90)


def test_setting_the_wall_clock_back_does_not_touch_spans() -> None:
    clock = FakeClock()
    clock.advance(5)
    clock.set(datetime(2020, 1, 1, tzinfo=UTC))
    assert (clock.now().year, clock.monotonic()) == (2020, 5)
