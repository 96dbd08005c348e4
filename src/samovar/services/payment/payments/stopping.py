"""Saying that nobody wants a payment any more."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.payment.payments import repository


async def stop(tx: Transaction, *, purpose_id: UUID, now: datetime) -> int:
    """Let go of all payments for an order or top-up that is canceled or expired; returns how many.

    The janitor cancels them at the provider. What is captured all the same goes back by itself.
    """
    return await repository.stop_payments(tx, purpose_id, now)
