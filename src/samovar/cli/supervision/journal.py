"""What all processes of one `samovar up` say: on the console behind coloured names, and in one bounded file for each."""

import os
import sys
from pathlib import Path
from typing import IO

from samovar.embedded.binaries import FULL_DISK

FILE_BYTES_MAX = 10_000_000
NAME_WIDTH = 12
_COLOURS = (36, 33, 32, 35, 34, 96, 93, 92, 95, 94)
_OWN_COLOUR = 1


class Journal:
    """Lines by the name of who wrote them.

    A file that has grown to ten megabytes becomes `<name>.1.log`, over the one before it.

    Args:
        folder: Where the files go; made when missing.
        follow: Show all lines on the console, not only the supervisor's own.
        console: Where lines are shown.
    """

    def __init__(self, folder: Path, *, follow: bool, console: IO[str] = sys.stdout) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        self._follow = follow
        self._console: IO[str] | None = console
        self._colourful = console.isatty() and "NO_COLOR" not in os.environ
        self._files: dict[str, IO[bytes]] = {}
        self._colours: dict[str, int] = {}
        self._full: set[str] = set()

    def path(self, name: str) -> Path:
        """Return the file of one name."""
        return self._folder / f"{name}.log"

    def line(self, name: str, text: str, *, show: bool = True) -> None:
        """Take one line of a process."""
        self._write(name, text)
        if self._follow and show:
            colour = self._colours.setdefault(name, _COLOURS[len(self._colours) % len(_COLOURS)])
            self._show(name, text, colour)
        if FULL_DISK.search(text) and name not in self._full:
            self._full.add(name)
            self.say(f"{name} has no room left on the disk of {self._folder.parent}: free some")

    def say(self, text: str) -> None:
        """Say something in the supervisor's own name."""
        self._write("samovar", text)
        self._show("samovar", text, _OWN_COLOUR)

    def print(self, text: str) -> None:
        """Show a text as it is, on the console only."""
        if self._console:
            try:
                print(text, file=self._console, flush=True)
            except BrokenPipeError:  # Nobody looks any more: `samovar up | head`.
                self._console = None

    def close(self) -> None:
        """Close the files."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _show(self, name: str, text: str, colour: int) -> None:
        label = name.ljust(NAME_WIDTH)
        self.print(f"\x1b[{colour}m{label}\x1b[0m {text}" if self._colourful else f"{label} {text}")

    def _write(self, name: str, text: str) -> None:
        try:
            file = self._files.get(name) or self._open(name)
            file.write(f"{text}\n".encode())
            file.flush()
            if file.tell() > FILE_BYTES_MAX:
                file.close()
                del self._files[name]
                self.path(name).replace(self.path(f"{name}.1"))
        except OSError:  # A full disk must not stop the one who has to tell about it.
            self._files.pop(name, None)

    def _open(self, name: str) -> IO[bytes]:
        self._files[name] = self.path(name).open("ab")
        return self._files[name]
