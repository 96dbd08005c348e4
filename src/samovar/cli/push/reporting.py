"""What a push says: how far it is, and why players fetch as much as they do."""

import sys
from typing import TextIO

import msgspec

WIDTH = 30
_STEP = 10
_UNITS = ("B", "kB", "MB", "GB", "TB")
_THOUSAND = 1000


class LargeFile(msgspec.Struct, frozen=True):
    """A file that makes an update large."""

    path: str
    size_bytes: int
    new_bytes: int


class Preview(msgspec.Struct, frozen=True):
    """What an update costs players, as the platform has counted it."""

    from_build_id: str | None
    download_bytes: int
    writes_bytes: int
    disk_bytes_peak: int
    requests: int
    largest: list[LargeFile]


class Progress:
    """A bar on a terminal; elsewhere a line at each tenth, so that logs stay short.

    Args:
        what: Is done.
        total: Bytes.
        out: Where it is shown.
    """

    def __init__(self, what: str, total: int, out: TextIO = sys.stderr) -> None:
        self._what = what
        self._total = total
        self._out = out
        self._done = 0
        self._shown = -1
        self._show()

    def add(self, done: int) -> None:
        """Say that so many bytes more are done."""
        self._done += done
        self._show()

    def _show(self) -> None:
        percent = 100 if self._done >= self._total else self._done * 100 // self._total
        if percent == self._shown:
            return
        if self._out.isatty():
            full = WIDTH * percent // 100
            bar = "█" * full + "░" * (WIDTH - full)
            end = "\n" if percent == 100 else ""  # noqa: PLR2004  a hundred of a hundred
            self._out.write(
                f"\r{self._what} {bar} {percent:3} %  {size(self._done)} of {size(self._total)}  {end}"
            )
        elif percent // _STEP == self._shown // _STEP and self._shown >= 0:
            return
        else:
            self._out.write(f"{self._what} {percent} %, {size(self._done)} of {size(self._total)}\n")
        self._out.flush()
        self._shown = percent


def report(preview: Preview) -> str:
    """Return what an update costs, and the files for which most is fetched."""
    update = (
        "an update from the build that the branch gives now" if preview.from_build_id else "a first install"
    )
    cost = (
        f"For {update} players fetch {size(preview.download_bytes)} in {preview.requests} requests, "
        f"write {size(preview.writes_bytes)} and need {size(preview.disk_bytes_peak)} of free space."
    )
    lines = [cost]
    why = [one for one in preview.largest if one.new_bytes]
    if why:
        lines.append("Most of it is for:")
    lines += [f"  {size(one.new_bytes):>10} new of {size(one.size_bytes):>10}  {one.path}" for one in why]
    return "\n".join(lines)


def size(count: int) -> str:
    """Return a number of bytes for people: 12.3 MB."""
    value = float(count)
    unit = 0
    while value >= _THOUSAND and unit < len(_UNITS) - 1:
        value /= _THOUSAND
        unit += 1
    return f"{value:.1f} {_UNITS[unit]}" if unit else f"{count} B"
