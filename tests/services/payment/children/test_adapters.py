"""What families let their children do decides before money moves, and is asked of account."""

from uuid import UUID, uuid4

import pytest

from samovar.testing.hosting import Answer
from tests.services.payment.orders.checkout.counter import Counter

TOP_UPS = "SELECT count(*) FROM top_ups WHERE account_id = $1"


async def top_up(counter: Counter, account_id: UUID) -> Answer:
    return await counter.payment.request(
        "POST",
        "/v1/wallet/topups",
        account_id=account_id,
        json={"amount": {"amount": 50_000, "currency": "RUB"}, "method": "sbp"},
        headers={"Idempotency-Key": str(uuid4())},
    )


@pytest.mark.parametrize("purchases", ["never", "approval"])
async def test_a_child_that_may_not_buy_freely_pays_nothing_in(counter: Counter, purchases: str) -> None:
    child = await counter.buyer()
    counter.families.limit(child, purchases)
    answer = await top_up(counter, child)
    assert (answer.status, answer.body["code"]) == (403, "payment.top_up_not_allowed")
    assert await counter.count(TOP_UPS, child) == 0


async def test_without_account_nobody_spends(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=1_000_000)
    quote = await counter.quote(buyer)
    counter.families.away = True
    try:
        bought, paid_in = await counter.order(quote), await top_up(counter, buyer)
    finally:
        counter.families.away = False
    assert {(one.status, one.body["code"]) for one in (bought, paid_in)} == {
        (503, "payment.child_limits_away")
    }
    assert await counter.left(buyer) == 1_000_000
    assert (await counter.order(quote)).status == 201


async def test_who_buys_several_things_in_a_row_is_asked_about_once(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=1_000_000)
    before = counter.families.asked
    for _ in range(2):
        assert (await counter.order(await counter.quote(buyer))).status == 201
    assert counter.families.asked == before + 1
