"""Buyers see the receipts of their orders; finance mends what no register takes and compares a day with its receipts."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.embedded.simulator import SimulatorServer
from samovar.kit.database import Database
from samovar.kit.money import Money
from samovar.services.payment.app import service
from samovar.services.payment.moscow import day_of
from samovar.services.payment.receipts import planning
from samovar.testing.hosting import Answer, Running, running
from samovar.testing.issuer import Issuer
from samovar.testing.money import WAIT_S, SimulatedMoney
from tests.services.payment.conftest import SIGNING_SECRET
from tests.services.payment.receipts.cashing import refunded, sold, topped_up

REASON = {"reason": "Ставка была указана неверно"}


class Cashier:
    """Payment with its cash registers, and its database."""

    def __init__(self, payment: Running, database: Database, money: SimulatedMoney) -> None:
        self.payment = payment
        self.database = database
        self.money = money

    async def staff(
        self, method: str, path: str, body: Any = None, *, role: str = "finance", ago_s: int = 0
    ) -> Answer:
        """Ask as staff."""
        return await self.payment.request(
            method,
            f"/v1/admin/payments/receipts{path}",
            account_id=uuid4(),
            roles=(role,),
            acr="aal2",
            proved_ago_s=ago_s,
            json=body,
            headers={"Idempotency-Key": str(uuid4())} if body else {},
        )

    async def until(self, receipt_id: object, state: str) -> dict[str, Any]:
        """Wait until a receipt is in a state."""
        async with asyncio.timeout(3 * WAIT_S):
            while (found := (await self.staff("GET", f"/{receipt_id}")).body)["state"] != state:  # noqa: ASYNC110  another process decides
                await asyncio.sleep(0.05)
        return dict(found)

    async def id_of(self, cause_id: UUID) -> UUID:
        """Return the id of the receipt of a cause."""
        return UUID(
            str(await self.database.fetch_value("SELECT id FROM receipts WHERE cause_id = $1", cause_id))
        )


@pytest.fixture(scope="module")
async def cashier(
    postgres: PostgresServer,
    redis_url: str,
    issuer: Issuer,
    money_simulator: SimulatorServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Cashier]:
    money = SimulatedMoney.of(money_simulator)
    await money.behave()
    settings = money.settings
    async with (
        NatsServer(tmp_path_factory.mktemp("nats_of_receipts")) as nats,
        running(
            service,
            postgres=postgres,
            redis_url=redis_url,
            nats_url=nats.url,
            issuer=issuer,
            signing_secret=SIGNING_SECRET,
            fiscal_url=settings["fiscal_url"],
            fiscal_group=settings["fiscal_group"],
            fiscal_login=settings["fiscal_login"],
            fiscal_password=settings["fiscal_password"],
            fiscal_inn=settings["fiscal_inn"],
            fiscal_email=settings["fiscal_email"],
        ) as started,
    ):
        yield Cashier(started, started.database, money)


async def test_a_buyer_sees_the_receipts_of_an_order_and_nobody_elses(cashier: Cashier) -> None:
    order, _ = await sold(cashier.database, datetime.now(UTC), 129_900, wallet=9_900)
    await cashier.until(await cashier.id_of(order.id), "registered")
    path = f"/v1/orders/{order.id}/receipts"
    answer = await cashier.payment.request("GET", path, account_id=order.account_id)
    [shown] = answer.body
    assert (shown["kind"], shown["state"]) == ("sale", "registered")
    assert (shown["total"]["amount"], shown["offset"]["amount"]) == (129_900, 9_900)
    assert len(shown["drive"]) == 16
    assert shown["number"] > 0
    assert shown["sign"] > 0
    assert shown["link"].startswith(cashier.money.url)
    stranger = await cashier.payment.request("GET", path, account_id=uuid4())
    assert (stranger.status, stranger.body["code"]) == (404, "payment.order_not_found")
    assert (await cashier.payment.request("GET", path)).status == 401


async def test_a_registered_receipt_is_reversed_and_made_anew(cashier: Cashier) -> None:
    order, _ = await sold(cashier.database, datetime.now(UTC), 50_000)
    receipt_id = await cashier.id_of(order.id)
    await cashier.until(receipt_id, "registered")
    answer = await cashier.staff("POST", f"/{receipt_id}/correct", REASON)
    assert answer.status == 201
    reversal, correction = answer.body
    assert (reversal["operation"], correction["operation"]) == ("sell_refund_correction", "sell_correction")
    for one in (reversal, correction):
        assert (await cashier.until(one["id"], "registered"))["reason"] == REASON["reason"]
    assert (await cashier.staff("GET", f"/{receipt_id}")).body["state"] == "corrected"
    again = await cashier.staff("POST", f"/{receipt_id}/correct", REASON)
    assert (again.status, again.body["code"]) == (409, "payment.receipt_not_mendable")
    of_correction = await cashier.staff("POST", f"/{correction['id']}/correct", REASON)
    assert of_correction.status == 409


async def test_a_refused_receipt_is_listed_and_handed_in_anew(cashier: Cashier) -> None:
    top_up = await topped_up(cashier.database, datetime.now(UTC), 10_000)
    receipt_id = await cashier.id_of(top_up)
    async with cashier.database.transaction() as tx:
        await tx.execute(
            "UPDATE receipts SET state = 'refused', next_try_at = NULL, settled_at = now(), failure = '32: x' WHERE id = $1",
            receipt_id,
        )
    listed = await cashier.staff("GET", "?state=refused&limit=100")
    assert str(receipt_id) in [item["id"] for item in listed.body["items"]]
    assert (await cashier.staff("POST", f"/{receipt_id}/retry", REASON)).status == 200
    assert (await cashier.until(receipt_id, "registered"))["attempt"] == 2
    assert (await cashier.staff("POST", f"/{receipt_id}/retry", REASON)).status == 409


@pytest.mark.parametrize("day", ["0001-01-01", "2019-12-31", "9999-12-31"])
async def test_a_day_without_receipts_is_refused(cashier: Cashier, day: str) -> None:
    answer = await cashier.staff("GET", f"/compared?day={day}")
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, "day")


async def test_a_day_is_compared_and_money_without_a_receipt_named(cashier: Cashier) -> None:
    now, payment_id = datetime.now(UTC), uuid4()
    day = f"/compared?day={day_of(now)}"
    before = (await cashier.staff("GET", day)).body
    async with cashier.database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO payments (id, purpose, purpose_id, account_id, method, amount, currency, description, state, provider,
                provider_payment_id, captured, captured_at, expires_at, created_at)
            VALUES ($1, 'top_up', $2, $2, 'sbp', 70000, 'RUB', 'x', 'captured', 'yookassa', 'test-capture', 70000, $3, $3, $3)
            """,
            payment_id,
            uuid4(),
            now,
        )
    found = (await cashier.staff("GET", day)).body
    assert found["captured"]["amount"] == before["captured"]["amount"] + 70_000
    [difference] = [one for one in found["differences"] if str(payment_id) in one["subject"]]
    assert (difference["money"]["amount"], difference["receipts"]["amount"]) == (70_000, 0)
    async with cashier.database.transaction() as tx:
        await planning.topped_up(
            tx,
            top_up_id=payment_id,
            account_id=uuid4(),
            amount=Money(70_000, "RUB"),
            payment_id=payment_id,
            now=now,
        )
    assert (await cashier.staff("GET", day)).body["differences"] == before["differences"]


async def test_only_finance_mends_and_only_freshly_signed_in(cashier: Cashier) -> None:
    order, [line] = await sold(cashier.database, datetime.now(UTC), 100)
    refund = await refunded(cashier.database, datetime.now(UTC), order, {line.id: 100})
    receipt_id = await cashier.id_of(refund)
    assert (await cashier.staff("POST", f"/{receipt_id}/correct", REASON, role="support")).status == 403
    assert (await cashier.staff("POST", f"/{receipt_id}/correct", REASON, ago_s=3_600)).status in {401, 403}
    assert (await cashier.staff("GET", "", role="player")).status == 403
    assert (await cashier.staff("POST", f"/{uuid4()}/correct", REASON)).status == 404
    short = await cashier.staff("POST", f"/{receipt_id}/correct", {"reason": ""})
    assert short.status == 422
