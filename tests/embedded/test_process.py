"""Processes: none outlives the one that started it, and lines arrive whole."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from samovar.embedded.leftovers import alive, kill_leftovers
from samovar.embedded.process import LINE_BYTES_MAX, lines_of

START_ALL = """
import asyncio, json, pathlib, sys
from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.embedded.redis import RedisServer

async def main():
    root = pathlib.Path(sys.argv[1])
    servers = [kind(root / kind.title) for kind in (PostgresServer, RedisServer, NatsServer)]
    await asyncio.gather(*(server.start() for server in servers))
    print(json.dumps([server.pid for server in servers]), flush=True)
    await asyncio.sleep(3600)

asyncio.run(main())
"""


async def test_servers_die_with_the_process_that_started_them(
    folder: Path, eventually: Callable[[Callable[[], bool]], Awaitable[None]]
) -> None:
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", START_ALL, folder, stdout=asyncio.subprocess.PIPE
    )
    assert parent.stdout
    pids = json.loads(await parent.stdout.readline())
    assert all(alive(pid) for pid in pids)
    parent.kill()
    await parent.wait()
    await eventually(lambda: not any(alive(pid) for pid in pids))


async def test_a_leftover_is_known_by_its_program_and_its_folder(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    children = [
        await asyncio.create_subprocess_exec("sleep", "60", cwd=cwd) for cwd in (tmp_path / "ours", tmp_path)
    ]
    ours, stranger = children
    assert kill_leftovers({"other"}, tmp_path / "ours") == []
    assert kill_leftovers({"sleep"}, tmp_path / "ours") == [ours.pid]
    assert not alive(ours.pid)
    assert alive(stranger.pid)
    stranger.kill()
    assert [await child.wait() for child in children] == [-signal.SIGKILL] * 2


def test_a_process_that_ended_but_was_not_waited_for_is_not_alive() -> None:
    pid = os.spawnlp(os.P_NOWAIT, "true", "true")
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert not alive(pid)
    os.waitpid(pid, 0)


async def test_lines_come_without_their_ends_and_overlong_ones_in_pieces() -> None:
    stream = asyncio.StreamReader()
    stream.feed_data("самовар\r\nкипит\n".encode() + b"x" * (3 * LINE_BYTES_MAX) + b"\nlast")
    stream.feed_eof()
    lines = [line async for line in lines_of(stream)]
    assert lines[:2] == ["самовар", "кипит"]
    assert lines[-1] == "last"
    assert "".join(lines[2:-1]) == "x" * (3 * LINE_BYTES_MAX)
