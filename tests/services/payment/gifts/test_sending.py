"""Each paid line that is a gift becomes one, with what the sender says."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.gifts import repository, sending, withdrawing
from samovar.services.payment.gifts.domain import Gift
from tests.services.payment.gifts.making import ordered
from tests.services.payment.quotes.making import NOW


async def send(database: Database, order: Order, lines: Sequence[OrderLine]) -> None:
    async with database.transaction() as tx:
        await sending.send(tx, order, lines, now=NOW, new_id=new_id)


async def received(database: Database, account_id: UUID) -> list[Gift]:
    return await repository.list_received(database, account_id, None, None, 10)


async def told(database: Database, subject: str) -> int:
    return int(
        await database.fetch_value(
            "SELECT count(*) FROM kit.outbox WHERE subject = $1", f"samovar.payment.v1.{subject}"
        )
    )


async def test_gifts_are_sent_and_what_is_ones_own_is_not(own_database: Database) -> None:
    sender, friend, other = uuid4(), uuid4(), uuid4()
    order, lines = await ordered(
        own_database, sender, sender, friend, other, message="С Новым годом!", gift_days=7
    )
    await send(own_database, order, lines)
    (gift,) = await received(own_database, friend)
    assert (gift.sender_id, gift.message, gift.state) == (sender, "С Новым годом!", "sent")
    assert gift.expires_at == NOW + timedelta(days=7)
    assert gift.app_ids == next(line.app_ids for line in lines if line.recipient_id == friend)
    assert len(await received(own_database, other)) == 1
    assert await received(own_database, sender) == []
    assert await told(own_database, "gift_sent") == 2


async def test_a_gift_is_sent_once(own_database: Database) -> None:
    sender, friend = uuid4(), uuid4()
    order, lines = await ordered(own_database, sender, friend)
    await asyncio.gather(*(send(own_database, order, lines) for _ in range(6)))
    assert len(await received(own_database, friend)) == 1
    assert await told(own_database, "gift_sent") == 1


async def test_a_gift_outlives_its_quote(own_database: Database) -> None:
    sender, friend = uuid4(), uuid4()
    order, lines = await ordered(own_database, sender, friend)
    async with own_database.transaction() as tx:
        await tx.execute("DELETE FROM quotes")
    await send(own_database, order, lines)
    (gift,) = await received(own_database, friend)
    assert (gift.message, gift.expires_at) == (None, NOW + timedelta(days=30))


async def test_a_refund_takes_a_waiting_gift_back_once(own_database: Database) -> None:
    sender, friend = uuid4(), uuid4()
    order, lines = await ordered(own_database, sender, sender, friend)
    await send(own_database, order, lines)
    line_ids = [line.id for line in lines]
    async with own_database.transaction() as tx:
        withdrawn = await withdrawing.withdraw(tx, line_ids, now=NOW)
        again = await withdrawing.withdraw(tx, line_ids, now=NOW)
    assert withdrawn == [line.id for line in lines if line.is_gift]
    assert again == []
    (gift,) = await received(own_database, friend)
    assert (gift.state, gift.reason, gift.resolved_at) == ("returned", "withdrawn", NOW)
    assert await told(own_database, "gift_returned") == 1
