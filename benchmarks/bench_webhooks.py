"""How fast a provider's notification is acknowledged: kept durably, processed later. The goal is 50 ms at p95 with 8 senders.

    python benchmarks/bench_webhooks.py

PostgreSQL is started for it, durable commits on; the time of one fdatasync of this machine stands beside.
"""

import asyncio
import json
import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from uuid import UUID

from samovar.embedded.postgres import PostgresServer
from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.payment.app import service
from samovar.services.payment.payments.webhooks.use_cases import Webhooks

SENDERS = 8
PAYMENTS = 2_000
SYNCS = 50
ADDRESS = "185.71.76.1"


async def main() -> None:
    """Measure it."""
    with tempfile.TemporaryDirectory() as folder:
        async with PostgresServer(Path(folder)) as postgres:
            url = Secret(await postgres.create("payment"))
            await migrate(url, service.migrations)
            database = await Database.open(url, service="payment", pool_size_min=1, pool_size_max=SENDERS)
            ids = await payments(database)
            webhooks = Webhooks(
                database,
                networks=[ip_network("185.71.76.0/27")],
                tbank=None,
                told=asyncio.Event(),
                clock=SystemClock(),
                new_id=new_id,
            )
            took = sorted(await send(webhooks, ids))
            await database.close()
            print(f"fdatasync {fdatasync_ms(Path(folder)):.1f} ms")
    for percent in (50, 95, 99):
        print(f"p{percent} {took[len(took) * percent // 100] * 1e3:.1f} ms")


async def payments(database: Database) -> list[UUID]:
    """Write payments that wait at a provider."""
    ids, now = [new_id() for _ in range(PAYMENTS)], datetime.now(UTC)
    async with database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO payments (id, purpose, purpose_id, account_id, method, amount, currency, description, state, provider,
                provider_payment_id, expires_at, created_at)
            SELECT id, 'order', id, id, 'sbp', 1000, 'RUB', 'an order', 'pending', 'yookassa', id::text, $2, $3
            FROM unnest($1::uuid[]) AS id
            """,
            ids,
            now + timedelta(hours=1),
            now,
        )
    return ids


async def send(webhooks: Webhooks, ids: list[UUID]) -> list[float]:
    """Tell of each payment, several at a time; returns the seconds each took."""
    left, took = list(ids), []

    async def sender() -> None:
        while left:
            about = {"id": str(left.pop())}
            body = json.dumps({"type": "notification", "event": "payment.succeeded", "object": about})
            started = time.perf_counter()
            await webhooks.hear_yookassa(body.encode(), ADDRESS)
            took.append(time.perf_counter() - started)

    await asyncio.gather(*(sender() for _ in range(SENDERS)))
    return took


def fdatasync_ms(folder: Path) -> float:
    """Return the median time of making one written page durable."""
    times = []
    with (folder / "probe").open("wb") as file:
        for _ in range(SYNCS):
            file.write(b"x" * 8_192)
            file.flush()
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append(time.perf_counter() - started)
    return sorted(times)[SYNCS // 2] * 1e3


if __name__ == "__main__":
    asyncio.run(main())
