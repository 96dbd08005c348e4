"""The process of a game: whether the one that an earlier launcher started still runs."""

import os
from pathlib import Path

import msgspec


class Process(msgspec.Struct, frozen=True):
    """A process as it can be recognised later.

    Attributes:
        begun: When it began, as the system counts; none where that cannot be found out.
    """

    pid: int
    begun: str | None


def recognisable(pid: int) -> Process:
    """Return a process of this moment."""
    return Process(pid, _begun(pid))


def runs(process: Process) -> bool:
    """Return whether it still runs. Another one that got its number since is not it; where nobody can tell, it does not."""
    return process.begun is not None and _begun(process.pid) == process.begun


def _begun(pid: int) -> str | None:
    """Return the 22nd field of `/proc/<pid>/stat` (proc(5)); the second one, in brackets, may hold anything. A zombie has ended."""
    if os.name != "posix":
        return None
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else fields[19]
