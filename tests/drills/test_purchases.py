"""`kill -9` under purchases: afterwards every order is whole: paid, licensed, delivered and in the ledger, to the kopeck, or nothing."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from typing import Any, Self
from uuid import UUID, uuid4

import aiohttp
import msgspec
import pytest

from samovar.testing.hosting import Answer
from samovar.testing.platform import Platform
from tests.journeys.market import Buyer, Good, Market

CLIENTS = 3
# More than anybody buys while a part is away.
GOODS = 60
PRICE = 4_900
WALLET = 10_000_000
RECOVERED_WITHIN_S = 90.0
# What a client may see while a part is away; anything else is a defect.
PATIENT = {409, 429, 503, 504}
IN_FLIGHT = {"idempotency.in_flight"}
LINES = """
    SELECT l.id, l.order_id, l.licence_id FROM order_lines l JOIN orders o ON o.id = l.order_id
    WHERE o.status = 'fulfilled' AND l.delivered_at IS NOT NULL
"""
MOVED = """
    SELECT sum(amount)::bigint FROM ledger_transfers WHERE code = 'purchase' AND kind IN ('posted', 'post')
"""


class Line(msgspec.Struct, frozen=True):
    """A line of an order that is fulfilled."""

    id: UUID
    order_id: UUID
    licence_id: UUID


class Granted(msgspec.Struct, frozen=True):
    """A licence that was given for a line."""

    id: UUID
    line_id: UUID


class Bought(msgspec.Struct, frozen=True):
    """A purchase that was confirmed."""

    buyer: Buyer
    good: Good
    order_id: str


class Shoppers:
    """Players that buy one new game after another, each under a key that is repeated until it is answered."""

    def __init__(self, market: Market) -> None:
        self.market = market
        self.bought: list[Bought] = []
        self.refusals: list[tuple[int, str]] = []
        self._goods: list[Good] = []
        self._buyers: list[Buyer] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._goods = [await self.market.good(PRICE) for _ in range(GOODS)]
        self._buyers = [await self.market.buyer(wallet=WALLET) for _ in range(CLIENTS)]
        self._tasks = [asyncio.create_task(self._shop(buyer)) for buyer in self._buyers]
        return self

    async def __aexit__(self, *_error: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def more(self, count: int) -> None:
        """Wait until so many more purchases were confirmed."""
        wanted = len(self.bought) + count

        async def enough() -> bool:
            for task in self._tasks:
                if task.done():
                    task.result()
            return len(self.bought) >= wanted

        await self.market.platform.until(enough, within_s=RECOVERED_WITHIN_S)

    async def _shop(self, buyer: Buyer) -> None:
        for good in self._goods:
            quote = await self._answered(partial(self.market.quote, buyer, good))
            placed = await self._answered(partial(self.market.order, buyer, quote, key=str(uuid4())))
            self.bought.append(Bought(buyer, good, placed["id"]))

    async def _answered(self, ask: Callable[[], Awaitable[Answer]]) -> Any:
        """Ask until there is an answer that is final, and return it."""
        while True:
            try:
                answer = await ask()
            except aiohttp.ClientError:
                answer = None
            if answer is not None:
                if answer.status == 201:
                    return answer.body
                self.refusals.append((answer.status, answer.body["code"]))
            await asyncio.sleep(0.1)


@pytest.fixture
async def shoppers(platform: Platform) -> AsyncIterator[Shoppers]:
    async with Shoppers(Market(platform)) as clients:
        await clients.more(2)
        yield clients


@pytest.mark.parametrize("victim", ["payment", "library", "nats", "postgresql"])
async def test_a_death_under_purchases_leaves_every_order_whole(
    platform: Platform, shoppers: Shoppers, victim: str
) -> None:
    dead = platform.pid_of(victim)
    platform.kill(victim)

    async def replaced() -> bool:
        return platform.pid_of(victim) != dead

    await platform.until(replaced, within_s=RECOVERED_WITHIN_S)
    await shoppers.more(4)
    await shoppers.__aexit__()
    assert {(status, code) for status, code in shoppers.refusals if status not in PATIENT} == set()
    assert {code for status, code in shoppers.refusals if status == 409} <= IN_FLIGHT
    await every_order_is_whole(platform, shoppers)


async def every_order_is_whole(platform: Platform, shoppers: Shoppers) -> None:
    """Check, once all has settled: paid, licensed, delivered, split and in the ledger, each once; and nothing else is there."""
    ids = {UUID(one.order_id) for one in shoppers.bought}
    async with platform.database("payment") as payment:

        async def settled() -> bool:
            waiting = await payment.fetch_value(
                """
                SELECT (SELECT count(*) FROM kit.outbox WHERE published_at IS NULL)
                    + (SELECT count(*) FROM orders WHERE status = 'paid')
                    + (SELECT count(*) FROM sales WHERE split_at IS NULL AND delivered_at IS NOT NULL)
                """
            )
            return not waiting

        await platform.until(settled, within_s=RECOVERED_WITHIN_S)
        lines = await payment.fetch(LINES, into=Line)
        moved = await payment.fetch_value(MOVED)
        paid = await payment.fetch_value(
            "SELECT sum(wallet_amount)::bigint FROM orders WHERE paid_at IS NOT NULL"
        )
        dead_letters = await payment.fetch_value("SELECT count(*) FROM kit.dead_letters")
    async with platform.database("library") as library:
        granted = await library.fetch(
            "SELECT id, source_id::uuid AS line_id FROM licences WHERE source = 'order' AND revoked_at IS NULL",
            into=Granted,
        )
    assert ids <= {line.order_id for line in lines}
    assert {line.id: line.licence_id for line in lines} == {one.line_id: one.id for one in granted}
    assert len(granted) == len(lines)
    assert moved == paid
    assert dead_letters == 0
    assert await ledger_check(platform) == 0


async def ledger_check(platform: Platform) -> int:
    """Run `samovar ledger check` beside the platform; return its exit code."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "samovar.cli.main", "ledger", "check"),
        env=os.environ | platform.record["environment"],
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode(errors="replace")
    return int(process.returncode or 0)
