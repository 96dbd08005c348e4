"""How a payment stands, for those who show what it is for."""

from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.payments import repository
from samovar.services.payment.payments.domain import PaymentState


async def state_of(reader: Database | Transaction, payment_id: UUID) -> PaymentState | None:
    """Return how a payment stands, and how it is confirmed while it waits for that."""
    payment = await repository.find_payment(reader, payment_id)
    return PaymentState.of(payment) if payment else None
