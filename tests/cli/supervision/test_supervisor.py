"""The supervisor: what dies comes back, later each time; what starts last stops first; nothing is left."""

import asyncio
import io
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest

from samovar.cli.supervision import supervisor as module
from samovar.cli.supervision.journal import Journal
from samovar.cli.supervision.supervisor import MARK, Supervisor, sweep
from samovar.embedded.binaries import ServerError
from samovar.embedded.leftovers import alive
from samovar.embedded.process import Server, first_answer

LISTEN = """
import pathlib, socket, subprocess, sys
if pathlib.Path("broken").exists():
    sys.exit("it is broken")
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("127.0.0.1", int(sys.argv[1])))
server.listen()
pathlib.Path("child").write_text(str(subprocess.Popen(["sleep", "600"]).pid))
while True:
    server.accept()[0].sendall(b"hello")
"""


class Small(Server):
    """A server of ten lines."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.title = folder.name

    async def command(self) -> Sequence[str]:
        return (sys.executable, "-c", LISTEN, str(self.port))

    async def probe(self) -> None:
        if await first_answer(self.port) != b"hello":
            raise ConnectionError


class Watched:
    """A supervisor and what it says."""

    def __init__(self, folder: Path) -> None:
        self.console = io.StringIO()
        self.journal = Journal(folder / "logs", follow=False, console=self.console)
        self.changes = 0
        self.supervisor = Supervisor(self.journal, on_change=self.count)

    def count(self) -> None:
        self.changes += 1

    async def until(self, condition: Callable[[], bool]) -> None:
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110  a process decides, there is no event to wait for
                await asyncio.sleep(0.02)


@pytest.fixture
async def watched(tmp_path: Path) -> AsyncIterator[Watched]:
    one = Watched(tmp_path)
    one.supervisor.open_group()
    yield one
    await one.supervisor.stop()
    one.journal.close()


async def test_what_dies_comes_back_and_is_announced(watched: Watched, tmp_path: Path) -> None:
    server = Small(tmp_path / "small")
    await watched.supervisor.start(server)
    first = server.pid
    assert first
    os.kill(first, signal.SIGKILL)
    await watched.until(lambda: watched.changes == 2)
    assert server.pid not in {first, None}
    said = watched.console.getvalue()
    assert "small was killed by SIGKILL; starting it again" in said
    assert "small is back after" in said


async def test_what_cannot_be_started_again_is_tried_until_it_can(
    watched: Watched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RESTART_DELAYS_S", (0.0, 0.05))
    server = Small(tmp_path / "small")
    await watched.supervisor.start(server)
    (server.folder / "broken").touch()
    assert server.pid
    os.kill(server.pid, signal.SIGTERM)
    await watched.until(lambda: watched.console.getvalue().count("it is broken; trying again") >= 2)
    (server.folder / "broken").unlink()
    await watched.until(lambda: watched.changes == 2)
    assert server.pid


async def test_a_first_start_that_fails_is_the_callers_to_handle(watched: Watched, tmp_path: Path) -> None:
    server = Small(tmp_path / "small")
    server.folder.mkdir()
    (server.folder / "broken").touch()
    with pytest.raises(ServerError, match="small stopped while starting: it is broken"):
        await watched.supervisor.start(server)
    assert watched.changes == 0


async def test_what_started_last_stops_first(tmp_path: Path) -> None:
    stopped: list[str] = []

    class Noted(Small):
        async def stop(self) -> None:
            await super().stop()
            stopped.append(self.title)

    one = Watched(tmp_path)
    for name in ("postgresql", "auth", "envoy"):
        one.supervisor.open_group()
        await one.supervisor.start(Noted(tmp_path / name))
    pids = [server.pid for server in one.supervisor.servers]
    await one.supervisor.stop()
    one.journal.close()
    assert stopped == ["envoy", "auth", "postgresql"]
    assert all(pids)
    assert "starting it again" not in one.console.getvalue()


async def test_children_of_what_died_die_too(watched: Watched, tmp_path: Path) -> None:
    server = Small(tmp_path / "small")
    await watched.supervisor.start(server)
    assert server.pid
    child = int((server.folder / "child").read_text("ascii"))
    assert alive(child)
    os.kill(server.pid, signal.SIGKILL)
    await watched.until(lambda: not alive(child))
    assert "small was killed" in watched.console.getvalue()


async def test_sweeping_knows_its_own_by_their_mark(tmp_path: Path) -> None:
    mine, other = [
        await asyncio.create_subprocess_exec("sleep", "600", env=os.environ | {MARK: str(folder)})
        for folder in (tmp_path / "state", tmp_path / "state of another")
    ]
    assert sweep(tmp_path / "state") == [mine.pid]
    assert await mine.wait() == -signal.SIGKILL
    assert other.returncode is None
    other.kill()
    await other.wait()
