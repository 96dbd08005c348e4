"""Orders that are paid, given and refunded for tests of receipts."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

import msgspec

from samovar.kit.database import Database
from samovar.kit.money import Money
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.orders import repository as orders
from samovar.services.payment.receipts import planning
from samovar.services.payment.receipts.repository import COLUMNS, Receipt
from tests.services.payment.orders.making import make_order

SELECT = f"SELECT {COLUMNS} FROM receipts WHERE cause_id = $1 ORDER BY kind"


async def sold(
    database: Database, now: datetime, *finals: int, later: str = "", **more: int
) -> tuple[Order, list[OrderLine]]:
    """Write a paid order and plan its receipt."""
    order, lines = make_order(*finals, status="paid", paid_at=now, **more)
    if later:
        lines = [msgspec.structs.replace(line, **{later: True}) for line in lines]
    async with database.transaction() as tx:
        await orders.insert(tx, order, lines)
        await planning.order_paid(tx, order, lines, now=now)
    return order, lines


async def topped_up(database: Database, now: datetime, amount: int) -> UUID:
    """Plan the receipt of a top-up; return its id."""
    top_up_id = uuid4()
    async with database.transaction() as tx:
        await planning.topped_up(
            tx,
            top_up_id=top_up_id,
            account_id=uuid4(),
            amount=Money(amount, "RUB"),
            payment_id=uuid4(),
            now=now,
        )
    return top_up_id


async def refunded(
    database: Database,
    now: datetime,
    order: Order,
    amounts: Mapping[UUID, int],
    *,
    refund_id: UUID | None = None,
    **parts: int,
) -> UUID:
    """Plan the receipt of a refund; return its id."""
    refund_id = refund_id or uuid4()
    async with database.transaction() as tx:
        await planning.refund_settled(
            tx,
            refund_id=refund_id,
            order_id=order.id,
            top_up_id=None,
            line_amounts=amounts,
            amount=Money(sum(amounts.values()), "RUB"),
            destination="instrument",
            now=now,
            parts=parts or None,
        )
    return refund_id


async def receipts(database: Database, cause_id: UUID) -> list[Receipt]:
    """Return the receipts of a cause."""
    return await database.fetch(SELECT, cause_id, into=Receipt)
