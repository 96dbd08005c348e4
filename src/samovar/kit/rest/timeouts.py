"""Requests that take too long are cancelled: by one timer for all of them, looked after every few milliseconds.

`asyncio.timeout` arms and disarms a timer of its own for each request, 4 µs of the 18 that the kit costs; an entry in a
dictionary costs a twentieth of that, and a time-out of seconds may be `LOOK_EVERY_S` late.
"""

import asyncio
from typing import Any, cast

LOOK_EVERY_S = 0.02


class Timeouts:
    """The requests of one process that are being served."""

    def __init__(self) -> None:
        self._ends_at: dict[asyncio.Task[Any], float] = {}
        self._expired: set[asyncio.Task[Any]] = set()
        self._is_looking = False

    def begin(self, timeout_s: float) -> asyncio.Task[Any]:
        """Cancel the running task unless it has called `end` within `timeout_s`; return the task."""
        task = cast("asyncio.Task[Any]", asyncio.current_task())
        loop = task.get_loop()
        self._ends_at[task] = loop.time() + timeout_s
        if not self._is_looking:
            self._is_looking = True
            loop.call_later(LOOK_EVERY_S, self._look, loop)
        return task

    def end(self, task: asyncio.Task[Any]) -> bool:
        """Stop watching; return whether it was cancelled here, which is then taken back."""
        self._ends_at.pop(task, None)
        if task not in self._expired:
            return False
        self._expired.discard(task)
        task.uncancel()
        return True

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for task in [task for task, ends_at in self._ends_at.items() if ends_at <= now]:
            del self._ends_at[task]
            self._expired.add(task)
            task.cancel()
        self._is_looking = bool(self._ends_at)
        if self._is_looking:
            loop.call_later(LOOK_EVERY_S, self._look, loop)
