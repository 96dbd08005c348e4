"""Processes that outlived the one that started them, found through /proc and killed; elsewhere than on Linux: none."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

GONE_TIMEOUT_S = 5.0
_POLL_S = 0.01
_PROC = Path("/proc")


def kill_leftovers(programs: set[str], folder: Path) -> list[int]:
    """Kill what runs one of `programs` with `folder`, or a folder in it, as its working folder; return their ids.

    That catches PostgreSQL's backends, which survive their postmaster in sessions of their own and keep its shared memory.
    """
    root = folder.resolve()

    def ours(process: Path) -> bool:
        # The program of a wheel that was replaced meanwhile reads "/path/postgres (deleted)".
        program = (process / "exe").readlink().name.removesuffix(" (deleted)")
        return program in programs and (process / "cwd").readlink().is_relative_to(root)

    return kill_all(ours)


def kill_all(ours: Callable[[Path], bool]) -> list[int]:
    """Kill each process for whose folder in /proc `ours` is true, wait until they are gone, return their ids."""
    killed = [pid for pid, process in _processes() if _is(ours, process)]
    for pid in killed:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    deadline = time.monotonic() + GONE_TIMEOUT_S
    while any(alive(pid) for pid in killed) and time.monotonic() < deadline:
        time.sleep(_POLL_S)
    return killed


def alive(pid: int) -> bool:
    """Tell whether the process runs. One that ended and was not waited for yet (a zombie) does not."""
    try:
        state = (_PROC / str(pid) / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state not in "ZX"


def _processes() -> Iterator[tuple[int, Path]]:
    if _PROC.is_dir():
        for process in _PROC.iterdir():
            if process.name.isdigit() and int(process.name) != os.getpid():
                yield int(process.name), process


def _is(ours: Callable[[Path], bool], process: Path) -> bool:
    try:
        return ours(process)
    except OSError:  # It is gone, or somebody else's.
        return False
