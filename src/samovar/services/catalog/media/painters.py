"""A thread that paints pictures, so that a large one delays nobody's request."""

import asyncio
import importlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Self, cast

from samovar.services.catalog.media.errors import MediaBusy

THREADS = 1
QUEUE_MAX = 32
BUSY_RETRY_AFTER_S = 2.0
# Not imported above: it loads Pillow, which a process that never sees a picture does without.
_PAINTING = "samovar.services.catalog.media.painting"


class Painters:
    """Runs what `painting` does in threads of their own. Use it as a context manager."""

    def __init__(self, *, threads: int = THREADS, queue_max: int = QUEUE_MAX) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="media")
        self._places = threads + queue_max
        self._busy = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def run(self, what: str, *args: object) -> Any:
        """Return what a function of `painting` returns.

        Raises:
            MediaBusy: Too many others wait.
        """
        if self._busy >= self._places:
            raise MediaBusy(retry_after_s=BUSY_RETRY_AFTER_S)
        self._busy += 1
        running = asyncio.get_running_loop().run_in_executor(self._threads, _call, what, args)
        # A caller who gives up frees no thread: the place is free when the thread is.
        running.add_done_callback(self._leave)
        return await asyncio.shield(running)

    def _leave(self, running: "asyncio.Future[Any]") -> None:
        self._busy -= 1
        if not running.cancelled():
            running.exception()  # Fetched, so that nobody logs one that its caller no longer waits for.


def _call(what: str, args: tuple[object, ...]) -> object:
    function = cast("Callable[..., object]", getattr(importlib.import_module(_PAINTING), what))
    return function(*args)
