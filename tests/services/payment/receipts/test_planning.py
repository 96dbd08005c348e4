"""Each cause has its receipt, once, in the transaction that moves the money."""

import asyncio
from uuid import uuid4

import msgspec
import pytest

from samovar.kit.database import Database
from samovar.kit.money import Money
from samovar.services.payment.receipts import invariants, planning
from tests.services.payment.orders.making import NOW, make_order
from tests.services.payment.receipts.cashing import receipts, refunded, sold, topped_up


async def test_an_order_told_of_twice_has_one_receipt(own_database: Database) -> None:
    order, lines = await sold(own_database, NOW, 1_000, 500, wallet=300)
    async with own_database.transaction() as tx:
        await planning.order_paid(tx, order, lines, now=NOW)
    [receipt] = await receipts(own_database, order.id)
    assert (receipt.kind, receipt.state, receipt.total) == ("sale", "planned", 1_500)
    assert (receipt.electronic, receipt.offset_amount) == (1_200, 300)


async def test_what_a_rolled_back_transaction_planned_is_not_there(own_database: Database) -> None:
    top_up_id = uuid4()

    async def fail() -> None:
        async with own_database.transaction() as tx:
            await planning.topped_up(
                tx,
                top_up_id=top_up_id,
                account_id=uuid4(),
                amount=Money(1, "RUB"),
                payment_id=uuid4(),
                now=NOW,
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    assert await receipts(own_database, top_up_id) == []


async def test_a_preorder_is_closed_once_however_many_say_that_it_is_out(own_database: Database) -> None:
    order, [line] = await sold(own_database, NOW, 1_000, later="is_preorder")

    async def give() -> None:
        async with own_database.transaction() as tx:
            await planning.order_delivered(tx, order, [line], now=NOW)

    await asyncio.gather(*(give() for _ in range(5)))
    [closing] = await receipts(own_database, line.id)
    assert (closing.kind, closing.offset_amount, closing.items[0].settlement) == (
        "delivery",
        1_000,
        "full_payment",
    )


async def test_what_was_given_at_once_needs_no_second_receipt(own_database: Database) -> None:
    order, [line] = await sold(own_database, NOW, 1_000)
    async with own_database.transaction() as tx:
        await planning.order_delivered(tx, order, [line], now=NOW)
    assert await receipts(own_database, line.id) == []


async def test_a_refund_told_of_twice_has_one_receipt_and_counts_once(own_database: Database) -> None:
    order, [line] = await sold(own_database, NOW, 1_000)
    refund_id = await refunded(own_database, NOW, order, {line.id: 400})
    await refunded(own_database, NOW, order, {line.id: 400}, refund_id=refund_id)
    [receipt] = await receipts(own_database, refund_id)
    assert (receipt.operation, receipt.electronic, receipt.offset_amount) == ("sell_refund", 400, 0)
    rest = await refunded(own_database, NOW, order, {line.id: 600})
    assert (await receipts(own_database, rest))[0].total == 600


async def test_a_refund_to_the_wallet_is_an_advance_that_comes_back(own_database: Database) -> None:
    order, [line] = await sold(own_database, NOW, 1_000, wallet=400)
    refund_id = await refunded(own_database, NOW, order, {line.id: 1_000}, wallet=700, instrument=300)
    [receipt] = await receipts(own_database, refund_id)
    assert (receipt.electronic, receipt.offset_amount) == (300, 700)


async def test_a_preorder_that_goes_back_into_the_wallet_stays_an_advance(own_database: Database) -> None:
    order, [line] = await sold(own_database, NOW, 1_000, later="is_preorder")
    refund_id = await refunded(own_database, NOW, order, {line.id: 1_000}, wallet=1_000)
    assert await receipts(own_database, refund_id) == []
    async with own_database.transaction() as tx:
        await planning.order_delivered(tx, order, [line], now=NOW)
    assert await receipts(own_database, line.id) == []


async def test_an_advance_goes_back_with_a_receipt_of_its_own(own_database: Database) -> None:
    top_up_id = await topped_up(own_database, NOW, 5_000)
    refund_id = uuid4()
    async with own_database.transaction() as tx:
        await planning.refund_settled(
            tx,
            refund_id=refund_id,
            order_id=None,
            top_up_id=top_up_id,
            line_amounts={},
            amount=Money(5_000, "RUB"),
            destination="instrument",
            now=NOW,
        )
    [taken], [back] = await receipts(own_database, top_up_id), await receipts(own_database, refund_id)
    assert (taken.operation, back.operation, back.electronic) == ("sell", "sell_refund", 5_000)
    assert taken.account_id == back.account_id


async def test_bonus_money_and_other_currencies_have_no_receipts(own_database: Database) -> None:
    free, _ = await sold(own_database, NOW, 1_000, bonus=1_000)
    assert await receipts(own_database, free.id) == []
    order, lines = make_order(1_000, status="paid", paid_at=NOW)
    async with own_database.transaction() as tx:
        await planning.order_paid(tx, msgspec.structs.replace(order, currency="KZT"), lines, now=NOW)
    assert await receipts(own_database, order.id) == []


async def test_the_check_names_money_that_has_no_receipt(own_database: Database) -> None:
    order, _ = await sold(own_database, NOW, 1_000, wallet=1_000)
    gift, [line] = await sold(own_database, NOW, 700, later="is_gift")
    assert await invariants.faults(own_database) == []
    async with own_database.transaction() as tx:
        await tx.execute("DELETE FROM receipts WHERE cause_id = $1", order.id)
        await tx.execute("UPDATE receipts SET total = 701, electronic = 701 WHERE cause_id = $1", gift.id)
        await tx.execute("UPDATE order_lines SET delivered_at = $2 WHERE id = $1", line.id, NOW)
    found = await invariants.faults(own_database)
    assert [fault.subject.split()[0] for fault in found] == ["order", "line", "receipt"]
    assert {fault.invariant for fault in found} == {"L10"}
