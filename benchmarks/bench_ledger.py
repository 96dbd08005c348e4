"""How fast the ledger moves money: purchases of many players at once, all of one developer's game, and transfers in batches.

    python benchmarks/bench_ledger.py [--seconds 8]

Starts a PostgreSQL of its own that writes to disk before it answers, and moves money as payment does: a purchase is one transaction
with a transfer out of the payer's wallet and an event in the outbox, and meanwhile one writer divides what was sold between the
developer, the platform and the tax, in batches. Beside the results stand what pgbench gets out of the same PostgreSQL in the same run,
with a transaction of the same rows and no Python, and the time that the disk takes for one small write. At the end all
invariants are checked.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID, uuid4

import uvloop

from samovar.embedded.postgres import PROGRAM, PostgresServer
from samovar.kit import logs
from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.kit.migrations import migrate
from samovar.kit.money import Money
from samovar.kit.settings import Secret
from samovar.services.payment import invariants
from samovar.services.payment.app import service
from samovar.services.payment.contract.events import WalletToppedUp
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.chain import blocks
from samovar.services.payment.ledger.domain import Account, Code, Kind, Transfer, leg_id

PURCHASES_TARGET = 1_000
TRANSFERS_TARGET = 8_000
CLIENTS = 32
WALLETS = 2_000
PRICE = 49_900
BATCH = 1_000
SPLIT_BATCH = 300
PREPAID, COMMISSION, TAX = Account(Kind.PREPAID), Account(Kind.COMMISSION), Account(Kind.TAX)
CLEARING = Account(Kind.CLEARING, "yookassa")
# The rows of a purchase, written by pgbench alone: what this PostgreSQL does without us.
PGBENCH = """
\\set payer random(1, 2000)
BEGIN;
UPDATE bench_balances SET debits = debits + 1 WHERE id = :payer;
INSERT INTO bench_transfers (debit, credit, amount, code, cause, at)
    VALUES (gen_random_uuid(), gen_random_uuid(), 49900, 'purchase', gen_random_uuid(), now());
INSERT INTO bench_outbox (payload) VALUES ('{"order_id": "0190a5c8-8f1e-7000-8000-000000000001", "amount": 49900}');
COMMIT;
"""
PGBENCH_TABLES = """
    CREATE TABLE bench_balances (id int PRIMARY KEY, debits bigint NOT NULL) WITH (fillfactor = 50);
    INSERT INTO bench_balances SELECT id, 0 FROM generate_series(1, 2000) AS id;
    CREATE TABLE bench_transfers (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), debit uuid, credit uuid, amount bigint,
        code text, cause uuid, at timestamptz, xid xid8 DEFAULT pg_current_xact_id(), seq bigint GENERATED ALWAYS AS IDENTITY);
    CREATE INDEX ON bench_transfers (cause);
    CREATE INDEX ON bench_transfers (debit, xid, seq);
    CREATE INDEX ON bench_transfers (credit, xid, seq);
    CREATE INDEX ON bench_transfers (xid, seq);
    CREATE TABLE bench_outbox (seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload json);
"""


def transfer(cause: UUID, leg: str, debit: Account, credit: Account, amount: int, code: Code) -> Transfer:
    """Return one leg of what a cause moves."""
    return Transfer(
        id=leg_id(cause, leg),
        debit=debit,
        credit=credit,
        amount=Money(amount, "RUB"),
        code=code,
        cause_id=cause,
    )


class Shop:
    """Players with money, and one developer whose game all of them buy."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._wallets = [Account(Kind.WALLET, str(uuid4())) for _ in range(WALLETS)]
        self._payable = Account(Kind.PAYABLE, str(uuid4()))
        self._sold: list[UUID] = []
        self._chance = Random(7)  # noqa: S311  no secret
        self.split = 0

    async def open(self) -> None:
        """Give every player enough."""
        tops = [transfer(uuid4(), "top_up", CLEARING, wallet, 10**9, "top_up") for wallet in self._wallets]
        async with self._database.transaction() as tx:
            await posting.post(tx, tops, now=datetime.now(UTC))

    async def buy(self) -> None:
        """Let somebody buy the game."""
        order_id, payer = new_id(), self._chance.choice(self._wallets)
        async with self._database.transaction() as tx:
            paid = transfer(order_id, "wallet", payer, PREPAID, PRICE, "purchase")
            await posting.post(tx, [paid], now=datetime.now(UTC))
            await tx.publish(
                WalletToppedUp(
                    top_up_id=order_id,
                    account_id=UUID(payer.owner),
                    amount=Money(PRICE, "RUB"),
                    topped_up_at=datetime.now(UTC),
                )
            )
        self._sold.append(order_id)

    async def split_sales(self) -> None:
        """Divide what was sold, in batches, until cancelled."""
        while True:
            batch, self._sold = self._sold[:SPLIT_BATCH], self._sold[SPLIT_BATCH:]
            if batch:
                await self._split(batch)
                self.split += len(batch)
            else:
                await asyncio.sleep(0.25)

    async def _split(self, batch: list[UUID]) -> None:
        legs = [
            leg
            for order_id in batch
            for leg in (
                transfer(order_id, "payable", PREPAID, self._payable, 32_000, "sale"),
                transfer(order_id, "commission", PREPAID, COMMISSION, 9_900, "sale"),
                transfer(order_id, "tax", PREPAID, TAX, 8_000, "sale"),
            )
        ]
        async with self._database.transaction() as tx:
            await posting.post(tx, legs, now=datetime.now(UTC))


async def measure(seconds: float, folder: Path) -> bool:
    """Print all figures; return whether the targets are met and the books are right."""
    async with PostgresServer(folder / "postgres") as postgres:
        url = await postgres.create("payment")
        await migrate(Secret(url), service.migrations)
        database = await Database.open(
            Secret(url), service="payment", pool_size_min=CLIENTS, pool_size_max=CLIENTS + 4
        )
        for _ in range(2):
            print(f"fdatasync of 512 bytes                 {_fdatasync_us(folder):9.0f} µs (median)")
            for clients in (8, CLIENTS):
                print(
                    f"pgbench, rows of a purchase, {clients:>2} clients {await _pgbench(url, clients, folder):9.0f} /s"
                )
            purchases, batched = await _ours(database, seconds)
        started = time.perf_counter()
        while await blocks.extend(database, now=datetime.now(UTC)):
            pass
        chained_s = time.perf_counter() - started
        faults = await invariants.faults(database)
        verdict = await blocks.verify(database)
        print(f"chained                                {verdict.transfers / chained_s:9.0f} transfers/s")
        for fault in faults:
            print(fault)
        print(
            f"{verdict.transfers} transfers, {len(faults)} faults, chain {verdict.fault or 'as it was written'}"
        )
        await database.close()
    return purchases >= PURCHASES_TARGET and batched >= TRANSFERS_TARGET and not faults and not verdict.fault


async def _ours(database: Database, seconds: float) -> tuple[float, float]:
    shop = Shop(database)
    await shop.open()
    cpu_s = time.process_time()
    rates = {}
    for clients in (1, 8, CLIENTS):
        splitting = asyncio.create_task(shop.split_sales())
        done, late_ms = await _rate(shop.buy, clients, seconds)
        splitting.cancel()
        rates[clients] = done
        print(f"purchases, {clients:>2} clients                  {done:9.0f} /s, p95 {late_ms:.1f} ms")
    cpu_ms = (time.process_time() - cpu_s) * 1e3 / (sum(rates.values()) * seconds)
    print(
        f"                                       {cpu_ms:9.2f} ms of our CPU a purchase, its share of splitting included"
    )
    batched = 0.0
    for writers in (1, 2):
        rate, _ = await _rate(lambda: _batch(database), writers, seconds)
        batched = max(batched, rate * BATCH)
        print(f"batches of {BATCH}, {writers} writers               {rate * BATCH:9.0f} transfers/s")
    return rates[CLIENTS], batched


async def _batch(database: Database) -> None:
    legs = [transfer(new_id(), "capture", CLEARING, PREPAID, PRICE, "capture") for _ in range(BATCH)]
    async with database.transaction() as tx:
        await posting.post(tx, legs, now=datetime.now(UTC))


async def _rate(act: Callable[[], Awaitable[None]], clients: int, seconds: float) -> tuple[float, float]:
    """Return how often it was done a second by so many clients, and the 95th percentile of its time in ms."""
    took: list[float] = []
    started = time.perf_counter()

    async def client() -> None:
        while time.perf_counter() - started < seconds:
            begun = time.perf_counter()
            await act()
            took.append(time.perf_counter() - begun)

    await asyncio.gather(*(client() for _ in range(clients)))
    return len(took) / (time.perf_counter() - started), sorted(took)[len(took) * 95 // 100] * 1e3


async def _pgbench(url: str, clients: int, folder: Path) -> float:
    script = folder / "purchase.sql"
    script.write_text(PGBENCH)
    database = await Database.open(Secret(url), service="payment", pool_size_min=0, pool_size_max=1)
    async with database.transaction() as tx:
        if not await tx.fetch_value("SELECT to_regclass('bench_outbox') IS NOT NULL"):
            await tx.execute(PGBENCH_TABLES)
    await database.close()
    program = Path(PROGRAM.find()).with_name("pgbench")
    command = [
        *(str(program), "--no-vacuum", "--protocol=prepared", f"--client={clients}", "--jobs=1", "--time=5"),
        *(f"--file={script}", url),
    ]
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=True)
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("tps"))
    return float(line.split()[2])


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
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each figure is measured")
    arguments = parser.parse_args()
    logs.configure(service="benchmark", log_format="console", level="error")
    with tempfile.TemporaryDirectory(prefix="samovar-bench-") as folder:
        met = uvloop.run(measure(arguments.seconds, Path(folder)))
    print("targets met" if met else f"below {PURCHASES_TARGET} purchases/s or {TRANSFERS_TARGET} transfers/s")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
