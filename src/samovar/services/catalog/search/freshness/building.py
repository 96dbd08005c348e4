"""Builds an index in a folder: all apps, the most popular first, so that what ties comes in the order of popularity.

python -m samovar.services.catalog.search.freshness.building FOLDER    # reads SAMOVAR_CATALOG__DATABASE_URL

A large one is built by this in a process of its own, beside the one that serves; the URL comes in its environment, never on the
command line, which others on the machine can read.
"""

import asyncio
import gc
import os
import shutil
import sys
from pathlib import Path

from samovar.kit.clock import Clock, SystemClock
from samovar.kit.database import Database
from samovar.kit.errors import Unavailable
from samovar.kit.settings import Secret, variable_of
from samovar.services.catalog.search import repository
from samovar.services.catalog.search.columns import storage
from samovar.services.catalog.search.columns.table import Table
from samovar.services.catalog.search.freshness.documents import text_of
from samovar.services.catalog.search.freshness.reading import Reader
from samovar.services.catalog.search.tantivy import TantivyBackend

BATCH = 1_000
BUILD_TIMEOUT_S = 1_800.0
DATABASE_URL = variable_of("catalog", "database_url")
TABLE, TEXT = "table", "text"


async def build(database: Database, folder: Path, clock: Clock) -> None:
    """Write an index of all apps into a folder; what lay there goes."""
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    await asyncio.to_thread(folder.mkdir, parents=True)
    # Whatever commits from this moment on is read again afterwards.
    watermark = (await repository.find_bounds(database)).finished
    reader = Reader(database, clock)
    await reader.learn()
    table = Table()
    table.prices.groups = reader.price_groups
    backend = TantivyBackend(folder / TEXT)
    app_ids = await repository.list_places(database)
    with backend.bulk() as write:
        for start in range(0, len(app_ids), BATCH):
            for document in await reader.read_in_order(app_ids[start : start + BATCH]):
                write(text_of(document, table.add(document, clock.now())))
                await asyncio.sleep(0)
    await asyncio.to_thread(storage.save, table, watermark, folder / TABLE)


async def build_apart(database_url: Secret, folder: Path) -> None:
    """Build in a process of its own.

    Raises:
        Unavailable: It failed, or took longer than `BUILD_TIMEOUT_S`.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "samovar.services.catalog.search.freshness.building",
        str(folder),
        env={**os.environ, DATABASE_URL: database_url.reveal()},
    )
    try:
        async with asyncio.timeout(BUILD_TIMEOUT_S):
            code = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code != 0:
        raise Unavailable(f"the index could not be built: the process ended with {code}")


def load(folder: Path) -> tuple[Table, TantivyBackend, int]:
    """Open an index that `build` made.

    Raises:
        IndexBroken: It is damaged or of another release.
    """
    table, watermark = storage.load(folder / TABLE)
    try:
        backend = TantivyBackend(folder / TEXT)
        # The text index may have been written further than the table: what it knows more is read again.
        if backend.count:
            backend.forget_from(table.next_place)
    except (ValueError, OSError) as error:
        raise storage.IndexBroken(f"{folder}: {error}") from error
    if backend.count != len(table):
        raise storage.IndexBroken(f"{folder}: {backend.count} texts, {len(table)} apps")
    return table, backend, watermark


async def _main(folder: Path) -> None:
    os.nice(5)
    # Millions of small things are made and all of them kept: looking for rubbish among them finds none.
    gc.disable()
    url = Secret(os.environ[DATABASE_URL])
    database = await Database.open(url, service="catalog", pool_size_min=0, pool_size_max=1)
    try:
        await build(database, folder, SystemClock())
    finally:
        await database.close()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
