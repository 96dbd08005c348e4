"""Threads for work that takes long: it delays nobody's request, and no more of it waits than can be done in time."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self, TypeVar, TypeVarTuple

from samovar.kit.errors import RateLimited

BUSY_RETRY_AFTER_S = 2.0

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


class Threads:
    """Runs functions in threads of their own. Use it as a context manager.

    Args:
        name: What the threads are called.
        threads: How many there are.
        queue_max: How much may wait for one.
        busy: What is raised when more than that comes.
    """

    def __init__(self, name: str, *, threads: int, queue_max: int, busy: type[RateLimited]) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._places = threads + queue_max
        self._busy = busy
        self._taken = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def work(self, function: Callable[[*Ts], T], *args: *Ts) -> T:
        """Return what a function returns.

        Raises:
            RateLimited: Too much waits; of the kind `busy`.
        """
        if self._taken >= self._places:
            raise self._busy(retry_after_s=BUSY_RETRY_AFTER_S)
        self._taken += 1
        running = asyncio.get_running_loop().run_in_executor(self._threads, function, *args)
        # A caller who gives up frees no thread: the place is free when the thread is.
        running.add_done_callback(self._leave)
        return await asyncio.shield(running)

    def _leave(self, running: "asyncio.Future[Any]") -> None:
        self._taken -= 1
        if not running.cancelled():
            running.exception()  # Fetched, so that nobody logs one that its caller no longer waits for.
