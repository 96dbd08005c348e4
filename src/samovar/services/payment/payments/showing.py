"""How payments stand, for those who show what they are for; and which one is meant by what a provider calls it."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.payments import repository
from samovar.services.payment.payments.domain import Payment, PaymentState


async def state_of(reader: Database | Transaction, payment_id: UUID) -> PaymentState | None:
    """Return how a payment stands, and how it is confirmed while it waits for that."""
    payment = await repository.find_payment(reader, payment_id)
    return PaymentState.of(payment) if payment else None


async def states_of(reader: Database | Transaction, payment_ids: Sequence[UUID]) -> dict[UUID, PaymentState]:
    """Return how payments stand, as those who wait for them see it."""
    found = await repository.find_payments(reader, payment_ids)
    return {payment.id: PaymentState.of(payment) for payment in found}


async def find(
    reader: Database | Transaction, provider: str, remote_id: str, payment_id: UUID | None = None
) -> Payment | None:
    """Return the payment that a provider knows by an id.

    Args:
        reader: Where to look.
        provider: Which one.
        remote_id: Its id of the payment.
        payment_id: What somebody says is ours: it counts only while the provider's id is not known, for its answer may have been lost.
    """
    known = await repository.find_by_remote(reader, provider, remote_id)
    if known is not None or payment_id is None:
        return known
    said = await repository.find_payment(reader, payment_id)
    if said is None or said.provider != provider or said.provider_payment_id is not None:
        return None
    return said
