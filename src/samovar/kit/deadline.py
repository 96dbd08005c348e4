"""How much time the request being served has left, for every call that it makes onward."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ends_at: ContextVar[float | None] = ContextVar("deadline_ends_at", default=None)


@contextmanager
def within(timeout_s: float) -> Iterator[None]:
    """Give the code inside at most `timeout_s` seconds, and never more than what was left outside."""
    outer = _ends_at.get()
    ends_at = time.monotonic() + timeout_s
    token = _ends_at.set(ends_at if outer is None else min(outer, ends_at))
    try:
        yield
    finally:
        _ends_at.reset(token)


@contextmanager
def afresh(timeout_s: float) -> Iterator[None]:
    """Give the code inside its own `timeout_s` seconds: for work that outlives the request which began it."""
    token = _ends_at.set(time.monotonic() + timeout_s)
    try:
        yield
    finally:
        _ends_at.reset(token)


def remaining_s() -> float | None:
    """Return the seconds left, 0 when there are none, or None where no deadline was set."""
    ends_at = _ends_at.get()
    return None if ends_at is None else max(0.0, ends_at - time.monotonic())
