"""`kill -9` while providers misbehave: afterwards each kopeck of every payment, refund and top-up is told alike by five books.

Those of the provider, of payment's tables, of the ledger, of the cash register, and of library. `SAMOVAR_DRILL_ROUNDS=20` repeats the whole with
other seeds.
"""

import asyncio
import contextlib
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import aiohttp
import msgspec
import pytest

from samovar.testing.hosting import Answer
from samovar.testing.money import SimulatedMoney
from samovar.testing.platform import Platform, platform_up
from tests.drills import payouts
from tests.drills.amounts import fees_agree, receipts_agree, refunds_agree, wallets_agree
from tests.drills.test_purchases import RECOVERED_WITHIN_S, ledger_check
from tests.journeys.market import Buyer, Good, Market

PAYERS = 3
# Orders and top-ups that each of them begins at the least.
STEPS = 4
PRICE = 4_900
ROUNDS = int(os.environ.get("SAMOVAR_DRILL_ROUNDS", "1"))
TOP_UP = 10_000
# Several tries with a provider, each of them lost, and a part that comes back meanwhile.
FINAL_WITHIN_S = 2 * RECOVERED_WITHIN_S
FINAL = {"credited", "fulfilled", "failed", "canceled", "expired", "refunded", "partially_refunded"}
FAULTS = {
    "yookassa": ("lost_answer", "error_500", "error_500_after", "too_many", "not_json", "down", "slow"),
    "tbank": ("lost_answer", "error_500", "error_500_after", "too_many", "not_json", "down", "slow"),
    "fiscal": ("lost_answer", "error_500", "error_500_after", "too_many", "not_json", "down"),
    "webhooks": ("duplicate", "delay", "lost", "reorder", "wrong_amount", "unknown_payment"),
}
# What a client may see while a part is away; anything else is a defect.
PATIENT = {429, 503, 504}
IN_FLIGHT = "idempotency.in_flight"

# Brings forward what is put off: a test does not wait as long as a janitor may.
HURRY = """
    WITH payments_due AS (UPDATE payments SET next_check_at = now() WHERE next_check_at > now() + interval '1 s'),
        refunds_due AS (UPDATE payment_refunds SET next_check_at = now() WHERE next_check_at > now() + interval '1 s')
    UPDATE receipts SET next_try_at = now() WHERE next_try_at > now() + interval '3 s' AND sent_at < now() - interval '3 s'
"""
WAITING = """
    SELECT jsonb_build_object(
        'events', (SELECT count(*) FROM kit.outbox WHERE published_at IS NULL),
        'orders', (SELECT count(*) FROM orders WHERE status IN ('created', 'pending', 'paid')),
        'payments', (SELECT count(*) FROM payments WHERE state NOT IN ('captured', 'canceled', 'failed')),
        'moving', (SELECT count(*) FROM payment_refunds WHERE state NOT IN ('done', 'refused')),
        'refunds', (SELECT count(*) FROM refunds WHERE status NOT IN ('settled', 'refused')),
        'receipts', (SELECT count(*) FROM receipts WHERE state IN ('planned', 'sent')),
        'sales', (SELECT count(*) FROM sales WHERE split_at IS NULL AND delivered_at IS NOT NULL)
    )
"""


class Paid(msgspec.Struct, frozen=True):
    """A payment in payment's own tables."""

    provider_payment_id: str
    captured: int
    refunded: int


class Line(msgspec.Struct, frozen=True):
    """A line of an order, and how it stands."""

    id: UUID
    is_delivered: bool
    is_refunded: bool


class Licence(msgspec.Struct, frozen=True):
    """A licence of a line."""

    line_id: UUID
    is_live: bool


class Receipt(msgspec.Struct, frozen=True):
    """A receipt in payment's own tables."""

    remote_id: str
    state: str


class Payers:
    """Players who pay, do not pay, pay too much, give back and pay in, each for themselves.

    Attributes:
        told: What they were told of each order in the end.
        given_back: The refund that was granted of an order.
        paid_in: What they were told of each top-up in the end.
        steps: How many orders and top-ups came to an end.
        buyers: Who they are, once all is there that they will buy.
        granted: Who got which refund.
    """

    def __init__(self, market: Market, money: SimulatedMoney, chance: random.Random) -> None:
        self.market = market
        self.money = money
        self.chance = chance
        self.told: dict[str, str] = {}
        self.given_back: dict[str, str] = {}
        self.paid_in: dict[str, str] = {}
        self.steps = 0
        self.buyers: list[Buyer] = []
        self.granted: list[tuple[Buyer, str]] = []

    async def run(self) -> None:
        """Let all of them do what they do."""
        buyers = [await self.market.buyer() for _ in range(PAYERS)]
        goods = [[await self.market.good(PRICE) for _ in range(STEPS)] for _ in buyers]
        self.buyers = buyers
        await asyncio.gather(
            *(
                self._live(buyer, mine, random.Random(self.chance.random()))
                for buyer, mine in zip(buyers, goods, strict=True)
            )
        )

    async def _live(self, buyer: Buyer, goods: list[Good], chance: random.Random) -> None:
        for number, good in enumerate(goods):
            if number % 3 == 2:
                await self._top_up(buyer, chance)
                self.steps += 1
            await self._buy(buyer, good, chance)
            self.steps += 1

    async def _buy(self, buyer: Buyer, good: Good, chance: random.Random) -> None:
        quote = await self._answered(partial(self.market.quote, buyer, good))
        method = chance.choice(("sbp", "card"))
        placed = await self._answered(
            partial(self.market.order, buyer, quote, key=str(uuid4()), method=method)
        )
        await self._confirm(placed["id"], chance)
        final = await self._final(buyer, f"/v1/orders/{placed['id']}")
        assert final["total"]["amount"] == PRICE
        self.told[placed["id"]] = final["status"]
        if final["status"] == "fulfilled" and chance.choice((True, False)):
            wish = {"reason": "передумал", "destination": chance.choice(("instrument", "wallet"))}
            path = f"/v1/orders/{placed['id']}/refunds"
            granted = await self._answered(partial(self._post, buyer, path, wish, str(uuid4())))
            self.given_back[placed["id"]] = granted["id"]
            self.granted.append((buyer, granted["id"]))

    async def _top_up(self, buyer: Buyer, chance: random.Random) -> None:
        wanted = {"amount": {"amount": TOP_UP, "currency": "RUB"}, "method": "sbp"}
        made = await self._answered(partial(self._post, buyer, "/v1/wallet/topups", wanted, str(uuid4())))
        await self._confirm(made["id"], chance)
        final = await self._final(buyer, f"/v1/wallet/topups/{made['id']}")
        assert final["amount"]["amount"] == TOP_UP
        self.paid_in[made["id"]] = final["status"]

    async def _confirm(self, purpose_id: str, chance: random.Random) -> None:
        """Do at the provider what payers do, as soon as the provider knows the payment."""
        act = chance.choices(("pay", "decline", "too_much", "expire"), (12, 2, 1, 1))[0]
        remote = await self._remote(purpose_id)
        if remote is None:
            return
        try:
            if act == "decline":
                await reached(partial(self.money.decline, remote))
            elif act == "expire":
                await reached(partial(self.money.expire, remote))
            else:
                amount = {"amount": PRICE * 3} if act == "too_much" else {}
                await reached(partial(self.money.pay, remote, **amount))
        except aiohttp.ClientResponseError as error:
            # It ended meanwhile: the order ran out, or another try has taken its place.
            assert error.status in {409, 422}, error  # noqa: PT017

    async def _remote(self, purpose_id: str) -> str | None:
        """Return the id of a payment at the provider; none when it came to nothing."""
        async with self.market.platform.database("payment") as database:
            found: list[str | None] = []

            async def known() -> bool:
                try:
                    state = await database.fetch_one(
                        "SELECT provider_payment_id, state FROM payments WHERE purpose_id = $1 ORDER BY id DESC LIMIT 1",
                        UUID(purpose_id),
                        into=_Remote,
                    )
                except Exception:  # noqa: BLE001  the database is being killed
                    return False
                if state and (state.provider_payment_id or state.state in {"failed", "canceled"}):
                    found.append(state.provider_payment_id)
                return bool(found)

            await self.market.platform.until(known, within_s=RECOVERED_WITHIN_S)
        return found[0]

    async def _final(self, buyer: Buyer, path: str) -> Any:
        """Wait until an order is over, and return it."""
        async with asyncio.timeout(FINAL_WITHIN_S):
            while True:
                shown = await self._answered(
                    partial(self.market.platform.request, "GET", path, token=buyer.token)
                )
                if shown["status"] in FINAL:
                    return shown
                await asyncio.sleep(0.2)

    async def _post(self, buyer: Buyer, path: str, body: object, key: str) -> Answer:
        return await self.market.platform.request(
            "POST", path, token=buyer.token, json=body, headers={"Idempotency-Key": key}
        )

    async def _answered(self, ask: Callable[[], Awaitable[Answer]]) -> Any:
        """Ask while a part is away, and return what is answered then."""
        async with asyncio.timeout(RECOVERED_WITHIN_S):
            while True:
                try:
                    answer = await ask()
                except aiohttp.ClientError:
                    answer = None
                if answer is not None and answer.status in {200, 201}:
                    return answer.body
                if answer is not None:
                    assert answer.status in PATIENT or answer.body["code"] == IN_FLIGHT, answer.body
                await asyncio.sleep(0.1)


class _Remote(msgspec.Struct, frozen=True):
    provider_payment_id: str | None
    state: str


async def reached(ask: Callable[[], Awaitable[Any]]) -> Any:
    """Ask the providers while they are away, and return what is answered then; asked twice, they do it once."""
    async with asyncio.timeout(RECOVERED_WITHIN_S):
        while True:
            try:
                return await ask()
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.1)


async def misbehave(money: SimulatedMoney, chance: random.Random) -> None:
    """Let one thing or two of a side go wrong, again and again; what nobody has met is forgotten, so that it does not pile up."""
    while True:
        side = chance.choice(sorted(FAULTS))
        fault = chance.choice(FAULTS[side])
        with contextlib.suppress(aiohttp.ClientConnectionError):
            await money.control("DELETE", "/faults")
            await money.fault(side, fault, times=chance.randint(1, 2), delay_s=0.5)
        await asyncio.sleep(chance.uniform(0.2, 1.0))


async def hurry(platform: Platform) -> None:
    """Bring forward what is put off, again and again, while there is a database."""
    while True:
        with contextlib.suppress(Exception):
            async with platform.database("payment") as payment:
                while True:
                    await payment.fetch_value(f"{HURRY} RETURNING true")
                    await asyncio.sleep(0.5)
        await asyncio.sleep(0.5)


@pytest.fixture
async def alone(tmp_path: Path) -> AsyncIterator[Platform]:
    """Start a platform on which nobody else buys: its books are compared whole."""
    async with platform_up(tmp_path / "state") as started:
        yield started


@pytest.mark.parametrize("seed", range(ROUNDS))
async def test_deaths_under_lying_providers_leave_every_kopeck_told_alike(alone: Platform, seed: int) -> None:
    chance = random.Random(seed)
    money = SimulatedMoney(f"http://127.0.0.1:{alone.record['processes']['money']['port']}")
    payers = Payers(Market(alone), money, chance)
    around = [
        asyncio.create_task(misbehave(money, random.Random(seed + 1))),
        asyncio.create_task(hurry(alone)),
    ]
    work = asyncio.create_task(payers.run())
    try:
        await kill_one_after_another(alone, payers, work, chance)
        await work
        around[0].cancel()
        await reached(partial(money.control, "DELETE", "/faults"))
        earner = await payouts.sell_and_age(payers.market, money)
        await settle(alone)
        await payouts.pay_out(alone, money, earner, chance)
    finally:
        for task in (work, *around):
            task.cancel()
        await asyncio.gather(work, *around, return_exceptions=True)
    await books_agree(alone, money, payers)


async def kill_one_after_another(
    platform: Platform, payers: Payers, work: asyncio.Task[None], chance: random.Random
) -> None:
    """Kill each part once, while there is work, and wait until another has taken its place."""
    victims = ["payment", "library", "nats", "postgresql", "envoy", "money"]
    chance.shuffle(victims)
    for number, victim in enumerate(victims):
        wanted, dead = number, platform.pid_of(victim)

        async def is_time(wanted: int = wanted) -> bool:
            return (bool(payers.buyers) and payers.steps >= wanted) or work.done()

        async def replaced(victim: str = victim, dead: int = dead) -> bool:
            return platform.pid_of(victim) != dead

        await platform.until(is_time, within_s=FINAL_WITHIN_S)
        platform.kill(victim)
        await platform.until(replaced, within_s=RECOVERED_WITHIN_S)


async def settle(platform: Platform) -> None:
    """Wait until nothing is on its way any more."""
    left: dict[str, int] = {}
    async with platform.database("payment") as payment:

        async def settled() -> bool:
            left.update(await payment.fetch_value(WAITING))
            return not any(left.values())

        try:
            await platform.until(settled, within_s=RECOVERED_WITHIN_S)
        except TimeoutError:
            pytest.fail(f"on its way still: {left}")


async def books_agree(platform: Platform, money: SimulatedMoney, payers: Payers) -> None:
    """Compare what the five books say."""
    async with platform.database("payment") as payment:
        await receipts_agree(payment, money)
        await fees_agree(payment, money)
        await wallets_agree(platform, payment, payers.buyers)
        await refunds_agree(platform, payment, payers.granted, PRICE)
        payments = await payment.fetch(
            """
            SELECT provider_payment_id, captured, refunded FROM payments WHERE provider_payment_id IS NOT NULL
            """,
            into=Paid,
        )
        lines = await payment.fetch(
            """
            SELECT l.id, l.delivered_at IS NOT NULL AS is_delivered, l.refunded_at IS NOT NULL AS is_refunded
            FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE o.paid_at IS NOT NULL
            """,
            into=Line,
        )
        receipts = await payment.fetch("SELECT remote_id, state FROM receipts", into=Receipt)
        orders = await payment.fetch_value("SELECT coalesce(jsonb_object_agg(id, status), '{}') FROM orders")
        refunds = await payment.fetch_value(
            "SELECT coalesce(jsonb_object_agg(id, jsonb_build_array(order_id, status)), '{}') FROM refunds"
        )
        top_ups = await payment.fetch_value(
            "SELECT coalesce(jsonb_object_agg(id, status), '{}') FROM top_ups"
        )
        dead_letters = await payment.fetch_value("SELECT count(*) FROM kit.dead_letters")
    async with platform.database("library") as library:
        licences = await library.fetch(
            "SELECT source_id::uuid AS line_id, revoked_at IS NULL AS is_live FROM licences WHERE source = 'order'",
            into=Licence,
        )
    theirs = {one["id"]: (one["captured"], one["refunded"]) for one in await money.payments()}
    ours = {one.provider_payment_id: (one.captured, one.refunded) for one in payments}
    assert {key: sums for key, sums in theirs.items() if sums != (0, 0)} == {
        key: sums for key, sums in ours.items() if sums != (0, 0)
    }
    assert {line.id for line in lines if line.is_delivered and not line.is_refunded} == {
        one.line_id for one in licences if one.is_live
    }
    assert len(licences) == len({one.line_id for one in licences})
    registered = Counter(one["uuid"] for one in await money.receipts() if one["status"] == "done")
    assert Counter(one.remote_id for one in receipts) == registered
    assert {one.state for one in receipts} <= {"registered"}
    for order_id, told in payers.told.items():
        assert orders[order_id] == ("refunded" if order_id in payers.given_back else told), order_id
    assert {order: refunds[refund] for order, refund in payers.given_back.items()} == {
        order: [order, "settled"] for order in payers.given_back
    }
    assert {key: top_ups[key] for key in payers.paid_in} == payers.paid_in
    assert dead_letters == 0
    assert await ledger_check(platform) == 0
