"""What follows when an order is paid: functions that take the transaction first, for whoever finds that it is."""

from collections.abc import Sequence
from datetime import datetime

from samovar.kit.database import Transaction
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.orders import domain


async def announce(tx: Transaction, order: Order, lines: Sequence[OrderLine], *, now: datetime) -> None:
    """Tell everybody whom it concerns that an order is paid, in the transaction that made it so."""
    await tx.publish(domain.paid_event(order, lines, now))
