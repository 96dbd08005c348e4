"""What goes back is counted on the lines, and never more than was paid."""

import asyncio

import pytest

from samovar.kit.database import Database
from samovar.services.payment import repository as orders
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.orders import delivery, refunding
from samovar.services.payment.orders.errors import RefundTooLarge
from tests.services.payment.orders.making import NOW, made

CLAIMS = "SELECT count(*) FROM purchase_claims WHERE line_id = $1"


async def paid(database: Database, *finals: int) -> tuple[Order, list[OrderLine]]:
    return await made(database, *finals, status="paid", paid_at=NOW)


async def reserve(database: Database, line: OrderLine, amount: int) -> bool:
    try:
        async with database.transaction() as tx:
            await refunding.reserve(tx, {line.id: amount})
    except RefundTooLarge:
        return False
    return True


async def settle(database: Database, line: OrderLine, amount: int) -> bool:
    async with database.transaction() as tx:
        return await refunding.settle(tx, line.order_id, {line.id: amount}, now=NOW)


async def present(database: Database, line: OrderLine) -> OrderLine:
    return (await orders.find_lines(database, [line.id]))[0]


async def status(database: Database, order: Order) -> str:
    found = await orders.find_order(database, order.id)
    assert found
    return found.status


async def test_a_line_goes_back_in_parts_and_then_in_whole(own_database: Database) -> None:
    order, (line, other) = await paid(own_database, 30_000, 20_000)
    assert await reserve(own_database, line, 10_000)
    assert not await settle(own_database, line, 10_000)
    assert await status(own_database, order) == "partially_refunded"
    assert await own_database.fetch_value(CLAIMS, line.id) == 1
    assert await reserve(own_database, line, 20_000)
    assert not await settle(own_database, line, 20_000)
    assert (await present(own_database, line)).refunded_at == NOW
    assert await own_database.fetch_value(CLAIMS, line.id) == 0
    assert await own_database.fetch_value(CLAIMS, other.id) == 1
    assert await reserve(own_database, other, 20_000)
    assert await settle(own_database, other, 20_000)
    assert await status(own_database, order) == "refunded"


async def test_two_equal_parts_both_pass_and_a_third_does_not(own_database: Database) -> None:
    _, (line,) = await paid(own_database, 30_000)
    assert await reserve(own_database, line, 15_000)
    assert await reserve(own_database, line, 15_000)
    assert not await reserve(own_database, line, 15_000)
    assert (await present(own_database, line)).refund_pending == 30_000


async def test_many_at_once_cannot_take_more_than_was_paid(own_database: Database) -> None:
    _, (line,) = await paid(own_database, 30_000)
    done = await asyncio.gather(*(reserve(own_database, line, 7_000) for _ in range(12)))
    assert sum(done) == 4
    assert (await present(own_database, line)).refund_pending == 28_000


async def test_what_comes_to_nothing_is_free_again(own_database: Database) -> None:
    _, (line,) = await paid(own_database, 30_000)
    assert await reserve(own_database, line, 30_000)
    async with own_database.transaction() as tx:
        await refunding.unreserve(tx, {line.id: 30_000})
    with pytest.raises(ValueError, match="less was set aside"):
        async with own_database.transaction() as tx:
            await refunding.unreserve(tx, {line.id: 30_000})
    assert await reserve(own_database, line, 30_000)


async def test_settling_twice_moves_nothing_more(own_database: Database) -> None:
    _, (line, _other) = await paid(own_database, 30_000, 1)
    assert await reserve(own_database, line, 10_000)
    await settle(own_database, line, 10_000)
    with pytest.raises(ValueError, match="less was set aside"):
        await settle(own_database, line, 10_000)
    found = await present(own_database, line)
    assert (found.refunded, found.refund_pending) == (10_000, 0)


async def test_what_was_free_is_taken_back_for_nothing_once(own_database: Database) -> None:
    _, (line,) = await paid(own_database, 0)
    assert await reserve(own_database, line, 0)
    assert await settle(own_database, line, 0)
    assert not await reserve(own_database, line, 0)


async def test_nothing_goes_back_for_what_nobody_paid(own_database: Database) -> None:
    _, (line,) = await made(own_database, 30_000)
    assert not await reserve(own_database, line, 1)
    with pytest.raises(ValueError, match="is not paid"):
        await settle(own_database, line, 1)


async def test_an_order_is_fulfilled_when_the_rest_of_it_went_back(own_database: Database) -> None:
    order, (line, other) = await paid(own_database, 30_000, 20_000)
    async with own_database.transaction() as tx:
        await tx.execute("UPDATE order_lines SET licensed_at = $2 WHERE id = $1", line.id, NOW)
        await delivery.deliver(tx, [line.id], now=NOW)
        await delivery.complete(tx, [order.id], now=NOW)
    assert await own_database.fetch_value("SELECT fulfilled_at FROM orders WHERE id = $1", order.id) is None
    assert await reserve(own_database, other, 20_000)
    await settle(own_database, other, 20_000)
    assert await status(own_database, order) == "partially_refunded"
    assert await own_database.fetch_value("SELECT fulfilled_at FROM orders WHERE id = $1", order.id) == NOW
