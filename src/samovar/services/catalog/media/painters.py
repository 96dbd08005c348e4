"""A thread that paints pictures, so that a large one delays nobody's request."""

import importlib
from collections.abc import Callable
from typing import Any, cast

from samovar.kit.tasks.threads import Threads
from samovar.services.catalog.media.errors import MediaBusy

THREADS = 1
QUEUE_MAX = 32
# Not imported above: it loads Pillow, which a process that never sees a picture does without.
_PAINTING = "samovar.services.catalog.media.painting"


class Painters(Threads):
    """Runs what `painting` does in threads of their own."""

    def __init__(self, *, threads: int = THREADS, queue_max: int = QUEUE_MAX) -> None:
        super().__init__("media", threads=threads, queue_max=queue_max, busy=MediaBusy)

    async def run(self, what: str, *args: object) -> Any:
        """Return what a function of `painting` returns.

        Raises:
            MediaBusy: Too many others wait.
        """
        return await self.work(_call, what, args)


def _call(what: str, args: tuple[object, ...]) -> object:
    function = cast("Callable[..., object]", getattr(importlib.import_module(_PAINTING), what))
    return function(*args)
