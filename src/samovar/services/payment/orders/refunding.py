"""What a refund does to the lines of an order. Functions that take the transaction first, and lock the orders first.

They count, and know no refunds: a refund goes from one state to the next once, under the lock of its own row, and calls each of
these once on its way. Called once too often they move nothing and say so.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.payment import repository as orders
from samovar.services.payment.domain import PAID
from samovar.services.payment.orders import delivery, domain, repository
from samovar.services.payment.orders.errors import RefundTooLarge


async def reserve(tx: Transaction, line_amounts: Mapping[UUID, int]) -> None:
    """Set aside what is to go back for lines, in minor units; 0 for what was free.

    Raises:
        RefundTooLarge: It is more than is left of what was paid for one of them, or one is not paid or taken back already.
        ValueError: An amount is below 0.
    """
    _require_amounts(line_amounts)
    await repository.lock_orders_of(tx, list(line_amounts))
    if await repository.reserve(tx, line_amounts) != len(line_amounts):
        raise RefundTooLarge("a line is not paid, is taken back already, or nothing would go back for it")


async def unreserve(tx: Transaction, line_amounts: Mapping[UUID, int]) -> None:
    """Take back what `reserve` did: the refund came to nothing.

    Raises:
        ValueError: Less was set aside, or an amount is below 0.
    """
    _require_amounts(line_amounts)
    await repository.lock_orders_of(tx, list(line_amounts))
    if await repository.unreserve(tx, line_amounts) != len(line_amounts):
        raise ValueError("less was set aside for one of these lines")


async def settle(tx: Transaction, order_id: UUID, line_amounts: Mapping[UUID, int], *, now: datetime) -> bool:
    """Write that what was set aside has gone back; returns whether nothing of the order is left.

    A line that went back in whole may be bought again.

    Raises:
        ValueError: Less was set aside, a line is not of this order, or an amount is below 0.
    """
    _require_amounts(line_amounts)
    order = await orders.lock_order(tx, order_id)
    if order is None or order.status not in PAID:
        raise ValueError(f"{order_id} is not paid")
    if await repository.settle(tx, order_id, line_amounts, now) != len(line_amounts):
        raise ValueError("less was set aside for one of these lines, or it is of another order")
    lines = await orders.lines_of(tx, [order_id])
    back = [line.id for line in lines if line.refunded_at is not None]
    await repository.release_claims(tx, back)
    after = domain.after_refund(order, lines, now)
    await repository.update(tx, after)
    if after.status != "refunded":
        await delivery.complete(tx, [order_id], now=now)
    return after.status == "refunded"


def _require_amounts(line_amounts: Mapping[UUID, int]) -> None:
    if not line_amounts or any(amount < 0 for amount in line_amounts.values()):
        raise ValueError(f"{list(line_amounts.values())}: some lines, and 0 or more for each")
