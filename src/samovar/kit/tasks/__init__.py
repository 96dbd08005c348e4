"""Tasks that end when they are told to.

Before Python 3.12 `asyncio.wait_for`, which redis-py and nats-py use, may swallow a cancellation that comes in the same moment as its
answer. A task that missed it would run for ever, and whoever waits for its end, a `TaskGroup` for one, would wait as long.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

CANCEL_AGAIN_S = 0.5

T = TypeVar("T")


async def stop(task: asyncio.Task[Any]) -> None:
    """Cancel a task, again and again, until it has ended."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=CANCEL_AGAIN_S)


async def stoppable(work: Coroutine[Any, Any, T]) -> T:
    """Do some work so that one cancellation is enough to end it; for the children of a `TaskGroup`."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await stop(task)
        raise
