"""What it costs to ask library what an account owns: over gRPC as payment asks, inside library, and the query alone.

    python benchmarks/bench_licences.py

50,000 accounts with 20 licences each, and one with 5,000; one app a call, as a download or a review asks, and 100, half of them owned, as
a page of the store does. Target: p99 below 2 ms over gRPC for one app; client and server share one process and one core here.
"""

import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import uvloop

from samovar.embedded.postgres import PostgresServer
from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.errors import Unauthenticated
from samovar.kit.identity import Caller
from samovar.kit.ids import new_id
from samovar.kit.migrations import migrate
from samovar.kit.rpc.client import Peers
from samovar.kit.rpc.server import Rpc, RpcServer
from samovar.kit.settings import PlatformSettings, Secret, ServiceAddress
from samovar.services.library.app import service
from samovar.services.library.contract import v1_pb2
from samovar.services.library.contract.v1_pb2_grpc import LicencesStub, add_LicencesServicer_to_server
from samovar.services.library.licences.rpc import LicencesRpc
from samovar.services.library.licences.use_cases import Licences

ACCOUNTS, LICENCES_EACH, LICENCES_OF_COLLECTOR = 50_000, 20, 5_000
APPS = 20_000
ASKED = (1, 100)
CALLS, WARM_UP = 2_000, 200

FILL = """
    WITH made AS (
        INSERT INTO licences (id, account_id, app_ids, kind, source, source_id, granted_at)
        SELECT md5('licence' || a || '-' || n)::uuid, md5('account' || a)::uuid, ARRAY[md5('app' || (a * 7 + n * 13) % $3)::uuid],
            'purchase', 'order', a || '-' || n, now()
        FROM generate_series($1::int, $2::int) a, generate_series(1, $4::int) n
        RETURNING *
    ), entries AS (
        INSERT INTO library_entries (account_id, app_id, played_s) SELECT DISTINCT account_id, app_ids[1], 3600 FROM made
    )
    INSERT INTO licence_apps (account_id, app_id, licence_id, kind, granted_at)
    SELECT account_id, app_ids[1], id, kind, granted_at FROM made
"""
RAW = """
    SELECT app_id, min(granted_at) FROM licence_apps
    WHERE account_id = $1 AND app_id = ANY($2::uuid[]) AND (expires_at IS NULL OR expires_at > now())
    GROUP BY app_id
"""


class Nobody:
    """A verifier for calls without a token."""

    async def verify(self, token: str) -> Caller:
        """Refuse."""
        raise Unauthenticated(token)


async def measure(name: str, call: Callable[[int], Awaitable[Any]]) -> None:
    """Print how long one call takes, one after the other."""
    took = []
    for number in range(WARM_UP + CALLS):
        began = time.perf_counter()
        await call(number)
        took.append((time.perf_counter() - began) * 1e3)
    ordered = sorted(took[WARM_UP:])
    marks = [ordered[int(len(ordered) * share)] for share in (0.5, 0.95, 0.99)]
    print(f"{name:<32} p50 {marks[0]:5.2f}  p95 {marks[1]:5.2f}  p99 {marks[2]:5.2f} ms")


async def question(connection: Any, account_id: UUID, asked: int) -> tuple[UUID, list[UUID]]:
    """Return an account and what to ask of it: as much of what it owns as half of a call holds, and apps that nobody has."""
    rows = await connection.fetch(
        "SELECT DISTINCT app_id FROM licence_apps WHERE account_id = $1 LIMIT $2",
        account_id,
        (asked + 1) // 2,
    )
    owned = [row["app_id"] for row in rows]
    return account_id, owned + [new_id() for _ in range(asked - len(owned))]


async def compare(
    connection: Any, licences: Licences, stub: Any, questions: list[tuple[UUID, list[UUID]]]
) -> None:
    """Measure the three ways to ask."""

    async def over_grpc(number: int) -> None:
        account_id, app_ids = questions[number % len(questions)]
        await stub.BatchCheck(
            v1_pb2.BatchCheckRequest(account_id=str(account_id), app_ids=[str(app_id) for app_id in app_ids])
        )

    await measure(
        "  the query alone, asyncpg", lambda n: connection.fetch(RAW, *questions[n % len(questions)])
    )
    await measure("  inside library", lambda n: licences.check(*questions[n % len(questions)]))
    await measure("  over gRPC, both ends here", over_grpc)


async def report(folder: Path) -> None:
    """Fill a database, measure and print."""
    async with PostgresServer(folder / "postgres", fsync=False) as postgres:
        url = Secret(await postgres.create("library"))
        await migrate(url, service.migrations)
        connection = await asyncpg.connect(url.reveal())
        await connection.execute(FILL, 1, ACCOUNTS, APPS, LICENCES_EACH)
        await connection.execute(FILL, 0, 0, APPS, LICENCES_OF_COLLECTOR)
        await connection.execute("VACUUM ANALYZE")
        database = await Database.open(url, service="library", pool_size_min=1, pool_size_max=2)
        licences = Licences(database, clock=SystemClock(), new_id=new_id)
        secret = Secret("benchmark")
        server = RpcServer(secret=secret, verifier=Nobody())
        server.host("library", Rpc(add_LicencesServicer_to_server, LicencesRpc), {"licences": licences})
        address = f"127.0.0.1:{await server.start('127.0.0.1:0')}"
        platform = PlatformSettings(
            redis_url=Secret(""),
            nats_url=Secret(""),
            rpc_secret=secret,
            addresses={"library": ServiceAddress(rest="", rpc=address)},
        )
        peers = Peers(platform)
        stub = LicencesStub(peers.channel("library"))
        accounts: list[UUID] = [
            row["id"]
            for row in await connection.fetch(
                "SELECT md5('account' || n)::uuid AS id FROM generate_series(1, 500) n"
            )
        ]
        collector: UUID = await connection.fetchval("SELECT md5('account0')::uuid")
        for owners, licences_each in ((accounts, LICENCES_EACH), ([collector], LICENCES_OF_COLLECTOR)):
            for asked in ASKED:
                print(f"{asked} apps a call, of an account with {licences_each} licences")
                await compare(
                    connection, licences, stub, [await question(connection, one, asked) for one in owners]
                )
        await peers.close()
        await server.drain(1.0)
        await database.close()
        await connection.close()


def main() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        uvloop.run(report(Path(folder)))


if __name__ == "__main__":
    main()
