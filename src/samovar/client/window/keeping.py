"""What a machine keeps so that its window is signed in the next time: one file, readable by its owner alone.

The window keeps its session where Flutter keeps preferences, sealed as in a browser (ADR 0150); the two halves that open it lie in this file.
"""

import os
import secrets
from pathlib import Path
from typing import NamedTuple

NAME = "window.key"
_HALF_BYTES = 32


class Halves(NamedTuple):
    """The two halves of the seal: see `samovar.client.api.seal`."""

    secret: str
    key: str


def halves(folder: Path) -> Halves:
    """Return the halves of this machine, made at the first call. A file that makes no sense is made anew: everybody signs in again."""
    file = folder / NAME
    try:
        secret, key = file.read_text("ascii").split()
    except (FileNotFoundError, ValueError):
        return _made(file)
    return Halves(secret, key)


def _made(file: Path) -> Halves:
    made = Halves(secrets.token_hex(_HALF_BYTES), secrets.token_hex(_HALF_BYTES))
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write("\n".join(made))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return made
