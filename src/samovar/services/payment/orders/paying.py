"""What follows when an order is paid: functions that take the transaction first, for whoever finds that it is."""

from collections.abc import Sequence
from datetime import datetime

from samovar.kit.database import Transaction
from samovar.services.payment.asking import residence
from samovar.services.payment.cart import emptying
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.gifts import sending
from samovar.services.payment.orders import domain
from samovar.services.payment.receipts import planning


async def announce(tx: Transaction, order: Order, lines: Sequence[OrderLine], *, now: datetime) -> None:
    """Tell everybody whom it concerns that an order is paid, in the transaction that made it so."""
    if order.total:
        await residence.hold(tx, order.account_id, order.country, now=now)
    # A gift bears the id of its line: the two are one thing, and nobody can make a second gift of it.
    ids = iter([line.id for line in lines if line.is_gift])
    await sending.send(tx, order, lines, now=now, new_id=lambda: next(ids))
    await emptying.remove(tx, order.account_id, lines)
    await planning.order_paid(tx, order, lines, now=now)
    await tx.publish(domain.paid_event(order, lines, now))
