"""How long it takes to price a page of a hundred games in one country, on a store of 20,000 packages with two years of history.

    python benchmarks/bench_prices.py [--packages 20000] [--rounds 300]

Starts a PostgreSQL of its own. Each package has prices in two regions, changed four times, and two discounts, one of which holds for
every third of them. Beside the result it prints what the driver alone needs to read the same rows.
"""

import argparse
import asyncio
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import asyncpg

from samovar.embedded.postgres import PostgresServer
from samovar.kit.database import Database
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.catalog.app import service
from samovar.services.catalog.prices.pricing import Pricing

TARGET_MS = 5.0
PAGE = 100
AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
SEED = 73
_FILL = """
    INSERT INTO apps (id, slug, kind, state, stage, released_on, title, age_rating, document, version, origin, origin_key,
                      created_at, updated_at)
    SELECT gen_random_uuid(), 'game-' || n, 'game', 'published', 'released', '2020-01-01', 'Game ' || n, 0, '{}', 1, 'demo',
           'game-' || n, $1, $1
    FROM generate_series(1, $2::int) AS n;
"""
_PACKAGES = """
    INSERT INTO packages (id, slug, app_id, names, place, state, sold, activatable, version, created_at, updated_at)
    SELECT gen_random_uuid(), slug, id, '{"ru": "Игра"}', 0, 'on_sale', '{"only_in": null, "except_in": []}',
           '{"only_in": null, "except_in": []}', 1, created_at, created_at
    FROM apps
"""
_CONTENTS = "INSERT INTO package_apps (package_id, app_id, place) SELECT id, app_id, 0 FROM packages"
_BASES = """
    INSERT INTO base_prices (id, package_id, region, amount, currency, since, until)
    SELECT gen_random_uuid(), p.id, r.region, r.amount * (9 - step), r.currency, $1 - make_interval(days => 700 - step * 170),
           CASE WHEN step < 4 THEN $1 - make_interval(days => 530 - step * 170) END
    FROM packages p, generate_series(0, 4) AS step, (VALUES ('RU', 9900, 'RUB'), ('CIS', 150, 'USD')) AS r (region, amount, currency)
"""
_DISCOUNTS = """
    INSERT INTO discounts (id, package_id, kind, percent, starts_at, ends_at, rules_version, created_at)
    SELECT gen_random_uuid(), id, 'custom', percent, starts_at, starts_at + interval '7 days', 1, $1
    FROM (SELECT id, row_number() OVER (ORDER BY slug) AS n FROM packages) p,
         LATERAL (VALUES (20, $1 - interval '60 days'),
                         (30, CASE WHEN n % 3 = 0 THEN $1 - interval '3 days' ELSE $1 + interval '9 days' END))
         AS d (percent, starts_at)
"""
_RAW = (
    """
    SELECT package_id, region, amount, currency, since, until FROM base_prices
    WHERE package_id = ANY($1) AND region = 'RU' AND (until IS NULL OR until > $2)
    """,
    """
    SELECT id, package_id, percent, starts_at, ends_at FROM discounts WHERE package_id = ANY($1) AND ends_at > $2
    """,
)


async def measure(packages: int, rounds: int, folder: Path) -> bool:
    """Print all figures; return whether the target is met."""
    async with PostgresServer(folder / "postgres") as postgres:
        url = await postgres.create("catalog")
        await migrate(Secret(url), service.migrations)
        raw = await asyncpg.connect(url)
        started = time.perf_counter()
        await raw.execute(
            _FILL.replace("$1", f"'{AT.isoformat()}'::timestamptz").replace("$2", str(packages))
        )
        for statement in (_PACKAGES, _CONTENTS, _BASES, _DISCOUNTS):
            await raw.execute(statement.replace("$1", f"'{AT.isoformat()}'::timestamptz"))
        await raw.execute("VACUUM ANALYZE")
        print(f"filled with {packages} packages       {time.perf_counter() - started:9.1f} s")
        ids = [row["id"] for row in await raw.fetch("SELECT id FROM packages")]
        chance = random.Random(SEED)  # noqa: S311  a seed, no secret
        pages = [chance.sample(ids, PAGE) for _ in range(rounds)]
        alone = await _timed(pages, lambda page: _read_raw(raw, page))
        database = await Database.open(Secret(url), service="catalog", pool_size_min=1, pool_size_max=1)
        backend = await database.fetch_value("SELECT pg_backend_pid()")
        ours_s, theirs_s = time.process_time(), _cpu_s(backend)
        priced = await _timed(pages, lambda page: Pricing.of(database, page, "RU", AT))
        calls = len(pages) + len(pages) // 4
        ours_ms = (time.process_time() - ours_s) / calls * 1e3
        theirs_ms = (_cpu_s(backend) - theirs_s) / calls * 1e3
        found = await Pricing.of(database, pages[0], "RU", AT)
        await database.close()
        await raw.close()
    reduced = sum(price.discount_percent > 0 for price in found.values())
    print(
        f"the driver alone, the same rows   {statistics.median(alone):9.2f} ms (median), {_p95(alone):.2f} ms p95"
    )
    print(
        f"Pricing.of, {len(found)} packages        {statistics.median(priced):9.2f} ms (median), {_p95(priced):.2f} ms p95 "
        f"(target {TARGET_MS} ms); {reduced} of them reduced"
    )
    # A busy machine changes processor time less than how long one waits.
    print(
        f"processor time a call             {ours_ms + theirs_ms:9.2f} ms: {ours_ms:.2f} ours, {theirs_ms:.2f} PostgreSQL's"
    )
    return statistics.median(priced) <= TARGET_MS


async def _read_raw(connection: asyncpg.Connection, page: list[UUID]) -> None:
    for statement in _RAW:
        await connection.fetch(statement, page, AT)


async def _timed(pages: list[list[UUID]], price: Callable[[list[UUID]], Awaitable[object]]) -> list[float]:
    """Return how many milliseconds each page took, after a warm-up."""
    for page in pages[: len(pages) // 4]:
        await price(page)
    taken = []
    for page in pages:
        started = time.perf_counter()
        await price(page)
        taken.append((time.perf_counter() - started) * 1e3)
    return taken


def _cpu_s(pid: int) -> float:
    """Return the processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[18]


def main() -> int:
    """Measure and say whether the target is met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=300)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        met = asyncio.run(measure(asked.packages, asked.rounds, Path(folder)))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
