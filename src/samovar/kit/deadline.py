"""How much time the request being served has left, for every call that it makes onward."""

import time
from contextvars import ContextVar, Token

_ends_at: ContextVar[float | None] = ContextVar("deadline_ends_at", default=None)


class Deadline:
    """A block of code with an end; a class, because every request enters one and a generator costs twice as much."""

    __slots__ = ("_ends_at", "_token")

    def __init__(self, ends_at: float) -> None:
        self._ends_at = ends_at

    def __enter__(self) -> None:
        self._token: Token[float | None] = _ends_at.set(self._ends_at)

    def __exit__(self, *_error: object) -> None:
        _ends_at.reset(self._token)


def within(timeout_s: float) -> Deadline:
    """Give the code inside at most `timeout_s` seconds, and never more than what was left outside."""
    outer = _ends_at.get()
    ends_at = time.monotonic() + timeout_s
    return Deadline(ends_at if outer is None else min(outer, ends_at))


def afresh(timeout_s: float) -> Deadline:
    """Give the code inside its own `timeout_s` seconds: for work that outlives the request which began it."""
    return Deadline(time.monotonic() + timeout_s)


def remaining_s() -> float | None:
    """Return the seconds left, 0 when there are none, or None where no deadline was set."""
    ends_at = _ends_at.get()
    return None if ends_at is None else max(0.0, ends_at - time.monotonic())
