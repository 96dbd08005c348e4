"""The store through the gateway: suggesting, searching, browsing, a page, and cached reads, at two sizes of the catalogue.

python benchmarks/bench_store.py [--games 2000 200000] [--rounds 200]

Targets at 200,000 games, p95 of one client after another: suggest 20 ms; a title with one slip, three filters and all facets 50 ms; browsing with
all facets 20 ms; a page 15 ms; the index built within 2 minutes while requests go on, none of which fails; catalog within 600 MB.
Cached answers: 5,000 a second with Envoy and the gateway alone on one core, where `wrk` is on PATH. Beside each figure stands what the same
connection takes for `/healthz`, the least that a request through the gateway costs.
"""

import argparse
import asyncio
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import asyncpg
from bench_platform import pss_mb
from store_catalogue import GENRES, LANGUAGES, PLATFORMS, Game, fill, games
from store_queries import with_typos

from samovar.testing.platform import Platform, platform_up

SEED = 7
SIZES = (2_000, 200_000)
ROUNDS = 200
WARM_UP = 20
KNOWN = 5_000
RESTART_WITHIN_S, VACUUM_TIMEOUT_S = 60.0, 300.0
SETTLE_S = 10.0
ANONYMOUS_AGE = 16
BUILD_TARGET_S, MEMORY_TARGET_MB, CACHED_TARGET = 120.0, 600.0, 5_000
TARGETS_MS = {"suggest": 20.0, "slip + 3 filters + facets": 50.0, "browse + all facets": 20.0, "page": 15.0}
CONNECTIONS, CACHED_SECONDS = 64, 5
_RATE = re.compile(r"Requests/sec:\s+([\d.]+)")

Query = Callable[[random.Random, Sequence[Game]], str]


def suggest(chance: random.Random, shelf: Sequence[Game]) -> str:
    """Return what somebody types of a title."""
    title = chance.choice(shelf).title
    return "/v1/search/suggest?" + urlencode({"q": title[: max(3, len(title) * 6 // 10)]})


def slip(chance: random.Random, shelf: Sequence[Game]) -> str:
    """Return a title with one slip, three filters that it passes, and all facets."""
    game = chance.choice([game for game in shelf[:500] if game.genres and game.platforms and game.languages])
    query = {
        "query": with_typos(chance, game.title),
        "genre": game.genres[0],
        "platform": game.platforms[0],
        "language": game.languages[0],
        "facets": "1",
    }
    return "/v1/games?" + urlencode(query)


def browse(chance: random.Random, _shelf: Sequence[Game]) -> str:
    """Return a shelf with all facets; with the seed that makes them differ they never meet in a cache."""
    query = {
        "genre": chance.choice(GENRES),
        "sort": chance.choice(["popularity", "new", "score"]),
        "facets": "1",
    }
    return "/v1/games?" + urlencode(query | {"price_max": str(chance.randint(10_000, 900_000))})


def narrow(chance: random.Random, _shelf: Sequence[Game]) -> str:
    """Return a shelf with filters and an order, no facets."""
    query = {
        "platform": chance.choice(PLATFORMS[:3]),
        "language": chance.choice(LANGUAGES[:4]),
        "tag_not": f"tag-{chance.randint(0, 50)}",
        "sort": chance.choice(["price", "-price", "discount", "title"]),
        "price_max": str(chance.randint(10_000, 900_000)),
    }
    return "/v1/games?" + urlencode(query)


def page(chance: random.Random, shelf: Sequence[Game]) -> str:
    """Return the page of a game."""
    return f"/v1/games/{chance.choice(shelf).slug}"


def health(_chance: random.Random, _shelf: Sequence[Game]) -> str:
    """Return the path that costs least."""
    return "/healthz"


CASES: dict[str, Query] = {
    "the gateway alone": health,
    "suggest": suggest,
    "slip + 3 filters + facets": slip,
    "browse + all facets": browse,
    "filter + sort": narrow,
    "page": page,
}


async def times_ms(session: aiohttp.ClientSession, paths: Sequence[str]) -> list[float]:
    """Ask for each path, one after another, and return how long each took."""
    taken = []
    for path in paths:
        began = time.perf_counter()
        async with session.get(path) as answer:
            await answer.read()
            if answer.status != 200:
                raise SystemExit(f"{path}: {answer.status}")
        taken.append((time.perf_counter() - began) * 1e3)
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that this share of them is not above."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def measure(platform: Platform, shelf: Sequence[Game], rounds: int, *, judged: bool) -> bool:
    """Print each kind of request; return whether the targets were met, where they are asked for."""
    met = True
    async with aiohttp.ClientSession(platform.url) as session:
        for title, query in CASES.items():
            chance = random.Random(SEED)  # noqa: S311  the same questions each time
            paths = [query(chance, shelf) for _ in range(WARM_UP + rounds)]
            taken = (await times_ms(session, paths))[WARM_UP:]
            target = TARGETS_MS.get(title) if judged else None
            met = met and (target is None or percentile(taken, 0.95) <= target)
            said = f"   (target {target:.0f})" if target else ""
            print(
                f"  {title:<28} p50 {statistics.median(taken):7.1f}   p95 {percentile(taken, 0.95):7.1f}   "
                f"p99 {percentile(taken, 0.99):7.1f} ms{said}"
            )
    return met


async def answers(platform: Platform) -> bool:
    """Return whether catalog answers."""
    return (await platform.request("GET", f"/v1/games?limit={random.randint(1, 100)}")).status == 200  # noqa: S311


async def build(platform: Platform, number: int, shown: int) -> tuple[float, int]:
    """Fill the database, and return how long it took from the last row until `shown` games are counted, and how many requests failed."""
    url = platform.record["environment"]["SAMOVAR_CATALOG__DATABASE_URL"]
    began = time.monotonic()
    await fill(url, number, seed=SEED)
    # What PostgreSQL would otherwise do by itself in the minutes after, beside what is measured.
    connection = await asyncpg.connect(url)
    await connection.execute("VACUUM (ANALYZE)", timeout=VACUUM_TIMEOUT_S)
    await connection.close()
    filled = time.monotonic()
    print(f"  copied into PostgreSQL in {filled - began:.0f} s")
    # What stands on the disk is of an empty store: the process that comes up sees that, and builds anew.
    platform.kill("catalog")
    await platform.until(lambda: answers(platform), within_s=RESTART_WITHIN_S)
    failed = 0
    while True:
        answer = await platform.request("GET", "/v1/games?facets=1&limit=1")
        if answer.status != 200:
            failed += 1
        elif sum(one["count"] for one in answer.body["facets"].get("kind", ())) >= shown:
            return time.monotonic() - filled, failed
        await asyncio.sleep(0.2)


def cached_per_s(platform: Platform) -> float | None:
    """Return how many cached answers a second Envoy and the gateway give on one core; none without `wrk`."""
    wrk = shutil.which("wrk")
    cores = sorted(os.sched_getaffinity(0))
    if wrk is None or len(cores) < 2:
        return None
    for name in ("envoy", "gateway"):
        for task in Path(f"/proc/{platform.pid_of(name)}/task").iterdir():
            os.sched_setaffinity(int(task.name), {cores[0]})
    command = [
        wrk,
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{CACHED_SECONDS}s",
        f"{platform.url}/v1/games?sort=popularity",
    ]
    said = subprocess.run(  # noqa: S603  our own words
        command,
        check=True,
        capture_output=True,
        text=True,
        preexec_fn=lambda: os.sched_setaffinity(0, {cores[-1]}),
    ).stdout
    rate = _RATE.search(said)
    return float(rate[1]) if rate else None


async def run(number: int, rounds: int) -> bool:
    """Measure one size."""
    judged = number >= max(SIZES)
    shelf: list[Game] = []
    shown = 0
    for game in games(number, seed=SEED):
        if game.age <= ANONYMOUS_AGE and "RU" not in game.hidden_in:
            shown += 1
            if len(shelf) < KNOWN:
                shelf.append(game)
    with tempfile.TemporaryDirectory() as folder:
        async with platform_up(Path(folder) / "state") as platform:
            print(f"{number:,} games")
            took, failed = await build(platform, number, shown)
            print(f"  index complete {took:.1f} s after the last row, {failed} requests failed meanwhile")
            await asyncio.sleep(SETTLE_S)
            met = await measure(platform, shelf, rounds, judged=judged)
            memory = pss_mb(platform.pid_of("catalog"))
            print(
                f"  catalog: {memory:.0f} MB with its index"
                + (f"   (target {MEMORY_TARGET_MB:.0f})" if judged else "")
            )
            if (rate := cached_per_s(platform)) is not None:
                print(
                    f"  cached answers: {rate:,.0f} a second, Envoy and the gateway on one core   (target {CACHED_TARGET:,})"
                )
                met = met and rate >= CACHED_TARGET
            return met and (
                not judged or (took <= BUILD_TARGET_S and not failed and memory <= MEMORY_TARGET_MB)
            )


async def main() -> int:
    """Measure all sizes."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--games", type=int, nargs="+", default=list(SIZES))
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    wanted = asked.parse_args()
    met = [await run(number, wanted.rounds) for number in wanted.games]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
