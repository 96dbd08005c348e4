"""What does not come by itself is asked for; what was bought before it was out is delivered once it is."""

from collections.abc import Collection
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.kit.database import Database
from samovar.kit.errors import Unavailable
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.orders import refunding
from samovar.services.payment.orders.fulfilment.use_cases import Fulfilment
from tests.services.payment.orders.making import NOW, make_order, write
from tests.services.payment.payments.desk import StillClock

SENT = """
    INSERT INTO gifts (id, line_id, order_id, sender_id, recipient_id, package_id, app_ids, names, state, sent_at, expires_at)
    SELECT l.id, l.id, o.id, o.account_id, l.recipient_id, l.package_id, l.app_ids, '{}', 'sent', o.paid_at, o.paid_at + interval '30 days'
    FROM order_lines l JOIN orders o ON o.id = l.order_id WHERE l.id = $1 RETURNING id
"""


class Library:
    """Library that gives what it is asked, or does not answer."""

    def __init__(self) -> None:
        self.given: dict[UUID, UUID] = {}
        self.taken_back: set[UUID] = set()
        self.asked = 0
        self.away = False

    async def grant(self, line: OrderLine) -> UUID | None:
        self.asked += 1
        if self.away:
            raise Unavailable("away")
        return None if line.id in self.taken_back else self.given.setdefault(line.id, uuid4())


class Releases:
    """Catalog that knows what is out."""

    def __init__(self) -> None:
        self.out: set[UUID] = set()

    async def out_among(self, app_ids: Collection[UUID]) -> set[UUID]:
        return self.out & set(app_ids)


class Shelf:
    """Fulfilment on a database, between the two."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.library = Library()
        self.releases = Releases()
        self.clock = StillClock()
        self.fulfilment = Fulfilment(database, library=self.library, releases=self.releases, clock=self.clock)

    async def paid(self, *finals: int, apps: int = 1, **fields: object) -> tuple[Order, list[OrderLine]]:
        order, lines = make_order(*finals, status="paid", paid_at=NOW)
        lines = [
            msgspec.structs.replace(line, app_ids=tuple(uuid4() for _ in range(apps)), **fields)
            for line in lines
        ]
        await write(self.database, order, lines)
        return order, lines

    async def status(self, order: Order) -> str:
        return str(await self.database.fetch_value("SELECT status FROM orders WHERE id = $1", order.id))

    async def license(self, line: OrderLine) -> None:
        async with self.database.transaction() as tx:
            await self.fulfilment.note_licence(tx, line.id, uuid4())

    async def delivered(self, line: OrderLine) -> bool:
        found = await self.database.fetch_value(
            "SELECT delivered_at IS NOT NULL FROM order_lines WHERE id = $1", line.id
        )
        return bool(found)


@pytest.fixture
def shelf(own_database: Database) -> Shelf:
    return Shelf(own_database)


async def test_a_licence_that_does_not_come_is_asked_for(shelf: Shelf) -> None:
    order, _ = await shelf.paid(100, 200)
    assert await shelf.fulfilment.repeat() == 0
    shelf.clock.turn(minutes=3)
    assert await shelf.fulfilment.repeat() == 2
    assert await shelf.status(order) == "fulfilled"
    assert await shelf.fulfilment.repeat() == 0


async def test_library_is_left_alone_for_a_while_when_it_does_not_answer(shelf: Shelf) -> None:
    order, _ = await shelf.paid(100)
    shelf.library.away = True
    shelf.clock.turn(minutes=3)
    assert await shelf.fulfilment.repeat() == 1
    assert await shelf.fulfilment.repeat() == 0
    shelf.library.away = False
    shelf.clock.turn(minutes=6)
    assert await shelf.fulfilment.repeat() == 1
    assert (await shelf.status(order), shelf.library.asked) == ("fulfilled", 2)


async def test_a_gift_is_asked_for_once_it_was_accepted(shelf: Shelf) -> None:
    order, (line,) = await shelf.paid(100, is_gift=True)
    async with shelf.database.transaction() as tx:
        gift = await tx.fetch_value(SENT, line.id)
    shelf.clock.turn(minutes=3)
    assert await shelf.fulfilment.repeat() == 0
    async with shelf.database.transaction() as tx:
        accept = "UPDATE gifts SET state = 'accepted', resolved_at = $2 WHERE id = $1"
        await tx.execute(accept, gift, shelf.clock.now())
    assert await shelf.fulfilment.repeat() == 0
    shelf.clock.turn(minutes=3)
    assert await shelf.fulfilment.repeat() == 1
    assert await shelf.status(order) == "fulfilled"


async def test_gifts_and_what_goes_back_are_not_asked_for(shelf: Shelf) -> None:
    await shelf.paid(100, is_gift=True)
    _, (line,) = await shelf.paid(100)
    async with shelf.database.transaction() as tx:
        await refunding.reserve(tx, {line.id: 100})
    shelf.clock.turn(minutes=3)
    assert await shelf.fulfilment.repeat() == 0


async def test_a_licence_that_was_taken_back_is_not_taken_for_one(shelf: Shelf) -> None:
    order, (line,) = await shelf.paid(100)
    shelf.library.taken_back.add(line.id)
    shelf.clock.turn(minutes=3)
    assert await shelf.fulfilment.repeat() == 1
    assert await shelf.status(order) == "paid"


async def test_what_a_failed_refund_held_back_is_delivered(shelf: Shelf) -> None:
    _, (line,) = await shelf.paid(100)
    async with shelf.database.transaction() as tx:
        await refunding.reserve(tx, {line.id: 100})
    await shelf.license(line)
    assert not await shelf.delivered(line)
    assert await shelf.fulfilment.deliver_late() == 0
    async with shelf.database.transaction() as tx:
        await refunding.unreserve(tx, {line.id: 100})
    assert await shelf.fulfilment.deliver_late() == 1
    assert await shelf.delivered(line)


async def test_a_preorder_is_delivered_when_everything_in_it_is_out(shelf: Shelf) -> None:
    order, (line,) = await shelf.paid(100, apps=2, is_preorder=True)
    await shelf.license(line)
    for app_id, is_delivered in zip(line.app_ids, (False, True), strict=True):
        shelf.releases.out.add(app_id)
        async with shelf.database.transaction() as tx:
            await shelf.fulfilment.note_release(tx, app_id)
        assert await shelf.fulfilment.deliver_released() == is_delivered
        assert await shelf.status(order) == ("fulfilled" if is_delivered else "paid")
        assert await shelf.delivered(line) is is_delivered


async def test_a_release_that_nobody_told_of_is_found(shelf: Shelf) -> None:
    _, (line,) = await shelf.paid(100, is_preorder=True)
    await shelf.license(line)
    shelf.releases.out.update(line.app_ids)
    assert await shelf.fulfilment.deliver_released() == 0
    assert await shelf.fulfilment.look_for_releases() == 1
    assert await shelf.fulfilment.deliver_released() == 1


async def test_a_release_is_forgotten_when_nothing_waits_for_it(shelf: Shelf) -> None:
    _, (line,) = await shelf.paid(100, is_preorder=True)
    await shelf.license(line)
    shelf.releases.out.update(line.app_ids)
    await shelf.fulfilment.look_for_releases()
    await shelf.fulfilment.deliver_released()
    shelf.clock.turn(days=2)
    await shelf.fulfilment.deliver_released()
    assert await shelf.database.fetch_value("SELECT count(*) FROM released_apps") == 0


async def test_what_nobody_paid_for_waits_for_no_release(shelf: Shelf) -> None:
    order, (line,) = await shelf.paid(100, is_preorder=True)
    shelf.releases.out.update(line.app_ids)
    await shelf.fulfilment.look_for_releases()
    async with shelf.database.transaction() as tx:
        await tx.execute(
            "UPDATE orders SET status = 'expired', paid_at = NULL, closed_at = $2 WHERE id = $1",
            order.id,
            NOW,
        )
    shelf.clock.turn(days=2)
    await shelf.fulfilment.deliver_released()
    assert await shelf.database.fetch_value("SELECT count(*) FROM released_apps") == 0
    assert await shelf.fulfilment.look_for_releases() == 0


async def test_a_release_day_is_delivered_at_once(shelf: Shelf) -> None:
    app_id = uuid4()
    lines = [(await shelf.paid(100, is_preorder=True))[1][0] for _ in range(3)]
    async with shelf.database.transaction() as tx:
        await tx.execute("UPDATE order_lines SET app_ids = ARRAY[$1::uuid]", app_id)
    for line in lines:
        await shelf.license(line)
    shelf.releases.out.add(app_id)
    await shelf.fulfilment.look_for_releases()
    assert await shelf.fulfilment.deliver_released() == 3
