"""A line that shows how far something is; nothing when nobody watches."""

import sys
import time

from samovar.cli.content.words import say, size
from samovar.content.engine.installing import Progress

WIDTH = 28
SHOWN_EVERY_S = 0.1
SPEED_OVER_S = 5.0


class Bar:
    """The line.

    Args:
        what: Name of what is done, of `words`.
    """

    def __init__(self, what: str) -> None:
        self._what = say(what)
        self._shows = sys.stderr.isatty()
        self._shown = 0.0
        self._seen: list[tuple[float, int]] = []

    def __call__(self, progress: Progress) -> None:
        """Show how far it is."""
        now = time.monotonic()
        whole = progress.done >= progress.total
        if not self._shows or (now - self._shown < SHOWN_EVERY_S and not whole):
            return
        self._shown = now
        self._seen = [one for one in self._seen if now - one[0] < SPEED_OVER_S] + [(now, progress.done)]
        since, done = self._seen[0]
        speed = (progress.done - done) / (now - since) if now > since else 0.0
        part = progress.done / progress.total if progress.total else 1.0
        bar = "█" * int(part * WIDTH)
        print(
            f"\r{self._what} {bar:░<{WIDTH}} {part:4.0%}  {size(progress.done)} / {size(progress.total)}  {size(speed)}/s\x1b[K",
            end="",
            file=sys.stderr,
            flush=True,
        )

    def end(self) -> None:
        """Leave the line."""
        if self._shows and self._shown:
            print(file=sys.stderr)
