"""What providers have collected for an order, for those who give it back."""

from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.kit.money import Money
from samovar.services.payment.payments import repository
from samovar.services.payment.payments.domain import CapturedPayment, Payment, Stray


async def captured_of(reader: Database | Transaction, order_id: UUID) -> list[CapturedPayment]:
    """Return the captured payments of an order, oldest first; also of a top-up, by its id."""
    return [
        CapturedPayment(
            id=payment.id,
            provider=payment.provider,
            method=payment.method,
            amount=Money(payment.captured, payment.currency),
            refunded=Money(payment.refunded, payment.currency),
            refund_pending=Money(payment.refund_pending, payment.currency),
            captured_at=payment.captured_at,
        )
        for payment in await repository.payments_for(reader, order_id)
        if payment.state == "captured" and payment.provider and payment.captured_at
    ]


async def strays_of(reader: Database | Transaction, purpose_id: UUID) -> list[Stray]:
    """Return what came in for an order or a top-up and fitted nothing, oldest first."""
    return await repository.strays_for(reader, purpose_id)


async def find(reader: Database | Transaction, payment_id: UUID) -> Payment | None:
    """Return a payment."""
    return await repository.find_payment(reader, payment_id)


async def named(reader: Database | Transaction, number: UUID) -> Payment | None:
    """Return the payment of this id, or the only one that brought money for the order or top-up of this id.

    That is the number which banks, providers and players see; of an order with several nobody can say which is meant.
    """
    found = await repository.find_payment(reader, number)
    if found:
        return found
    brought = [one for one in await repository.payments_for(reader, number) if one.state == "captured"]
    return brought[0] if len(brought) == 1 else None


async def lock(tx: Transaction, payment_id: UUID) -> Payment | None:
    """Return a payment that nobody else changes meanwhile; what it is for is locked before."""
    return await repository.lock_payment(tx, payment_id)
