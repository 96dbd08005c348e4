"""What the outcome of a payment makes of its order. Functions that take the transaction first, and lock the order first."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.kit.money import Money
from samovar.services.payment import repository as orders
from samovar.services.payment.domain import OPEN
from samovar.services.payment.ledger import posting
from samovar.services.payment.orders import closing, domain, paying, repository

Settled = Literal["paid", "late", "mismatch"]
WRONG_AMOUNT: Final = "wrong_amount"


async def captured(
    tx: Transaction, order_id: UUID, *, payment_id: UUID, provider: str, amount: Money, now: datetime
) -> Settled:
    """Take note that a provider has captured money for an order; told again, it changes nothing and answers the same.

    Returns:
        `paid`: the order is paid by it, now or since before. `late`: nobody waits for it: the order is over, or paid by another
        payment. `mismatch`: it is not what the order wants, which fails when it was the payment that it waited for: no other comes.
        After the last two nothing was moved: the money goes back.
    """
    order = await orders.lock_order(tx, order_id)
    if order is None:
        return "late"
    if order.paid_at is not None and order.payment_id == payment_id:
        return "paid"
    if order.status not in OPEN or not order.provider_amount:
        return "late"
    if amount != order.money(order.provider_amount):
        if order.payment_id == payment_id:
            await closing.close(tx, order, "failed", failure_code=WRONG_AMOUNT, now=now)
        return "mismatch"
    await posting.post(tx, [domain.capture_transfer(order, provider, amount)], now=now)
    for transfer in domain.pending_transfers(order):
        await posting.post_pending(tx, transfer.id, now=now)
    paid = msgspec.structs.replace(
        order, status="paid", paid_at=now, payment_id=payment_id, version=order.version + 1
    )
    await repository.update(tx, paid)
    await paying.announce(tx, paid, await orders.lines_of(tx, [order_id]), now=now)
    return "paid"


async def payment_over(tx: Transaction, order_id: UUID, *, failure_code: str, now: datetime) -> None:
    """Let an order fail, because its payment came to nothing; one that is not open stays as it is."""
    order = await orders.lock_order(tx, order_id)
    if order is not None and order.status in OPEN:
        await closing.close(tx, order, "failed", failure_code=failure_code, now=now)
