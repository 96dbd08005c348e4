"""An order explains itself to the kopeck, to whoever made it."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.services.catalog.contract.v1_pb2 import App
from samovar.services.library.contract.events import LicenceGranted
from samovar.testing.hosting import Answer
from tests.services.payment.orders.checkout.counter import Counter
from tests.services.payment.orders.making import NOW
from tests.services.payment.quotes.making import line

PRICE = 129_900


async def page(counter: Counter, account_id: UUID, order_id: str, **more: Any) -> Answer:
    return await counter.payment.request("GET", f"/v1/orders/{order_id}", account_id=account_id, **more)


async def listed(counter: Counter, account_id: UUID, query: str = "") -> Answer:
    return await counter.payment.request("GET", f"/v1/orders{query}", account_id=account_id)


def sums(parts: list[Any]) -> int:
    return sum(part["amount"]["amount"] for part in parts)


async def licensed(counter: Counter, buyer: UUID, one: dict[str, Any]) -> None:
    """Tell that a line has its licence, and wait until its money is split."""
    await counter.payment.announce(
        LicenceGranted(
            licence_id=uuid4(),
            account_id=buyer,
            app_ids=tuple(UUID(app_id) for app_id in one["app_ids"]),
            kind="purchase",
            granted_at=NOW,
            source="order",
            source_id=one["id"],
        )
    )
    await counter.payment.until(
        "SELECT true FROM sales WHERE line_id = $1 AND split_at IS NOT NULL", UUID(one["id"])
    )


async def test_a_price_is_told_step_by_step(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=200_000)
    bought = line(
        buyer,
        81_000,
        base=150_000,
        discount_percent=20,
        reduced=120_000,
        bundle_percent=25,
        price=90_000,
        promo_percent=10,
        promo_amount=9_000,
    )
    made = await counter.order(await counter.quote(buyer, bought))
    answer = await page(counter, buyer, made.body["id"], headers={"Accept-Language": "en"})
    assert answer.status == 200, answer.body
    (shown,) = answer.body["lines"]
    steps = [
        (step["code"], step["percent"], step["amount"]["amount"], step["left"]["amount"])
        for step in shown["steps"]
    ]
    assert steps == [
        ("base", None, 150_000, 150_000),
        ("discount", 20, -30_000, 120_000),
        ("bundle", 25, -30_000, 90_000),
        ("promo", 10, -9_000, 81_000),
    ]
    assert shown["steps"][1]["text"].startswith("Discount of 20 %: less ")


async def test_a_paid_order_says_who_paid_and_keeps_the_money_until_it_is_given(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=200_000, bonus=30_000)
    made = await counter.order(await counter.quote(buyer), use_bonus=True)
    body = (await page(counter, buyer, made.body["id"])).body
    assert [(one["source"], one["amount"]["amount"], one["status"]) for one in body["funding"]] == [
        ("bonus", 30_000, "paid"),
        ("wallet", PRICE - 30_000, "paid"),
    ]
    assert [(one["code"], one["amount"]["amount"]) for one in body["money"]["parts"]] == [
        ("kept_until_given", PRICE)
    ]
    assert {(one["debit"], one["credit"]) for one in body["trail"]} == {
        ("bonus", "prepaid"),
        ("wallet", "prepaid"),
    }
    assert all("₽" in one["text"] for one in body["trail"])
    assert [one["code"] for one in body["timeline"]] == ["created", "paid"]
    assert [one["kind"] for one in body["receipts"]] == ["sale"]


async def test_where_the_money_went_adds_up_to_the_total(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=200_000)
    made = await counter.order(await counter.quote(buyer, line(buyer, 99_901), line(buyer, 29_999)))
    before = (await page(counter, buyer, made.body["id"])).body
    await licensed(counter, buyer, before["lines"][0])
    body = (await page(counter, buyer, made.body["id"])).body
    parts = {one["code"]: one["amount"]["amount"] for one in body["money"]["parts"]}
    assert sums(body["money"]["parts"]) == PRICE
    assert parts["kept_until_given"] == 29_999
    assert parts["developer"] > parts["commission"] > 0
    first, second = (one["split"] for one in body["lines"])
    assert (first["status"], second["status"]) == ("split", "waiting")
    assert sum(first[name]["amount"] for name in ("developer", "commission", "tax", "given_back")) == 99_901
    assert "sale" in {one["code"] for one in body["trail"]}


async def test_an_order_that_waits_says_what_is_set_aside_and_what_is_to_pay(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=50_000)
    made = await counter.order(await counter.quote(buyer), method="sbp", use_wallet=True)
    body = (await page(counter, buyer, made.body["id"])).body
    assert [(one["code"], one["amount"]["amount"]) for one in body["money"]["parts"]] == [
        ("set_aside", 50_000),
        ("to_pay", PRICE - 50_000),
    ]
    await counter.cancel(buyer, made.body["id"])
    body = (await page(counter, buyer, made.body["id"])).body
    assert [one["code"] for one in body["money"]["parts"]] == ["not_taken"]
    assert {one["status"] for one in body["funding"]} == {"released"}
    assert [one["kind"] for one in body["trail"]] == ["pending", "void"]
    assert body["timeline"][-1]["code"] == "canceled"


async def test_nobody_sees_the_order_of_another(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=200_000)
    made = await counter.order(await counter.quote(buyer))
    answer = await page(counter, uuid4(), made.body["id"])
    assert (answer.status, answer.body["code"]) == (404, "payment.order_not_found")
    assert (await listed(counter, uuid4())).body == {"items": [], "next_cursor": None}
    assert (await counter.payment.request("GET", "/v1/orders")).status == 401


async def test_the_list_goes_by_pages_and_by_status(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=900_000)
    made = [(await counter.order(await counter.quote(buyer))).body["id"] for _ in range(3)]
    waits = (await counter.order(await counter.quote(buyer), method="sbp")).body["id"]
    first = (await listed(counter, buyer, "?limit=3")).body
    rest = (await listed(counter, buyer, f"?limit=3&cursor={first['next_cursor']}")).body
    assert [one["id"] for one in first["items"] + rest["items"]] == [waits, *reversed(made)]
    assert rest["next_cursor"] is None
    assert first["items"][0]["lines"][0]["final"]["amount"] == PRICE
    found = (await listed(counter, buyer, "?status=pending&status=failed")).body
    assert [one["id"] for one in found["items"]] == [waits]


@pytest.mark.parametrize("query", ["?status=gone", "?cursor=x", "?limit=0", "?limit=101"])
async def test_a_list_of_nonsense_is_refused(counter: Counter, query: str) -> None:
    assert (await listed(counter, uuid4(), query)).status == 422


async def preordered(counter: Counter) -> tuple[UUID, dict[str, Any]]:
    """Return a buyer, and the page of an order of what is not out, whose licence is there."""
    buyer = await counter.buyer(wallet=200_000)
    made = await counter.order(await counter.quote(buyer, line(buyer, is_preorder=True)))
    one = (await page(counter, buyer, made.body["id"])).body["lines"][0]
    await counter.payment.announce(
        LicenceGranted(
            licence_id=uuid4(),
            account_id=buyer,
            app_ids=tuple(UUID(app_id) for app_id in one["app_ids"]),
            kind="purchase",
            granted_at=NOW,
            source="order",
            source_id=one["id"],
        )
    )
    await counter.payment.until(
        "SELECT true FROM order_lines WHERE id = $1 AND licensed_at IS NOT NULL", UUID(one["id"])
    )
    body: dict[str, Any] = (await page(counter, buyer, made.body["id"])).body
    return buyer, body


async def test_what_was_bought_in_advance_says_what_it_waits_for(counter: Counter) -> None:
    buyer, shown = await preordered(counter)
    (one,) = shown["lines"]
    assert (shown["status"], shown["fulfilled_at"], one["licensed_at"] is not None) == ("paid", None, True)
    assert "fulfilled" not in [moment["code"] for moment in shown["timeline"]]
    assert (one["awaited"]["code"], one["awaited"]["on"]) == ("unknown", None)
    (listed_one,) = (await listed(counter, buyer)).body["items"]
    assert listed_one["lines"][0]["is_awaited"]
    app_id = one["app_ids"][0]
    said = []
    for app in (
        App(stage="coming_soon", release_on="2027-03-15"),
        App(stage="coming_soon", release_promise={"ru": "весна 2027"}),
        App(stage="released"),
    ):
        counter.shop.apps[app_id] = app
        said.append((await page(counter, buyer, shown["id"])).body["lines"][0]["awaited"])
    assert [(one["code"], one["on"]) for one in said] == [
        ("day", "2027-03-15"),
        ("promise", None),
        ("out", None),
    ]
    assert said[0]["text"] == "Оплачено и ждёт выхода: игра выйдет 15\u00a0марта 2027."
    assert said[1]["text"] == "Оплачено и ждёт выхода: весна 2027."
    counter.shop.away = True
    try:
        answer = await page(counter, buyer, shown["id"], headers={"Accept-Language": "en"})
    finally:
        counter.shop.away = False
    assert answer.body["lines"][0]["awaited"]["text"] == (
        "Paid and waiting for its release; no day has been named."
    )


async def test_what_waits_for_nothing_says_nothing_of_a_release(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=200_000)
    made = await counter.order(await counter.quote(buyer, line(buyer)))
    assert (await page(counter, buyer, made.body["id"])).body["lines"][0]["awaited"] is None
    open_one = await counter.order(await counter.quote(buyer, line(buyer, is_preorder=True)), method="sbp")
    assert (await page(counter, buyer, open_one.body["id"])).body["lines"][0]["awaited"] is None
