"""The page of an order whose payment went astray: why it failed, and where money is that came all the same."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import pytest

from samovar.embedded.nats import NatsServer
from samovar.embedded.postgres import PostgresServer
from samovar.embedded.simulator import SimulatorServer
from samovar.testing.hosting import WAIT_S
from samovar.testing.issuer import Issuer
from samovar.testing.money import SimulatedMoney
from tests.services.payment.orders.checkout.counter import Counter, opened

PRICE = 129_900


@pytest.fixture(scope="module")
async def shop(
    postgres: PostgresServer,
    redis_url: str,
    issuer: Issuer,
    money_simulator: SimulatorServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Counter]:
    """Return payment with providers and cash registers that answer."""
    settings: Any = SimulatedMoney.of(money_simulator).settings
    async with (
        NatsServer(tmp_path_factory.mktemp("nats_of_strays")) as nats,
        opened(nats, postgres=postgres, redis_url=redis_url, issuer=issuer, **settings) as started,
    ):
        yield started


@pytest.fixture
async def told(shop: Counter, money: SimulatedMoney) -> SimulatedMoney:
    """Return the providers, who tell payment what happens."""
    await money.webhooks_to(f"http://{shop.payment.host.rest_address}/v1/payments/webhooks")
    return money


async def begun(shop: Counter, **fields: Any) -> tuple[UUID, str, str]:
    """Return a buyer, an order that waits for a provider, and the payment there."""
    buyer = await shop.buyer()
    made = await shop.order(await shop.quote(buyer), method="sbp", **fields)
    assert (made.status, made.body["status"]) == (201, "pending"), made.body
    remote: str = await shop.payment.until(
        "SELECT provider_payment_id FROM payments WHERE purpose_id = $1", UUID(made.body["id"])
    )
    return buyer, made.body["id"], remote


async def page(
    shop: Counter, buyer: UUID, order_id: str, moment: str, language: str = "ru"
) -> dict[str, Any]:
    """Wait until something has happened to an order, and return its page."""
    async with asyncio.timeout(WAIT_S):
        while True:
            answer = await shop.payment.request(
                "GET",
                f"/v1/orders/{order_id}",
                account_id=buyer,
                headers={"Accept-Language": language},
            )
            if moment in {one["code"] for one in answer.body["timeline"]}:
                return dict(answer.body)
            await asyncio.sleep(0.05)


async def test_money_that_comes_after_the_end_is_followed_until_it_is_back(
    shop: Counter, told: SimulatedMoney
) -> None:
    buyer, order_id, remote = await begun(shop)
    await shop.cancel(buyer, order_id)
    await told.pay(remote)
    body = await page(shop, buyer, order_id, "stray_returned")
    assert [one["code"] for one in body["timeline"]] == [
        "created",
        "canceled",
        "stray_late",
        "stray_returned",
    ]
    assert [one["text"] for one in body["timeline"][2:]] == [
        "Пришло 1\u202f299\u00a0₽, а заказ уже закрыт: деньги возвращаются.",
        "1\u202f299\u00a0₽ отправлено обратно.",
    ]
    moved = {(one["debit"], one["credit"], one["amount"]["amount"]) for one in body["trail"]}
    assert {("clearing", "refunds_due", PRICE), ("refunds_due", "clearing", PRICE)} <= moved
    assert all("ЮKassa" in one["text"] for one in body["trail"])
    receipts = [(one["kind"], one["total"]["amount"]) for one in body["receipts"]]
    assert receipts == [("advance", PRICE), ("refund", PRICE)]
    listed = await shop.payment.request("GET", f"/v1/orders/{order_id}/receipts", account_id=buyer)
    assert [one["id"] for one in listed.body] == [one["id"] for one in body["receipts"]]


async def test_another_amount_ends_the_order_and_goes_back(shop: Counter, told: SimulatedMoney) -> None:
    buyer, order_id, remote = await begun(shop)
    await told.pay(remote, amount=PRICE - 1)
    body = await page(shop, buyer, order_id, "stray_returned")
    assert (body["status"], body["failure_code"]) == ("failed", "wrong_amount")
    texts = {one["code"]: one["text"] for one in body["timeline"]}
    assert texts["failed"] == "Оплата не прошла: пришла другая сумма."
    assert texts["stray_mismatch"] == (
        "Пришло 1\u202f298,99\u00a0₽ вместо 1\u202f299\u00a0₽: деньги возвращаются."
    )


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Оплата не прошла: не хватает денег."),
        ("en", "The payment failed: there is not enough money."),
    ],
)
async def test_a_failed_order_says_why(shop: Counter, told: SimulatedMoney, language: str, text: str) -> None:
    buyer, order_id, remote = await begun(shop)
    await told.decline(remote, "insufficient_funds")
    body = await page(shop, buyer, order_id, "failed", language)
    assert (body["failure_code"], body["timeline"][-1]["text"]) == ("insufficient_funds", text)
