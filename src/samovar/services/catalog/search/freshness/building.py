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
from collections.abc import AsyncIterator
from pathlib import Path

from samovar.kit.clock import Clock, SystemClock
from samovar.kit.database import Database
from samovar.kit.errors import Unavailable
from samovar.kit.settings import Secret, variable_of
from samovar.services.catalog.search import repository
from samovar.services.catalog.search.backend import SearchBackend, TextDocument
from samovar.services.catalog.search.columns import storage
from samovar.services.catalog.search.columns.table import Table
from samovar.services.catalog.search.freshness.documents import text_of
from samovar.services.catalog.search.freshness.reading import Reader
from samovar.services.catalog.search.freshness.texts import CLUSTER_INDEX, CLUSTER_URL, Texts, texts_of

BATCH = 1_000
BUILD_TIMEOUT_S = 1_800.0
DATABASE_URL = variable_of("catalog", "database_url")
TABLE = "table"


async def build(database: Database, folder: Path, clock: Clock, texts: Texts) -> None:
    """Write an index of all apps: its table into a folder, its text where texts lie; what lay there goes.

    Raises:
        Unavailable: The text cannot be written.
    """
    await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    await asyncio.to_thread(folder.mkdir, parents=True)
    # Whatever commits from this moment on is read again afterwards.
    watermark = (await repository.find_bounds(database)).finished
    reader = Reader(database, clock)
    await reader.learn()
    table = Table()
    table.prices.groups = reader.price_groups
    app_ids = await repository.list_places(database)

    async def batches() -> AsyncIterator[list[TextDocument]]:
        for start in range(0, len(app_ids), BATCH):
            batch = []
            for document in await reader.read_in_order(app_ids[start : start + BATCH]):
                batch.append(text_of(document, table.add(document, clock.now())))
                await asyncio.sleep(0)
            yield batch

    await texts.fill(folder, batches())
    await asyncio.to_thread(storage.save, table, watermark, folder / TABLE)


async def build_apart(database_url: Secret, folder: Path, texts: Texts) -> None:
    """Build in a process of its own.

    Raises:
        Unavailable: It failed, or took longer than `BUILD_TIMEOUT_S`.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "samovar.services.catalog.search.freshness.building",
        str(folder),
        env={**os.environ, **texts.environment, DATABASE_URL: database_url.reveal()},
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


async def load(folder: Path, texts: Texts) -> tuple[Table, SearchBackend, int]:
    """Open an index that `build` made.

    Raises:
        IndexBroken: It is damaged or of another release.
        Unavailable: Its text cannot be asked.
    """
    table, watermark = await asyncio.to_thread(storage.load, folder / TABLE)
    return table, await texts.open(folder, table), watermark


async def _main(folder: Path) -> None:
    os.nice(5)
    # Millions of small things are made and all of them kept: looking for rubbish among them finds none.
    gc.disable()
    url = Secret(os.environ[DATABASE_URL])
    clock = SystemClock()
    cluster = os.environ.get(CLUSTER_URL)
    texts = texts_of(Secret(cluster) if cluster else None, os.environ.get(CLUSTER_INDEX, ""), clock)
    database = await Database.open(url, service="catalog", pool_size_min=0, pool_size_max=1)
    try:
        await build(database, folder, clock, texts)
    finally:
        await texts.close()
        await database.close()


if __name__ == "__main__":
    asyncio.run(_main(Path(sys.argv[1])))
