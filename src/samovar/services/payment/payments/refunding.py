"""Writing down that money of a payment is to go back, before the provider is asked."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.kit.money import Money
from samovar.services.payment.payments import repository
from samovar.services.payment.payments.domain import RefundKind, Return
from samovar.services.payment.payments.errors import PaymentConflict


async def refund(
    tx: Transaction,
    *,
    payment_id: UUID,
    refund_id: UUID,
    amount: Money,
    now: datetime,
    kind: RefundKind = "asked",
) -> bool:
    """Write that money is to go back to the instrument; returns whether that is new, or tried anew after a refusal.

    The janitor asks the provider; its answer comes to `refunds.settling`. The same refund again changes nothing while it is under way
    or done; after a refusal it is tried once more, under a new key.

    Raises:
        PaymentConflict: Another refund has this id, or there is no such payment.
        RefundBeyondCaptured: More would go back than came in and has not gone back yet.
        ValueError: The amount is not above nothing.
    """
    if amount.amount <= 0:
        raise ValueError(f"a refund is more than nothing, not {amount.amount}")
    payment = await repository.lock_payment(tx, payment_id)
    if payment is None or payment.currency != amount.currency:
        raise PaymentConflict(f"{payment_id} is no payment in {amount.currency}")
    wanted = Return(
        id=refund_id,
        payment_id=payment_id,
        amount=amount.amount,
        kind=kind,
        created_at=now,
        next_check_at=now,
    )
    if not await repository.insert_return(tx, wanted):
        known = await repository.lock_return(tx, refund_id)
        if known is None or (known.payment_id, known.amount) != (payment_id, amount.amount):
            raise PaymentConflict(f"{refund_id} is another refund")
        if known.state != "refused":
            return False
        anew = msgspec.structs.replace(
            known, state="intended", failure_code=None, settled_at=None, next_check_at=now, checks=0
        )
        await repository.save_return(tx, anew)
    await repository.save_payment(
        tx, msgspec.structs.replace(payment, refund_pending=payment.refund_pending + amount.amount)
    )
    return True
