"""Keeps servers running: starts them in groups, starts again what dies, stops the groups in reverse order."""

import asyncio
import contextlib
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from samovar.cli.supervision.journal import Journal
from samovar.embedded.leftovers import alive, kill_all
from samovar.embedded.process import Server

RESTART_DELAYS_S = (0.0, 0.5, 1.0, 2.0, 5.0, 10.0)
STEADY_AFTER_S = 60.0
REAP_EVERY_S = 1.0
# Every process of a supervisor finds the folder of its state under this name in its environment.
MARK = "SAMOVAR_SUPERVISED_IN"
# These overwrite or clear their environment, so they are known by their program and their working folder.
_PROGRAMS = {"postgres", "valkey-server", "redis-server", "nats-server", "envoy"}
_FOLDERS = ("postgres", "redis", "nats", "envoy")
_PR_SET_CHILD_SUBREAPER = 36


class Supervisor:
    """The servers of one `samovar up`.

    Args:
        journal: Where it says what died and what was started again.
        on_change: Called when a process was started, also in place of another.
    """

    def __init__(self, journal: Journal, *, on_change: Callable[[], None]) -> None:
        self._journal = journal
        self._on_change = on_change
        self._groups: list[list[Server]] = []
        self._keepers: list[asyncio.Task[None]] = []

    @property
    def servers(self) -> list[Server]:
        """All servers, in the order of their start."""
        return [server for group in self._groups for server in group]

    def open_group(self) -> None:
        """Begin a group: what is started from now on is stopped together, before all that was started earlier."""
        self._groups.append([])

    async def start(self, server: Server) -> None:
        """Start a server and keep it running.

        Raises:
            ServerError: It cannot start.
            PortTaken: Somebody else has its port.
        """
        self._groups[-1].append(server)
        await server.start()
        self._keepers.append(asyncio.create_task(self._keep(server)))
        self._on_change()

    async def stop(self) -> None:
        """Stop all groups, the last one first."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        for group in reversed(self._groups):
            stops = await asyncio.gather(*(server.stop() for server in group), return_exceptions=True)
            for error in filter(None, stops):
                self._journal.say(f"a server could not be stopped: {error!r}")

    def kill(self) -> None:
        """Kill everything at once; a `stop` under way then ends soon."""
        for server in self.servers:
            server.kill()

    async def _keep(self, server: Server) -> None:
        failures = 0
        while True:
            began = time.monotonic()
            code = await server.wait()
            if time.monotonic() - began > STEADY_AFTER_S:
                failures = 0
            self._journal.say(f"{server.title} {_cause(code)}; starting it again")
            while not await self._started_again(server, failures):
                failures += 1
            failures += 1

    async def _started_again(self, server: Server, failures: int) -> bool:
        delay_s = RESTART_DELAYS_S[min(failures, len(RESTART_DELAYS_S) - 1)]
        await asyncio.sleep(delay_s)
        began = time.monotonic()
        try:
            await server.start()
        except Exception as error:  # noqa: BLE001  Whatever it is, the next attempt may succeed.
            self._journal.say(f"{error}; trying again")
            return False
        self._journal.say(f"{server.title} is back after {time.monotonic() - began + delay_s:.1f} s")
        self._on_change()
        return True


def _cause(code: int) -> str:
    return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"stopped with exit code {code}"


def sweep(state: Path) -> list[int]:
    """Kill what a supervisor of this state folder left running; return the process ids.

    A process is its only if it carries the mark, or is one of the servers and works in the folder: numbers alone would be
    some other program's after a restart of the machine.
    """
    mark = os.fsencode(f"{MARK}={state}")

    def ours(process: Path) -> bool:
        if mark in (process / "environ").read_bytes().split(b"\0"):
            return True
        program = (process / "exe").readlink().name.removesuffix(" (deleted)")
        if program not in _PROGRAMS:
            return False
        working = (process / "cwd").readlink()
        return any(working.is_relative_to(state / folder) for folder in _FOLDERS)

    return kill_all(ours)


def adopt_orphans() -> None:
    """Make the kernel give this process what its children leave behind, instead of to process 1."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


async def bury_orphans() -> None:
    """Take leave of adopted processes that have ended. Never returns."""
    seen: set[int] = set()
    while True:
        await asyncio.sleep(REAP_EVERY_S)
        ended = {pid for pid in _children() if not alive(pid)}
        # By the second look asyncio has taken leave of those that it waits for.
        for pid in ended & seen:
            _bury(pid)
        seen = ended


def _bury(pid: int) -> None:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)


def _children() -> set[int]:
    lists = Path("/proc/self/task").glob("*/children")
    return {int(pid) for file in lists for pid in file.read_text("ascii").split()}
