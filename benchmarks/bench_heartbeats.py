"""How many heartbeats of play sessions library takes: over HTTP as clients send them, in the process, and as bare SQL.

python benchmarks/bench_heartbeats.py

Target: 800 a second, which is 50,000 who play at one time, each telling once a minute. The load comes from processes of its own on the same
machine. Every beat is a later one than the last of its session, so that each counts time. Beside it, in the same run: the same beats without HTTP
and tokens, and one transaction that writes as much and nothing else, which nothing here can go below.
"""

import argparse
import asyncio
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import uvloop

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.embedded.redis import RedisServer
from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.library.app import service
from samovar.services.library.play.use_cases import PlaySessions
from samovar.testing.hosting import Running, running
from samovar.testing.issuer import ORIGIN, Issuer

RATE = 800
PLAYERS = 4_000
SECONDS = 20
LOADERS, CONNECTIONS = 1, 24
ALONE, ALONE_AT_ONCE = 6_000, 10

FILL = """
    WITH players AS (
        SELECT account_id, app_id, session_id
        FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS p (account_id, app_id, session_id)
    ), licence AS (
        INSERT INTO licences (id, account_id, app_ids, kind, source, source_id, granted_at)
        SELECT session_id, account_id, ARRAY[app_id], 'purchase', 'order', session_id::text, now() - interval '1 day' FROM players
        RETURNING id, account_id, app_ids, kind, granted_at
    ), opened AS (
        INSERT INTO licence_apps (account_id, app_id, licence_id, kind, granted_at)
        SELECT account_id, app_ids[1], id, kind, granted_at FROM licence
    ), entry AS (
        INSERT INTO library_entries (account_id, app_id) SELECT account_id, app_id FROM players
    )
    INSERT INTO play_sessions (id, account_id, app_id, device_id, client_session_id, started_at, last_beat_at)
    SELECT session_id, account_id, app_id, 'pc', session_id, date_trunc('second', now()) - interval '60 s',
        date_trunc('second', now()) - interval '60 s'
    FROM players
"""
BARE = """
    WITH span AS (
        DELETE FROM played_spans WHERE account_id = $1 AND app_id = $2 RETURNING started_at, ended_at
    ), kept AS (
        INSERT INTO played_spans (account_id, app_id, started_at, ended_at)
        SELECT $1, $2, coalesce(min(started_at), $4::timestamptz - interval '60 s'), $4 FROM span
    ), entry AS (
        UPDATE library_entries SET played_s = played_s + 1, last_played_at = $4 WHERE account_id = $1 AND app_id = $2
    )
    UPDATE play_sessions SET last_beat_at = $4, last_seq = last_seq + 1 WHERE id = $3
"""


class Player:
    """Somebody who plays."""

    def __init__(self, issuer: Issuer) -> None:
        self.account_id, self.app_id, self.session_id = uuid4(), new_id(), new_id()
        self.token = issuer.token(account_id=self.account_id)

    @property
    def request(self) -> tuple[str, str]:
        """Return the path of a heartbeat, and the token."""
        return f"/v1/library/{self.app_id}/play-sessions/{self.session_id}/heartbeat", self.token


async def fill(database: Database, players: Sequence[Player]) -> None:
    """Have all of them play."""
    async with database.transaction() as tx:
        await tx.execute(
            FILL,
            [one.account_id for one in players],
            [one.app_id for one in players],
            [one.session_id for one in players],
        )


async def load(address: str, requests: Sequence[Sequence[str]], rate: float, seconds: float) -> None:
    """Send heartbeats at a rate, or as fast as they are answered where it is 0; print how long each took, ms."""
    took: list[float] = []
    failed: dict[int, int] = {}
    began, number = time.perf_counter(), 0

    async def send(session: aiohttp.ClientSession) -> None:
        nonlocal number
        while True:
            mine, number = number, number + 1
            due = began + mine / rate if rate else time.perf_counter()
            if max(due, time.perf_counter()) > began + seconds:
                return
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            path, token = requests[mine % len(requests)]
            # From when it was due: a queue before the sender is part of the wait.
            begun = due if rate else time.perf_counter()
            async with session.post(
                path, json={"seq": mine + 1}, headers={"Authorization": f"Bearer {token}"}
            ) as answer:
                await answer.read()
                if answer.status != 200:
                    failed[answer.status] = failed.get(answer.status, 0) + 1
            took.append((time.perf_counter() - begun) * 1e3)

    connector = aiohttp.TCPConnector(limit=CONNECTIONS)
    async with aiohttp.ClientSession(f"http://{address}", connector=connector) as session:
        await asyncio.gather(*(send(session) for _ in range(CONNECTIONS)))
    print(json.dumps({"took": took, "failed": failed, "seconds": time.perf_counter() - began}))


async def loaded(
    library: Running,
    postgres: PostgresServer,
    players: Sequence[Player],
    folder: Path,
    rate: float,
    what: str,
) -> None:
    """Have a load come from processes of its own, and print what came of it."""
    share = len(players) // LOADERS
    before = cpu_s(postgres)
    processes = []
    for number in range(LOADERS):
        file = folder / f"players_{number}.json"
        file.write_text(json.dumps([one.request for one in players[number * share : (number + 1) * share]]))
        processes.append(
            await asyncio.create_subprocess_exec(
                sys.executable,
                __file__,
                "--load",
                f"{library.host.rest_address} {file} {rate / LOADERS} {SECONDS}",
                stdout=asyncio.subprocess.PIPE,
            )
        )
    took: list[float] = []
    failed: dict[str, int] = {}
    longest = 0.0
    for process in processes:
        said, _ = await process.communicate()
        found = json.loads(said)
        took += found["took"]
        longest = max(longest, found["seconds"])
        for status, count in found["failed"].items():
            failed[status] = failed.get(status, 0) + count
    report(what, took, len(took) / longest, failed)
    mine, database = [
        (after - then) * 1e3 / len(took) for after, then in zip(cpu_s(postgres), before, strict=True)
    ]
    print(f"  processor time a beat: library {mine:.2f} ms, PostgreSQL {database:.2f} ms")


def cpu_s(postgres: PostgresServer) -> tuple[float, float]:
    """Return how long this process, where library runs, and PostgreSQL have been on a processor."""
    tick = os.sysconf("SC_CLK_TCK")
    mine = time.process_time()
    pid = int((postgres.folder / "data" / "postmaster.pid").read_text().split()[0])
    total = 0.0
    for one in (pid, *children(pid)):
        try:
            fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / tick
    return mine, total


def children(pid: int) -> list[int]:
    """Return the processes that a process has begun."""
    return [
        int(child)
        for task in Path(f"/proc/{pid}/task").glob("*/children")
        for child in task.read_text().split()
    ]


def report(what: str, took: Sequence[float], per_s: float, failed: Any = None) -> None:
    """Print percentiles and the rate."""
    cuts = statistics.quantiles(took, n=100)
    refused = f"  refused {failed}" if failed else ""
    print(
        f"{what:<44} {per_s:7.0f}/s  p50 {cuts[49]:6.1f}  p95 {cuts[94]:6.1f}  p99 {cuts[98]:6.1f} ms{refused}"
    )


async def alone(
    what: str, players: Sequence[Player], work: Callable[[Player, int], Awaitable[object]]
) -> None:
    """Do something for one player after the other, some at one time, and print how often a second that goes."""
    took: list[float] = []
    numbers = iter(range(ALONE))

    async def worker() -> None:
        for number in numbers:
            began = time.perf_counter()
            await work(players[number % len(players)], number)
            took.append((time.perf_counter() - began) * 1e3)

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(ALONE_AT_ONCE)))
    report(what, took, ALONE / (time.perf_counter() - began))


class _Ahead:
    """A clock by which a minute passes between two beats of a session, and no session is silent."""

    def __init__(self) -> None:
        self.round = 0

    def now(self) -> datetime:
        return SystemClock().now() + timedelta(seconds=60 * self.round)

    def monotonic(self) -> float:
        return time.monotonic()


async def in_the_process(database: Database, players: Sequence[Player]) -> None:
    """Measure the use case alone, and as much of SQL alone."""
    clock = _Ahead()
    play = PlaySessions(database, clock=clock, new_id=new_id)

    async def beat(player: Player, number: int) -> None:
        clock.round = 1 + number // len(players)
        await play.beat(player.account_id, player.app_id, player.session_id, 1_000_000 + number)

    await alone("the use case alone, 10 at one time", players, beat)

    async def bare(player: Player, number: int) -> None:
        at = datetime.now(UTC) + timedelta(hours=1, seconds=number)
        async with database.transaction() as tx:
            await tx.execute(BARE, player.account_id, player.app_id, player.session_id, at)

    await alone("the same writes as one statement, 10 at once", players, bare)


async def measure(stack: AsyncExitStack, folder: Path) -> None:
    """Run everything and print."""
    postgres = await stack.enter_async_context(PostgresServer(folder / "postgres"))
    redis = await stack.enter_async_context(RedisServer(folder / "redis"))
    nats = await stack.enter_async_context(NatsServer(folder / "nats"))
    issuer = Issuer(ORIGIN)
    await issuer.start()
    stack.push_async_callback(issuer.stop)
    library: Running = await stack.enter_async_context(
        running(
            service,
            postgres=postgres,
            redis_url=f"{redis.url}/0",
            nats_url=nats.url,
            issuer=issuer,
            key_secret="a secret of keys, for benchmarks",  # noqa: S106  opens nothing
        )
    )
    players = [Player(issuer) for _ in range(PLAYERS)]
    await fill(library.database, players)
    print(f"{PLAYERS} sessions, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before")
    await loaded(library, postgres, players, folder, RATE, f"over HTTP, {RATE} a second sent")
    await loaded(library, postgres, players, folder, 0, f"over HTTP, {CONNECTIONS} at one time")
    counted = await library.database.fetch_value("SELECT count(*) FROM played_spans")
    print(f"sessions with counted time: {counted}")
    await in_the_process(library.database, players)


async def main() -> None:
    """Measure, or be the load."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--load", help="address, file, rate and seconds: be a process that sends")
    given = parser.parse_args().load
    if given:
        address, file, rate, seconds = given.split()
        await load(address, json.loads(Path(file).read_text()), float(rate), float(seconds))  # noqa: ASYNC240  before anything is asked
        return
    with tempfile.TemporaryDirectory() as folder:
        async with AsyncExitStack() as stack:
            await measure(stack, Path(folder))


if __name__ == "__main__":
    uvloop.run(main())
