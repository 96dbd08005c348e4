"""An order as what a payment is for."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.money import Money
from samovar.services.payment import repository as orders
from samovar.services.payment.domain import OPEN
from samovar.services.payment.payments.domain import Payment
from samovar.services.payment.payments.settling.purposes import OrderSettling, Verdict


class OrderPurpose:
    """Hands outcomes to `orders.settling`."""

    def __init__(self, settling: OrderSettling) -> None:
        self._settling = settling

    async def is_wanted(self, tx: Transaction, purpose_id: UUID) -> bool:
        """Lock the order, and return whether it still waits for the money."""
        order = await orders.lock_order(tx, purpose_id)
        return order is not None and order.status in OPEN

    async def captured(self, tx: Transaction, payment: Payment, amount: Money, *, now: datetime) -> Verdict:
        """Have the order paid."""
        return await self._settling.captured(
            tx,
            payment.purpose_id,
            payment_id=payment.id,
            provider=payment.provider or "",
            amount=amount,
            now=now,
        )

    async def over(self, tx: Transaction, payment: Payment, code: str, *, now: datetime) -> None:
        """Have the order fail, unless it is closed already."""
        await self._settling.payment_over(tx, payment.purpose_id, failure_code=code, now=now)
