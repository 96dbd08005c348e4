"""What a whole purchase from the wallet costs: through Envoy, auth's tokens, payment and its commit, and until the licence is there.

    python -m benchmarks.bench_purchase

8 clients buy on a platform of their own, with the quotes made before: first each a game every second (target: p95 30 ms), then each one game
after another, as fast as the machine goes, where a purchase mostly waits for its turn on the processors. Printed: p50, p95 and p99 of
`POST /v1/orders`, the time until `fulfilled`, the processor time of each process for a purchase, and beside them what one `fdatasync`
and a commit of one row cost on this machine at that time.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Collection
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import uvloop

from samovar.kit.database import Database
from samovar.testing.platform import Platform, platform_up
from tests.journeys.market import Buyer, Market

CLIENTS = 8
WARM_UP, PACED, PURCHASES = 5, 15, 30
PACE_S = 1.0
PRICE = 100
TICKS_PER_S = os.sysconf("SC_CLK_TCK")
SYNCS = 200
WATCHED = ("payment", "library", "auth", "catalog", "envoy", "gateway", "postgresql", "nats", "redis")


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        print(f"fdatasync: p50 {fdatasync_ms(Path(folder)):.2f} ms")
        async with platform_up(Path(folder) / "state") as platform:
            await measure(platform, Path(folder))


async def measure(platform: Platform, folder: Path) -> None:
    """Buy, and print what it took."""
    market = Market(platform)
    buyers = [await market.buyer(wallet=1_000_000) for _ in range(CLIENTS)]
    goods = [await market.good(PRICE) for _ in range(WARM_UP + PACED + PURCHASES)]
    quotes: dict[Buyer, list[Any]] = {}
    for buyer in buyers:
        quotes[buyer] = [(await market.quote(buyer, good)).body for good in goods]
    await together(buyers, lambda buyer: buy(market, buyer, quotes[buyer][:WARM_UP]))
    async with platform.database("payment") as database:
        await fulfilled(platform, database, CLIENTS * WARM_UP)
        paced = await together(
            buyers,
            lambda buyer: buy(
                market,
                buyer,
                quotes[buyer][WARM_UP:-PURCHASES],
                every_s=PACE_S,
                after_s=buyers.index(buyer) * PACE_S / CLIENTS,
            ),
        )
        await fulfilled(platform, database, CLIENTS * (WARM_UP + PACED))
        calm = await delays_ms(database)
        before, started = cpu_s(platform), time.perf_counter()
        rounds = await together(buyers, lambda buyer: buy(market, buyer, quotes[buyer][-PURCHASES:]))
        spent_s = time.perf_counter() - started
        await fulfilled(platform, database, CLIENTS * (WARM_UP + PACED + PURCHASES))
        after = cpu_s(platform)
        hurried = await delays_ms(database, after=calm)
        commit_ms = await empty_commit_ms(database)
    count = CLIENTS * PURCHASES
    print(f"fdatasync: p50 {fdatasync_ms(folder):.2f} ms after; a commit of one row: p50 {commit_ms:.2f} ms")
    report(f"POST /v1/orders, {CLIENTS / PACE_S:.0f} a second", [ms for times in paced for ms in times])
    report("  from paid to fulfilled", list(calm.values()))
    report("POST /v1/orders, as fast as it goes", [ms for times in rounds for ms in times])
    report("  from paid to fulfilled", list(hurried.values()))
    print(f"{count} purchases by {CLIENTS} clients in {spent_s:.1f} s: {count / spent_s:.0f} a second")
    for name, used in sorted(after.items(), key=lambda item: before.get(item[0], 0) - item[1]):
        print(f"  {name:<12} {(used - before.get(name, 0)) * 1000 / count:6.2f} CPU-ms a purchase")


class Delay(msgspec.Struct, frozen=True):
    """How long an order took from paid to fulfilled."""

    id: UUID
    ms: float


async def delays_ms(database: Database, after: Collection[UUID] = ()) -> dict[UUID, float]:
    """Return how long orders took from paid to fulfilled, milliseconds; those of `after` are known already."""
    found = await database.fetch(
        """
        SELECT id, (extract(epoch FROM fulfilled_at - paid_at) * 1000)::float8 AS ms
        FROM orders WHERE status = 'fulfilled' AND id <> ALL($1::uuid[])
        """,
        list(after),
        into=Delay,
    )
    return {one.id: one.ms for one in found}


async def buy(
    market: Market, buyer: Buyer, quotes: list[Any], *, every_s: float = 0.0, after_s: float = 0.0
) -> list[float]:
    """Buy one quote after another; return how long each took, milliseconds."""
    times: list[float] = []
    begun = time.perf_counter() + after_s
    for number, quote in enumerate(quotes):
        await asyncio.sleep(max(0.0, begun + number * every_s - time.perf_counter()))
        started = time.perf_counter()
        answer = await market.order(buyer, quote)
        times.append((time.perf_counter() - started) * 1000)
        if answer.status != 201 or answer.body["status"] != "paid":
            raise RuntimeError(f"{answer.status}: {answer.body}")
    return times


async def together(buyers: list[Buyer], work: Callable[[Buyer], Awaitable[list[float]]]) -> list[list[float]]:
    """Let all buyers work at once."""
    return list(await asyncio.gather(*(work(buyer) for buyer in buyers)))


async def fulfilled(platform: Platform, database: Database, count: int) -> None:
    """Wait until so many orders are fulfilled."""

    async def all_are() -> bool:
        found = await database.fetch_value("SELECT count(*) FROM orders WHERE status = 'fulfilled'")
        return bool(found >= count)

    await platform.until(all_are, within_s=120.0)


def cpu_s(platform: Platform) -> dict[str, float]:
    """Return the processor time of each process with its children, seconds."""
    parents, used = {}, {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text("utf-8").rpartition(")")[2].split()
            except OSError:
                continue
            parents[int(folder.name)] = int(fields[1])
            used[int(folder.name)] = (int(fields[11]) + int(fields[12])) / TICKS_PER_S
    owners = {platform.pid_of(name): name for name in platform.record["processes"] if name in WATCHED}
    found = dict.fromkeys(owners.values(), 0.0)
    for pid, seconds in used.items():
        ancestor = pid
        while ancestor not in owners and ancestor in parents:
            ancestor = parents[ancestor]
        if ancestor in owners:
            found[owners[ancestor]] += seconds
    return found


def fdatasync_ms(folder: Path) -> float:
    """Return what it takes to make one write durable, in the middle of many, milliseconds."""
    times = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            file.write(b"x" * 4096)
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


async def empty_commit_ms(database: Database) -> float:
    """Return what a transaction that writes one row takes, in the middle of many, milliseconds."""
    times = []
    for _ in range(SYNCS):
        started = time.perf_counter()
        async with database.transaction() as tx:
            await tx.execute(
                "INSERT INTO kit.jobs (name, next_run_at) VALUES ('bench', now()) ON CONFLICT (name) DO UPDATE SET next_run_at = now() + interval '1 year'"
            )
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def report(what: str, times: list[float]) -> None:
    """Print the percentiles of times in milliseconds."""
    cuts = statistics.quantiles(times, n=100)
    print(f"{what}: p50 {cuts[49]:.1f} ms, p95 {cuts[94]:.1f} ms, p99 {cuts[98]:.1f} ms, of {len(times)}")


if __name__ == "__main__":
    uvloop.run(main())
