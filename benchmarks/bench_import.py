"""How fast a catalogue file is taken in, beside a COPY of the same rows that judges nothing.

python benchmarks/bench_import.py [GAMES]

Target: 2,000 records a second with everything that belongs to them: history, ties of tags, credits, marks for search, events.
"""

import asyncio
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from samovar.embedded.postgres import PostgresServer
from samovar.kit.clock import SystemClock
from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.kit.migrations import migrate
from samovar.kit.settings import Secret
from samovar.services.catalog.app import service
from samovar.services.catalog.exchange.keeping.keeper import keeper_of
from samovar.services.catalog.exchange.keeping.pages import Pictures
from samovar.services.catalog.exchange.reading import Source
from samovar.services.catalog.exchange.surveying import Numbered
from samovar.services.catalog.exchange.use_cases import CatalogImport, Summary

GAMES, TAGS, CREATORS, SEED = 10_000, 400, 1_000, 4
WORDS = [
    "лес",
    "дом",
    "король",
    "тень",
    "самовар",
    "звезда",
    "дорога",
    "море",
    "зима",
    "город",
    "ключ",
    "башня",
    "ветер",
    "огонь",
]
NOW = datetime(2026, 11, 27, tzinfo=UTC)


class NoPictures:
    """An album in which there is nothing."""

    async def take(self, _source: Source, _batch: Sequence[Numbered]) -> Pictures:
        """Return nothing."""
        return {}


def lines(games: int) -> Iterator[dict[str, Any]]:
    """Yield a catalogue: words, people, games of two kilobytes, and a package of each with two prices."""
    chance = random.Random(SEED)  # noqa: S311  a catalogue, no secret
    for number in range(TAGS):
        yield {"record": "term", "kind": "tag", "slug": f"tag-{number}", "names": {"ru": f"Метка {number}"}}
    for number in range(CREATORS):
        yield {"record": "creator", "slug": f"studio-{number}", "name": f"Студия {number}"}
    for number in range(games):
        title = " ".join(chance.sample(WORDS, 3)).title()
        yield {
            "record": "app",
            "origin": "bench",
            "key": str(number),
            "popularity": chance.paretovariate(1.2),
            "page": {
                "slug": f"game-{number}",
                "title": title,
                "texts": {
                    "ru": {
                        "short_description": " ".join(chance.choices(WORDS, k=15)),
                        "description": " ".join(chance.choices(WORDS, k=100)),
                    },
                    "en": {"title": f"Game {number}", "short_description": "A game of the benchmark."},
                },
                "developers": [f"studio-{chance.randrange(CREATORS)}"],
                "release": {"stage": "released", "on": f"20{chance.randrange(10, 26)}-05-01"},
                "platforms": ["windows", "linux"],
                "languages": [{"code": "ru"}, {"code": "en"}],
                "age": {"rating": 12},
                "tags": [f"tag-{tag}" for tag in chance.sample(range(TAGS), 12)],
            },
        }
        yield {
            "record": "package",
            "slug": f"game-{number}-standard",
            "app": f"game-{number}",
            "names": {"ru": title},
            "contents": [f"game-{number}"],
            "prices": {
                "RU": {"amount": chance.randrange(10_000, 400_000, 100), "currency": "RUB"},
                "WORLD": {"amount": chance.randrange(99, 5_999), "currency": "USD"},
            },
        }


async def imported(database: Database, path: Path) -> tuple[Summary, float]:
    """Return what came of an import, and how long it took, s."""
    clock = SystemClock()
    taking = CatalogImport(
        database,
        keeper=keeper_of(clock=clock, new_id=new_id, reason="benchmark"),
        album=NoPictures(),
        clock=clock,
        new_id=new_id,
    )
    began = time.perf_counter()
    summary = await taking.run(Source(path, folder=path.parent), told=lambda _progress: None)
    return summary, time.perf_counter() - began


async def copied(source: str, target: str) -> tuple[int, float]:
    """Return how many rows a COPY of the imported tables has, and how long writing them takes, s."""
    reading, writing = await asyncpg.connect(source), await asyncpg.connect(target)
    rows, took = 0, 0.0
    for table in (
        "terms",
        "creators",
        "apps",
        "app_versions",
        "app_tags",
        "app_creators",
        "packages",
        "package_apps",
        "base_prices",
    ):
        columns = [
            row["attname"]
            for row in await reading.fetch(
                "SELECT attname FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND attgenerated = ''"
                " AND NOT attisdropped ORDER BY attnum",
                table,
            )
        ]
        with tempfile.NamedTemporaryFile() as file:
            await reading.copy_from_table(table, columns=columns, output=file.name, format="binary")
            began = time.perf_counter()
            done = await writing.copy_to_table(table, columns=columns, source=file.name, format="binary")
            took += time.perf_counter() - began
        rows += int(done.rpartition(" ")[2])
    await reading.close()
    await writing.close()
    return rows, took


async def main(games: int) -> bool:
    """Print the figures; return whether the target is met."""
    with tempfile.TemporaryDirectory(prefix="samovar-bench-") as folder:
        path = Path(folder) / "catalogue.jsonl"
        with path.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in lines(games))
        size_mb = path.stat().st_size / 1e6
        async with PostgresServer(Path(folder) / "postgres") as postgres:
            urls = [await postgres.create(name) for name in ("catalog_bench", "catalog_copy")]
            for url in urls:
                await migrate(Secret(url), service.migrations)
            database = await Database.open(
                Secret(urls[0]), service="catalog", pool_size_min=0, pool_size_max=2
            )
            first, took = await imported(database, path)
            again, took_again = await imported(database, path)
            await database.close()
            rows, copying = await copied(*urls)
    rate = first.lines / took
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1_000
    print(
        f"{first.lines} records, {size_mb:.0f} MB, {first.counts.new} new: {took:.1f} s, {rate:.0f} a second"
    )
    print(
        f"the same again, {again.counts.same} unchanged: {took_again:.1f} s, {again.lines / took_again:.0f} a second"
    )
    print(f"COPY of the same {rows} rows: {copying:.1f} s, {first.lines / copying:.0f} records a second")
    print(f"peak memory of this process: {peak_mb:.0f} MB")
    return rate >= 2_000


if __name__ == "__main__":
    sys.exit(0 if asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else GAMES)) else 1)
