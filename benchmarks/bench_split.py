"""How fast delivered lines are divided: all of one developer, as on a release day, then of a thousand.

    python benchmarks/bench_split.py

PostgreSQL is started for it, durable commits on.
"""

import asyncio
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from samovar.embedded.postgres import PostgresServer
from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.payment.app import service
from samovar.services.payment.revenue.splitting.splitter import BATCH_MAX, Splitter

LINES = 20_000
PRICE = 49_900
NOW = datetime(2026, 11, 27, tzinfo=UTC)


async def main() -> None:
    """Measure both."""
    with tempfile.TemporaryDirectory() as folder:
        async with PostgresServer(Path(folder)) as postgres:
            url = Secret(await postgres.create("payment"))
            await migrate(url, service.migrations)
            database = await Database.open(url, service="payment", pool_size_min=1, pool_size_max=4)
            for owners in (1, 1_000):
                await sell(database, owners)
                print(f"{owners:>5} developers: {await split_all(database):>8,.0f} lines/s")
            await database.close()


async def sell(database: Database, owners: int) -> None:
    """Put delivered lines into the queue, and their money where it waits."""
    order_id, buyer = uuid4(), uuid4()
    async with database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO orders (id, account_id, quote_id, country, currency, status, method, total, wallet_amount, created_at, expires_at)
            VALUES ($1, $2, $3, 'RU', 'RUB', 'paid', 'wallet', $4, $4, $5, $5)
            """,
            order_id,
            buyer,
            uuid4(),
            LINES * PRICE,
            NOW,
        )
        await tx.execute(
            """
            INSERT INTO order_lines (id, order_id, position, package_id, app_ids, names, organisation_id, recipient_id, is_gift,
                is_preorder, base, discount_percent, bundle_percent, region, price_version, final)
            SELECT gen_random_uuid(), $1, n, gen_random_uuid(), ARRAY[gen_random_uuid()], '{}',
                ('00000000-0000-4000-8000-' || lpad((n % $3)::text, 12, '0'))::uuid, $2, false, false, $4, 0, 0, 'RU', '1', $4
            FROM generate_series(1, $5) AS n
            """,
            order_id,
            buyer,
            owners,
            PRICE,
            LINES,
        )
        await tx.execute(
            """
            INSERT INTO sales (line_id, order_id, owner, package_id, currency, gross, delivered_at, seq)
            SELECT id, order_id, organisation_id::text, package_id, 'RUB', final, $2, nextval('sales_seq')
            FROM order_lines WHERE order_id = $1
            """,
            order_id,
            NOW,
        )


async def split_all(database: Database) -> float:
    """Return how many lines a second were divided."""
    splitter = Splitter(database, reserve_percent=10, reserve_days=60, clock=SystemClock(), new_id=new_id)
    begun = time.perf_counter()
    count = 0
    while done := await splitter.split_batch(BATCH_MAX):
        count += done
    return count / (time.perf_counter() - begun)


if __name__ == "__main__":
    asyncio.run(main())
