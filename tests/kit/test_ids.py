"""Ids: UUIDv7 as RFC 9562 has it, and never going back within a process."""

import threading
import time
from datetime import UTC, datetime

from samovar.kit.ids import _RANDOM_BITS, _Monotonic, new_id

PATIENCE_S = 10.0


def test_an_id_is_a_version_7_uuid_that_follows_the_clock() -> None:
    first = later = new_id()
    ends = time.monotonic() + PATIENCE_S
    while later.int >> 80 == first.int >> 80:
        assert time.monotonic() < ends
        later = new_id()
    assert (later.version, later.variant) == (7, "specified in RFC 4122")
    assert datetime.fromtimestamp((later.int >> 80) / 1_000, UTC).year >= 2026


def test_ids_of_all_threads_are_unique_and_grow_in_each() -> None:
    made: list[list[int]] = [[] for _ in range(4)]

    def make(into: list[int]) -> None:
        into.extend(new_id().int for _ in range(2_000))

    threads = [threading.Thread(target=make, args=(into,)) for into in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(into == sorted(into) for into in made)
    assert len({number for into in made for number in into}) == 8_000


def test_a_clock_that_goes_back_does_not_take_ids_back() -> None:
    source = _Monotonic()
    made = [source.next(unix_ms) for unix_ms in (1_000, 1_000, 900, 0, 1_001)]
    assert made == sorted(set(made))


def test_a_millisecond_that_is_full_borrows_from_the_next() -> None:
    source = _Monotonic()
    first = source.next(1_000)
    source._tail = (1 << _RANDOM_BITS) - 1
    second = source.next(1_000)
    assert (first[0], second[0]) == (1_000, 1_001)
    assert second[1] < 1 << _RANDOM_BITS
