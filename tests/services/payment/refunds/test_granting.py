"""A refund takes no more than was paid, whoever asks at one moment, and tells library first."""

import asyncio
from uuid import UUID, uuid4

import pytest

from samovar.kit.errors import Conflict
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.errors import OrderNotFound
from samovar.services.payment.refunds import granting
from samovar.services.payment.refunds.domain import Wish
from samovar.services.payment.refunds.errors import NothingToRefund, OrderNotRefundable
from tests.services.payment.refunds.shop import NOW, Shop


async def grant(shop: Shop, order: Order, lines: list[OrderLine], reason: str = "preorder_canceled") -> UUID:
    async with shop.database.transaction() as tx:
        return await granting.grant(
            tx,
            order_id=order.id,
            line_ids=[line.id for line in lines],
            reason=reason,
            destination="instrument",
            actor_id=None,
            now=NOW,
        )


async def part(shop: Shop, order: Order, line: OrderLine, amount: int) -> UUID:
    wish = Wish(reason="support_decision", destination="wallet", actor_id=uuid4())
    async with shop.database.transaction() as tx:
        locked, lines = await granting.lock(tx, order.id, [line.id])
        return (await granting.begin(tx, locked, lines, {line.id: amount}, wish, now=NOW)).id


async def test_a_granted_refund_counts_and_tells_library_and_moves_nothing(shop: Shop) -> None:
    order, lines = await shop.sell([700, 300], wallet=1_000)
    before = await shop.books()
    refund_id = await grant(shop, order, lines[:1])
    assert await shop.status(refund_id) == "revoking"
    assert [line.refund_pending for line in (await shop.order(order.id))[1]] == [700, 0]
    assert [line.line_id for line in (await shop.started())[0].lines] == [lines[0].id]
    assert await shop.books() == before


async def test_the_same_grant_again_gives_nothing_more(shop: Shop) -> None:
    order, lines = await shop.sell([700], wallet=700)
    assert await grant(shop, order, lines) == await grant(shop, order, lines)
    assert len(await shop.started()) == 1
    with pytest.raises(NothingToRefund):
        await grant(shop, order, lines, reason="chargeback")


async def test_of_two_grants_at_one_moment_one_is_made(shop: Shop) -> None:
    order, lines = await shop.sell([700], wallet=700)
    refund_ids = await asyncio.gather(*(grant(shop, order, lines) for _ in range(8)))
    assert len(set(refund_ids)) == 1
    assert [line.refund_pending for line in (await shop.order(order.id))[1]] == [700]


async def test_parts_asked_for_at_one_moment_never_exceed_the_line(shop: Shop) -> None:
    order, lines = await shop.sell([1_000], wallet=400)
    outcomes = await asyncio.gather(
        *(part(shop, order, lines[0], 300) for _ in range(6)), return_exceptions=True
    )
    assert sum(isinstance(outcome, UUID) for outcome in outcomes) == 3
    assert all(isinstance(outcome, UUID | Conflict) for outcome in outcomes)
    _, after = await shop.order(order.id)
    assert after[0].refunded + after[0].refund_pending == 900


async def test_two_equal_parts_both_pass(shop: Shop) -> None:
    order, lines = await shop.sell([1_000], wallet=1_000)
    first, second = await part(shop, order, lines[0], 100), await part(shop, order, lines[0], 100)
    assert first != second
    assert await shop.wallet(order.account_id) == 200


async def test_a_part_leaves_the_game_and_is_paid_at_once(shop: Shop) -> None:
    order, lines = await shop.sell([1_000], wallet=1_000)
    refund_id = await part(shop, order, lines[0], 999)
    assert await shop.status(refund_id) == "settled"
    assert (await shop.started())[0].lines == ()


async def test_what_is_left_after_a_part_ends_the_licence(shop: Shop) -> None:
    order, lines = await shop.sell([1_000], wallet=1_000)
    await part(shop, order, lines[0], 400)
    refund_id = await part(shop, order, lines[0], 600)
    assert await shop.status(refund_id) == "revoking"


async def test_what_was_never_paid_is_not_refunded(shop: Shop) -> None:
    order, lines = await shop.sell([1_000], wallet=1_000)
    async with shop.database.transaction() as tx:
        await tx.execute("UPDATE orders SET status = 'expired' WHERE id = $1", order.id)
    with pytest.raises(OrderNotRefundable):
        await grant(shop, order, lines)


async def test_a_line_of_another_order_is_refused(shop: Shop) -> None:
    order, _ = await shop.sell([1_000], wallet=1_000)
    _, others = await shop.sell([1_000], wallet=1_000)
    with pytest.raises(OrderNotFound):
        await grant(shop, order, others)


async def test_a_free_line_is_taken_back_without_money(shop: Shop) -> None:
    order, lines = await shop.sell([0])
    refund_id = await grant(shop, order, lines)
    assert await shop.status(refund_id) == "revoking"
    assert await shop.books() == {}


async def test_a_declined_gift_waits_for_no_library(shop: Shop) -> None:
    order, lines = await shop.sell([1_000], wallet=1_000, recipient_id=uuid4(), is_gift=True)
    refund_id = await grant(shop, order, lines, reason="gift_declined")
    assert await shop.status(refund_id) == "settled"
    assert [line.line_id for line in (await shop.started())[0].lines] == [lines[0].id]
    assert await shop.wallet(order.account_id) == 1_000
