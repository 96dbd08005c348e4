"""The showcase: once everything runs, a process fills an empty store, and people do not wait for it."""

import asyncio
import contextlib
import os
import sys
from pathlib import Path

from samovar.cli.supervision.journal import Journal
from samovar.cli.supervision.supervisor import MARK

NAME = "demo"
NEEDED = frozenset({"account", "auth", "catalog", "library"})
"""The services without which there is nothing to fill."""
_LEAVE_WITHIN_S = 5.0


async def show(state: Path, journal: Journal) -> None:
    """Fill the store if it is empty, and say so in one line. What is cut off goes on with the next start."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "samovar.cli.main", "demo", "seed", "--if-empty"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=os.environ | {"SAMOVAR_UP__STATE": str(state), MARK: str(state)},
        start_new_session=True,
    )
    last = ""
    try:
        assert process.stdout  # noqa: S101  It is a pipe.
        async for line in process.stdout:
            last = line.decode(errors="replace").rstrip()
            journal.line(NAME, last, show=False)
        if await process.wait():
            journal.say(f"the showcase could not be set up: {last}; it goes on with the next start")
        elif last:
            journal.say(last)
    finally:
        await _stop(process)


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.terminate()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LEAVE_WITHIN_S):
                await process.wait()
    if process.returncode is None:
        process.kill()
