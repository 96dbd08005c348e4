"""Giving what was bought. Functions that take the transaction first, and lock the orders first."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.payment.contract.events import OrderFulfilled
from samovar.services.payment.domain import OrderLine
from samovar.services.payment.orders import repository
from samovar.services.payment.receipts import planning
from samovar.services.payment.revenue import sales


async def deliver(tx: Transaction, line_ids: Sequence[UUID], *, now: datetime) -> list[OrderLine]:
    """Write that lines of paid orders are given for good, and have what follows done: the money is earned; returns the new ones.

    What was delivered before, or wholly refunded, is left as it is.
    """
    locked = {order.id: order for order in await repository.lock_orders_of(tx, line_ids)}
    delivered = await repository.mark_delivered(tx, line_ids, now)
    for order_id, lines in groupby(delivered, key=lambda line: line.order_id):
        given = list(lines)
        await sales.record(tx, locked[order_id], given, now=now)
        await planning.order_delivered(tx, locked[order_id], given, now=now)
    return delivered


async def complete(tx: Transaction, order_ids: Sequence[UUID], *, now: datetime) -> None:
    """Tell of each of these locked orders that everything in it has been given and is out, if that is so and was not told before."""
    fulfilled = await repository.update_fulfilled(tx, order_ids, now)
    await tx.publish_many(
        [
            OrderFulfilled(
                order_id=order.id,
                account_id=order.account_id,
                fulfilled_at=now,
                version=order.version,
            )
            for order in fulfilled
        ]
    )
