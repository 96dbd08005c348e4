"""Support gives back beyond the rules, in parts too, and decides what a provider refused."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.refunds import settling
from samovar.testing.hosting import Answer
from tests.services.payment.refunds.shop import NOW, Desk

BODY: dict[str, Any] = {"reason": "support_decision", "note": "Игра не запускалась"}


async def part(desk: Desk, order: Order, line: OrderLine, amount: object) -> Answer:
    lines = [{"line_id": str(line.id), "amount": amount}]
    return await desk.staff(f"orders/{order.id}/refunds", BODY | {"lines": lines})


async def held(desk: Desk) -> tuple[Order, str]:
    """Return an order whose refund the provider has refused."""
    order, lines = await desk.sell([500])
    answer = await desk.staff(f"orders/{order.id}/refunds", BODY)
    await desk.end_licence(lines[0])
    refund_id = UUID(answer.body["id"])
    await desk.payment.until("SELECT status = 'paying' FROM refunds WHERE id = $1", refund_id)
    async with desk.database.transaction() as tx:
        for part_id in await desk.parts(refund_id):
            await settling.refused(tx, part_id, code="disputed", now=NOW)
    return order, answer.body["id"]


async def test_support_gives_back_what_the_rules_would_not(desk: Desk) -> None:
    order, lines = await desk.sell([500], wallet=500)
    desk.play(lines[0], 9_000)
    answer = await desk.staff(f"orders/{order.id}/refunds", BODY)
    assert (answer.status, answer.body["status"]) == (201, "revoking")
    assert answer.body["note"] == BODY["note"]
    assert answer.body["rules_version"] is None


async def test_two_equal_parts_under_different_keys_both_pass(desk: Desk) -> None:
    order, lines = await desk.sell([500], wallet=500)
    first, second = await part(desk, order, lines[0], 100), await part(desk, order, lines[0], 100)
    assert first.body["id"] != second.body["id"]
    assert await desk.wallet(order.account_id) == 200


async def test_more_than_is_left_is_refused(desk: Desk) -> None:
    order, lines = await desk.sell([500], wallet=500)
    await part(desk, order, lines[0], 400)
    over = await part(desk, order, lines[0], 101)
    assert (over.status, over.body["code"]) == (409, "payment.refund_too_large")
    assert await desk.wallet(order.account_id) == 400


@pytest.mark.parametrize("amount", [0, -1, 2**53, 1.5, "1"])
async def test_an_amount_that_is_none_is_refused(desk: Desk, amount: object) -> None:
    order, lines = await desk.sell([500], wallet=500)
    assert (await part(desk, order, lines[0], amount)).status == 422


async def test_what_the_provider_refused_goes_to_the_wallet_when_support_says_so(desk: Desk) -> None:
    order, refund_id = await held(desk)
    waiting = await desk.payment.request(
        "GET", "/v1/admin/payments/refunds?limit=100", account_id=uuid4(), roles=("finance",), acr="aal2"
    )
    assert refund_id in [item["id"] for item in waiting.body["items"]]
    answer = await desk.staff(f"refunds/{refund_id}/to-wallet", {"note": "Карта закрыта"})
    assert (answer.body["status"], answer.body["destination"]) == ("settled", "wallet")
    assert await desk.wallet(order.account_id) == 500
    again = await desk.staff(f"refunds/{refund_id}/to-wallet", {"note": "Карта закрыта"})
    assert (again.status, again.body["code"]) == (409, "payment.refund_decided")


async def test_a_refund_that_waits_for_nobody_is_not_decided(desk: Desk) -> None:
    order, _ = await desk.sell([500], wallet=500)
    refund_id = (await desk.staff(f"orders/{order.id}/refunds", BODY)).body["id"]
    for decision in ("approve", "reject", "retry", "to-wallet"):
        assert (await desk.staff(f"refunds/{refund_id}/{decision}", {"note": "Зачем-то"})).status == 409
    assert (await desk.staff(f"refunds/{uuid4()}/approve", {"note": "Зачем-то"})).status == 404


async def test_players_cannot(desk: Desk) -> None:
    order, _ = await desk.sell([500], wallet=500)
    answer = await desk.payment.request(
        "POST",
        f"/v1/admin/payments/orders/{order.id}/refunds",
        account_id=order.account_id,
        headers={"Idempotency-Key": "mine"},
        json=BODY,
    )
    assert answer.status == 403
