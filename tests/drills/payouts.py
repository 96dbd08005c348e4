"""A month that is paid out while the bank loses answers, and payment and the bank die: what left is told alike by payment, ledger and bank."""

import random
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import aiohttp

from samovar.kit.database import Database
from samovar.services.auth.commands import roles_in
from samovar.services.auth.roles.domain import Wanted
from samovar.testing.hosting import Answer
from samovar.testing.money import SimulatedMoney
from samovar.testing.platform import Platform
from tests.drills.test_purchases import RECOVERED_WITHIN_S
from tests.journeys.market import Buyer, Good, Market
from tests.journeys.test_publishing import Person, inside, somebody
from tests.services.payment.payouts.people import COMPANY

# Enough for the least that is paid out, whatever is kept of it.
PRICE = 400_000
BANK_FAULTS = ("lost_answer", "error_500", "error_500_after", "down", "not_json", "too_many")
PATH = "/v1/admin/payments/payouts"
_OUT = "SELECT count(*) FROM payouts WHERE status IN ('executed', 'failed')"


async def sell_and_age(market: Market, money: SimulatedMoney) -> UUID:
    """Sell a game through a provider, and let that be some weeks ago; returns who earned."""
    good, buyer = await market.good(PRICE), await market.buyer()
    await _pay(market, money, buyer, good)
    async with market.platform.database("payment") as payment:

        async def split() -> bool:
            return bool(
                await payment.fetch_value(
                    "SELECT count(*) = 1 FROM sales WHERE gross = $1 AND split_at IS NOT NULL", PRICE
                )
            )

        await market.platform.until(split, within_s=RECOVERED_WITHIN_S)
        owner = await payment.fetch_value(
            "UPDATE sales SET delivered_at = delivered_at - interval '40 days' WHERE gross = $1 RETURNING owner",
            PRICE,
        )
    return UUID(owner)


async def pay_out(
    platform: Platform, money: SimulatedMoney, organisation_id: UUID, chance: random.Random
) -> None:
    """Pay an organisation out, while everything that can die meanwhile does."""
    keeper = await somebody(platform)
    async with inside(platform, "auth") as database:
        place = Wanted(role="developer", organisation_id=organisation_id, level="finance")
        await roles_in(database, phone_region="RU").grant(keeper.email, place, reason="test")
    await keeper.refresh()
    path = f"/v1/dev/payees/{organisation_id}"
    written = await keeper.ask("PUT", path, json=COMPANY)
    assert written.status == 200, written.body
    one, two = await somebody(platform, "finance"), await somebody(platform, "finance")
    async with platform.database("payment") as payment:
        assert await payment.fetch_value("UPDATE payees SET waits_until = now() RETURNING true")
        for fault in BANK_FAULTS:
            await money.fault("bank", fault)
        period = f"{datetime.now(UTC).replace(day=1) - timedelta(days=1):%Y-%m}"
        wanted = {"period": period, "organisation_ids": [str(organisation_id)]}
        [proposed] = (await _decided(platform, one, PATH, wanted))["payouts"]
        await _decided(platform, two, f"{PATH}/{proposed['id']}/approve", None)
        for victim in chance.sample(["payment", "money", "payment", "money"], 4):
            await _kill(platform, victim)
        await _until_out(platform, payment)
        await money.control("DELETE", "/faults")
        await _agree(payment, money, proposed)


async def _agree(payment: Database, money: SimulatedMoney, proposed: dict[str, Any]) -> None:
    """Compare what the bank paid with what payment and the ledger say."""
    amount = proposed["amount"]["amount"]
    headers = {"Authorization": f"Bearer {money.settings['bank_token']}"}
    url = f"{money.settings['bank_url']}/register?date={datetime.now(UTC):%Y-%m-%d}"
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.get(url, raise_for_status=True) as answer,
    ):
        register = (await answer.json())["items"]
    assert [(one["key"], one["status"], one["amount"]) for one in register] == [
        (proposed["id"], "executed", amount)
    ]
    kept = await payment.fetch_value("SELECT jsonb_agg(jsonb_build_array(id, status, amount)) FROM payouts")
    assert kept == [[proposed["id"], "executed", amount]]
    left = await payment.fetch_value(
        """
        SELECT jsonb_object_agg(kind, amount) FROM (
            SELECT a.kind, sum(CASE WHEN t.credit_account_id = a.id THEN t.amount ELSE -t.amount END)::bigint AS amount
            FROM ledger_transfers t JOIN ledger_accounts a ON a.id IN (t.credit_account_id, t.debit_account_id)
            WHERE a.kind IN ('bank', 'payouts_due') AND t.kind IN ('posted', 'post') GROUP BY a.kind) AS found
        """
    )
    assert left == {"bank": amount, "payouts_due": 0}


async def _pay(market: Market, money: SimulatedMoney, buyer: Buyer, good: Good) -> None:
    quote = await market.quote(buyer, good)
    placed = await market.order(buyer, quote.body, method="sbp")
    assert placed.status == 201, placed.body
    async with market.platform.database("payment") as payment:
        find = "SELECT provider_payment_id FROM payments WHERE purpose_id = $1"

        async def known() -> bool:
            return bool(await payment.fetch_value(find, UUID(placed.body["id"])))

        await market.platform.until(known, within_s=RECOVERED_WITHIN_S)
        await money.pay(await payment.fetch_value(find, UUID(placed.body["id"])))


async def _decided(platform: Platform, person: Person, path: str, body: object) -> Any:
    """Ask until it is answered."""
    got: list[Answer] = []
    ask = partial(person.ask, "POST", path, json=body, headers={"Idempotency-Key": str(uuid4())})

    async def answered() -> bool:
        got[:] = [await ask()]
        return got[0].status not in {429, 503, 504}

    await platform.until(answered, within_s=RECOVERED_WITHIN_S)
    assert got[0].status in {200, 201}, got[0].body
    return got[0].body


async def _kill(platform: Platform, victim: str) -> None:
    """Kill a part and wait until another has taken its place."""
    dead = platform.pid_of(victim)
    platform.kill(victim)

    async def replaced() -> bool:
        return platform.pid_of(victim) != dead

    await platform.until(replaced, within_s=RECOVERED_WITHIN_S)


async def _until_out(platform: Platform, payment: Database) -> None:
    async def out() -> bool:
        # Waits of minutes are brought forward.
        await payment.fetch_value(
            "UPDATE payouts SET next_look_at = now() WHERE status IN ('approved', 'sending') RETURNING true"
        )
        return bool(await payment.fetch_value(_OUT))

    await platform.until(out, within_s=2 * RECOVERED_WITHIN_S)
