"""Runs what is heavy on the processor in a process of its own, so that no request waits for it; the process ends with its work.

Beginning a process takes some tenths of a second, so what is light runs in a thread.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import ParamSpec, TypeVar

from samovar.services.download.errors import PlannerBusy

# Some thousand chunks: about 20 ms of work.
LIGHT_BYTES = 128 * 1024
AT_ONCE = 2
WAITING_MAX = 32

P = ParamSpec("P")
T = TypeVar("T")


class Apart:
    """Takes functions of modules, and what can be pickled."""

    def __init__(self) -> None:
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0

    async def run(self, weight: int, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Return what a function returns, or raise what it raises.

        Args:
            weight: How many bytes it works on.
            function: The function.
            args: What it is called with.
            kwargs: As `args`.

        Raises:
            PlannerBusy: Too many wait for their turn already, or the process was killed.
        """
        if weight <= LIGHT_BYTES:
            return await asyncio.to_thread(function, *args, **kwargs)
        if self._waiting >= WAITING_MAX:
            raise PlannerBusy(f"{self._waiting} wait", retry_after_s=5.0)
        self._waiting += 1
        try:
            async with self._turns:
                pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
                try:
                    return await asyncio.wrap_future(pool.submit(function, *args, **kwargs))
                except BrokenProcessPool as error:
                    raise PlannerBusy(f"{error}", retry_after_s=5.0) from error
                finally:
                    # Its one process ends when the work does, also when nobody waits for that any more.
                    pool.shutdown(wait=False, cancel_futures=True)
        finally:
            self._waiting -= 1
