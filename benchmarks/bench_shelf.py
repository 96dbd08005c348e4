"""How long a player with thousands of games waits for a page of their library: sorted, searched with every letter typed, filtered.

python benchmarks/bench_shelf.py

Target: 150 ms for 2,000 games (design of the client). Here 2,000 games with 500 DLC, and a family that lends 500 others; the use case as
REST calls it, on a database that is on a disk.
"""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import uvloop

from samovar.embedded.postgres import PostgresServer
from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.library.app import service
from samovar.services.library.shelf.schemas import ShelfQuery
from samovar.services.library.shelf.use_cases import Shelf

GAMES, DLC, LENT = 2_000, 500, 500
CALLS, WARM_UP = 40, 5

FILL = """
    WITH apps AS (
        SELECT md5($3 || n)::uuid AS app_id, n, 'Игра ' || md5(n::text) || ' ёлка' AS title FROM generate_series(1, $2::int) n
    ), copies AS (
        INSERT INTO app_copies (app_id, slug, title_ru, title_en, sort_ru, sort_en, words, kind, base_app_id, known_version)
        SELECT app_id, 'game-' || n, title, 'Game ' || n, title, 'game ' || n, replace(lower(title), 'ё', 'е') || ' game ' || n,
            CASE WHEN n <= $4 THEN 'game' ELSE 'dlc' END,
            CASE WHEN n > $4 THEN md5($3 || (n - $4))::uuid END, 1
        FROM apps
    ), entries AS (
        INSERT INTO library_entries (account_id, app_id, played_s) SELECT $1, app_id, n * 7 % 90000 FROM apps
    ), licence AS (
        INSERT INTO licences (id, account_id, app_ids, kind, source, source_id, granted_at)
        SELECT app_id, $1, ARRAY[app_id], 'purchase', 'order', $3 || n, now() - n * interval '1 hour' FROM apps
        RETURNING id, account_id, app_ids, kind, granted_at
    )
    INSERT INTO licence_apps (account_id, app_id, licence_id, kind, granted_at)
    SELECT account_id, app_ids[1], id, kind, granted_at FROM licence
"""


async def measure(shelf: Shelf, account_id: Any, what: str, limit: int = 48, **query: Any) -> None:
    """Print how long a page takes."""
    took = []
    for _ in range(WARM_UP + CALLS):
        began = time.perf_counter()
        page = await shelf.games(account_id, ShelfQuery(**query), language="ru", cursor=None, limit=limit)
        took.append((time.perf_counter() - began) * 1e3)
    cuts = statistics.quantiles(took[WARM_UP:], n=20)
    print(f"{what:<44} p50 {cuts[9]:6.1f}  p95 {cuts[18]:6.1f} ms   {page.total} found")


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        async with PostgresServer(Path(folder) / "postgres") as postgres:
            url = Secret(await postgres.create("library"))
            await migrate(url, service.migrations)
            database = await Database.open(url, service="library", pool_size_min=1, pool_size_max=2)
            me, other = uuid4(), uuid4()
            async with database.transaction() as tx:
                await tx.execute(FILL, me, GAMES + DLC, "mine", GAMES)
                await tx.execute(FILL, other, LENT, "other", LENT)
                await tx.execute(
                    "INSERT INTO family_members SELECT $1, a, 1, true FROM unnest($2::uuid[]) AS a",
                    uuid4(),
                    [me, other],
                )
                await tx.execute("ANALYZE")
            shelf = Shelf(database, clock=SystemClock())
            await measure(shelf, me, "by title", sort="title")
            await measure(shelf, me, "newest first")
            await measure(shelf, me, "by play time", sort="play_time")
            await measure(shelf, me, "search, one letter", query="a", sort="title")
            await measure(shelf, me, "search, two parts of words", query="1 елк", sort="title")
            await measure(shelf, me, "with all that is over", access=("owned", "revoked", "expired"))
            await database.close()


if __name__ == "__main__":
    uvloop.run(main())
