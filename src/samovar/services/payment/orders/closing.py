"""Ending an order that nobody has paid: functions that take the transaction first."""

from datetime import datetime

from samovar.kit.database import Transaction
from samovar.services.payment.contract.events import OrderClosed
from samovar.services.payment.domain import Order
from samovar.services.payment.ledger import posting
from samovar.services.payment.orders import domain, repository
from samovar.services.payment.orders.domain import Closed
from samovar.services.payment.promo import returning


async def close(
    tx: Transaction, order: Order, status: Closed, *, failure_code: str | None, now: datetime
) -> Order:
    """End a locked, open order: what was set aside for it is free again, and so is what it was to buy."""
    for transfer in domain.pending_transfers(order):
        await posting.void(tx, transfer.id, now=now)
    await repository.release_claims_of_order(tx, order.id)
    await returning.give_back(tx, order.quote_id, now=now)
    closed = domain.closed(order, status, failure_code, now)
    await repository.update(tx, closed)
    await tx.publish(
        OrderClosed(
            order_id=order.id,
            account_id=order.account_id,
            status=status,
            failure_code=failure_code,
            closed_at=now,
            version=closed.version,
        )
    )
    return closed
