"""What is delivered is delivered once, and never what went back."""

import asyncio
from uuid import UUID

from samovar.kit.database import Database
from samovar.services.payment.orders import delivery, refunding
from tests.services.payment.orders.making import NOW, made

TOLD = "SELECT count(*) FROM kit.outbox WHERE subject = 'samovar.payment.v1.order_fulfilled'"


async def deliver(database: Database, *line_ids: UUID) -> list[UUID]:
    async with database.transaction() as tx:
        return [line.id for line in await delivery.deliver(tx, line_ids, now=NOW)]


async def test_a_line_is_delivered_once_however_many_say_so(own_database: Database) -> None:
    _, (line, other) = await made(own_database, 100, 200, status="paid", paid_at=NOW)
    found = await asyncio.gather(*(deliver(own_database, other.id, line.id) for _ in range(6)))
    assert sorted(one for each in found for one in each) == sorted([line.id, other.id])


async def test_nothing_is_delivered_before_it_is_paid(own_database: Database) -> None:
    _, (line,) = await made(own_database, 100)
    assert await deliver(own_database, line.id) == []


async def test_what_is_on_its_way_back_is_not_delivered(own_database: Database) -> None:
    _, (line,) = await made(own_database, 100, status="paid", paid_at=NOW)
    async with own_database.transaction() as tx:
        await refunding.reserve(tx, {line.id: 100})
    assert await deliver(own_database, line.id) == []
    async with own_database.transaction() as tx:
        await refunding.unreserve(tx, {line.id: 100})
    assert await deliver(own_database, line.id) == [line.id]


async def test_an_order_is_fulfilled_once_when_all_have_their_licence(own_database: Database) -> None:
    order, (line, other) = await made(own_database, 100, 0, status="paid", paid_at=NOW)
    for one in (line, other, other):
        async with own_database.transaction() as tx:
            await tx.execute("UPDATE order_lines SET licensed_at = $2 WHERE id = $1", one.id, NOW)
            await delivery.complete(tx, [order.id], now=NOW)
    assert await own_database.fetch_value("SELECT status FROM orders WHERE id = $1", order.id) == "fulfilled"
    assert await own_database.fetch_value(TOLD) == 1
