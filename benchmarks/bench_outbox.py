"""How fast events get from a service's outbox to another service's tables, and how late they are.

    python benchmarks/bench_outbox.py [--events 10000] [--paced-s 15]

Starts PostgreSQL and NATS of its own, both of which write to disk before they answer, a process that publishes and
relays, and one that consumes: each event is one row in the consumer's database, in the transaction of its inbox row. Beside the
result it prints what the same disk and the same NATS do without us.
"""

import argparse
import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import nats
import uvloop

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.kit import logs
from samovar.kit.bus import Bus
from samovar.kit.database import Database, Transaction
from samovar.kit.events import Delivery, Event, consumes
from samovar.kit.inbox import Inbox
from samovar.kit.migrations import migrate
from samovar.kit.outbox import Relay
from samovar.kit.settings import Secret

RATE_TARGET = 2_000
LATE_TARGET_MS = 250
PACED_PER_S = 200
WARM_UP_EVENTS = 500
DEADLINE_S = 120.0
POOL_MAX = 6
EVENTS_PER_TRANSACTION = 20


class GameSold(Event, frozen=True, kw_only=True, subject="shop.v1.game_sold"):
    """An event of a usual size."""

    order: int
    title: str = "The Long Way Round the Samovar"
    price_minor: int = 199_900
    currency: str = "RUB"


@consumes(GameSold)
async def note_sale(event: GameSold, tx: Transaction, delivery: Delivery) -> None:
    """Keep the sale, and how late it came."""
    await tx.execute(
        "INSERT INTO sales (number, late_ms) VALUES ($1, extract(epoch FROM clock_timestamp() - $2) * 1000)",
        event.order,
        delivery.time,
    )


async def consume(database_url: str, nats_url: str) -> None:
    """Be the consuming process, until killed."""
    database, bus = await _open("library", database_url, nats_url)
    await Inbox("library", (note_sale,), {}, bus=bus, database=database).run()


async def measure(events: int, paced_s: int, folder: Path) -> bool:
    """Print all figures; return whether the targets are met."""
    print(f"fdatasync of 512 bytes            {_fdatasync_us(folder):9.0f} µs (median)")
    async with PostgresServer(folder / "postgres") as postgres, NatsServer(folder / "nats") as server:
        shop_url, library_url = await postgres.create("shop"), await postgres.create("library")
        for url in (shop_url, library_url):
            await migrate(Secret(url), None)
        for in_flight in (1, 16, 256):
            rate = await _raw_rate(server.url, in_flight)
            print(f"JetStream alone, {in_flight:>3} in flight     {rate:9.0f} publications with ack/s")
        shop, bus = await _open("shop", shop_url, server.url)
        library, _ = await _open("library", library_url, None)
        async with library.transaction() as tx:
            await tx.execute("CREATE TABLE sales (number bigint, late_ms float8)")
        arguments = (__file__, "--consume", library_url, server.url)
        consumer = await asyncio.create_subprocess_exec(sys.executable, *arguments)
        try:
            await _publish(shop, WARM_UP_EVENTS)
            async with _Running(Relay(shop, bus).run):
                await _applied(library, WARM_UP_EVENTS)
            written = await _publish(shop, events)
            print(f"transactions into the outbox      {written:9.0f} events/s")
            started, relay_s, consumer_s = time.perf_counter(), time.process_time(), _cpu_s(consumer.pid)
            async with _Running(Relay(shop, bus).run):
                await _applied(library, WARM_UP_EVENTS + events)
                rate = events / (time.perf_counter() - started)
                relay_us = (time.process_time() - relay_s) / events * 1e6
                consumer_us = (_cpu_s(consumer.pid) - consumer_s) / events * 1e6
                print(
                    f"outbox to applied, {events:>6} waiting {rate:9.0f} events/s (target {RATE_TARGET}); "
                    f"CPU an event: {relay_us:.0f} µs relay, {consumer_us:.0f} µs consumer"
                )
                late_ms = await _paced(shop, library, paced_s)
        finally:
            consumer.kill()
            await consumer.wait()
        await bus.close()
        await shop.close()
        await library.close()
    return rate >= RATE_TARGET and late_ms <= LATE_TARGET_MS


class _Running:
    """A long task, for the length of a block."""

    def __init__(self, run: Callable[[], Awaitable[None]]) -> None:
        self._run = run

    async def __aenter__(self) -> None:
        self._task = asyncio.ensure_future(self._run())

    async def __aexit__(self, *_error: object) -> None:
        self._task.cancel()
        await asyncio.wait([self._task])


async def _open(service: str, database_url: str, nats_url: str | None) -> tuple[Database, Any]:
    database = await Database.open(
        Secret(database_url), service=service, pool_size_min=1, pool_size_max=POOL_MAX
    )
    return database, await Bus.connect(Secret(nats_url), service) if nats_url else None


async def _publish(shop: Database, events: int) -> float:
    """Publish from several transactions at once and return the rate."""
    started = time.perf_counter()

    async def some(first: int, last: int) -> None:
        for start in range(first, last, EVENTS_PER_TRANSACTION):
            async with shop.transaction() as tx:
                for order in range(start, min(start + EVENTS_PER_TRANSACTION, last)):
                    await tx.publish(GameSold(order=order))

    share = -(-events // POOL_MAX)
    await asyncio.gather(*(some(start, min(start + share, events)) for start in range(0, events, share)))
    return events / (time.perf_counter() - started)


async def _applied(library: Database, count: int) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while await library.fetch_value("SELECT count(*) FROM sales") < count:  # noqa: ASYNC110  another process
            await asyncio.sleep(0.02)


async def _paced(shop: Database, library: Database, seconds: int) -> float:
    """Publish at `PACED_PER_S`, print how late events were applied and return the 99th percentile."""
    async with library.transaction() as tx:
        await tx.execute("TRUNCATE sales")
    count = seconds * PACED_PER_S
    begun = time.perf_counter()
    for order in range(count):
        async with shop.transaction() as tx:
            await tx.publish(GameSold(order=order))
        await asyncio.sleep(max(0.0, begun + (order + 1) / PACED_PER_S - time.perf_counter()))
    await _applied(library, count)
    shares = "percentile_cont(ARRAY[0.5, 0.99, 1]) WITHIN GROUP (ORDER BY late_ms)"
    p50, p99, worst = await library.fetch_value(f"SELECT {shares} FROM sales")  # noqa: S608  a constant
    print(
        f"at {PACED_PER_S}/s, publish to applied       {p99:9.1f} ms p99 (target {LATE_TARGET_MS}), "
        f"{p50:.1f} ms p50, {worst:.1f} ms worst"
    )
    return float(p99)


async def _raw_rate(nats_url: str, in_flight: int, messages: int = 3_000) -> float:
    """Publish with the client library alone."""
    connection = await nats.connect(nats_url)
    jetstream = connection.jetstream()
    await jetstream.add_stream(name="RAW", subjects=["raw"])
    payload = b"x" * 500
    numbers = iter(range(messages if in_flight > 1 else messages // 4))
    count = len(list(range(messages if in_flight > 1 else messages // 4)))

    async def publish() -> None:
        for _ in numbers:
            await jetstream.publish("raw", payload, timeout=DEADLINE_S)

    started = time.perf_counter()
    await asyncio.gather(*(publish() for _ in range(in_flight)))
    rate = count / (time.perf_counter() - started)
    await jetstream.delete_stream("RAW")
    await connection.close()
    return rate


def _cpu_s(pid: int) -> float:
    """Return the processor time that a process has used; a busy machine changes it less than a rate."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _fdatasync_us(folder: Path, times: int = 400) -> float:
    """Return the median time that the disk takes to keep a small write."""
    file = os.open(folder / "sync", os.O_CREAT | os.O_WRONLY, 0o600)
    took = []
    for _ in range(times):
        os.write(file, b"x" * 512)
        started = time.perf_counter()
        os.fdatasync(file)
        took.append(time.perf_counter() - started)
    os.close(file)
    return sorted(took)[times // 2] * 1e6


def main() -> int:
    """Run, and return 0 when the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--events", type=int, default=10_000, help="how many wait in the outbox")
    parser.add_argument("--paced-s", type=int, default=15, help="how long to publish at the steady rate")
    parser.add_argument("--consume", nargs=2, metavar=("DATABASE_URL", "NATS_URL"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    logs.configure(service="benchmark", log_format="console", level="error")
    if arguments.consume:
        uvloop.run(consume(*arguments.consume))
    with tempfile.TemporaryDirectory() as folder:
        met = uvloop.run(measure(arguments.events, arguments.paced_s, Path(folder)))
    print("targets met" if met else "TARGETS MISSED")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
