"""Identifiers: UUID version 7 (RFC 9562), so that rows sort by the time of their making.

Within one process ids never go back: the 12 bits after the millisecond and the 62 random bits behind them are counted
up when two ids share a millisecond (RFC 9562, section 6.2, method 2).
"""

import secrets
import threading
import time
from collections.abc import Callable
from uuid import UUID

IdSource = Callable[[], UUID]

_VERSION = 0x7 << 76
_VARIANT = 0b10 << 62
_RANDOM_BITS = 74
_LOW_BITS = 62
_INCREMENT_BITS = 32


class _Monotonic:
    """The last id handed out: its millisecond and its random part."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unix_ms = 0
        self._tail = 0

    def next(self, unix_ms: int) -> tuple[int, int]:
        with self._lock:
            if unix_ms > self._unix_ms:
                self._unix_ms = unix_ms
                self._tail = secrets.randbits(_RANDOM_BITS - 1)
            else:
                self._tail += 1 + secrets.randbits(_INCREMENT_BITS)
                if self._tail >> _RANDOM_BITS:
                    self._unix_ms += 1
                    self._tail = secrets.randbits(_RANDOM_BITS - 1)
            return self._unix_ms, self._tail


_last = _Monotonic()


def new_id() -> UUID:
    """Return a new UUIDv7, greater than every one that this process made before."""
    unix_ms, tail = _last.next(time.time_ns() // 1_000_000)
    high, low = tail >> _LOW_BITS, tail & ((1 << _LOW_BITS) - 1)
    return UUID(int=unix_ms << 80 | _VERSION | high << 64 | _VARIANT | low)
