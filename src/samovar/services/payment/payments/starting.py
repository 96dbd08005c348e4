"""Writing down that money is to be collected, before anybody is asked for it."""

from datetime import datetime, timedelta
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.money import Money
from samovar.services.payment.payments import repository
from samovar.services.payment.payments.domain import DESCRIPTION_LENGTH_MAX, Payment, Purpose
from samovar.services.payment.payments.errors import PaymentConflict
from samovar.services.payment.providers.port import PayMethod

# Whoever wrote it sends it at once; the janitor does where that process died.
JANITOR_AFTER = timedelta(seconds=5)


async def start(
    tx: Transaction,
    *,
    payment_id: UUID,
    purpose: Purpose,
    purpose_id: UUID,
    account_id: UUID,
    method: PayMethod,
    amount: Money,
    description: str,
    return_url: str | None,
    expires_at: datetime,
    now: datetime,
    save_method: bool = False,
    saved_method_id: UUID | None = None,
) -> bool:
    """Write the intent of a payment, in the transaction of what it is for; returns whether it is new.

    Nothing is asked of a provider here: after the commit the caller has `Driver.advance` do so, and where the caller dies before, the
    janitor does.

    Raises:
        PaymentConflict: Another payment has this id.
        ValueError: The amount is not above nothing.
    """
    if amount.amount <= 0:
        raise ValueError(f"a payment collects more than nothing, not {amount.amount}")
    payment = Payment(
        id=payment_id,
        purpose=purpose,
        purpose_id=purpose_id,
        account_id=account_id,
        method=method,
        amount=amount.amount,
        currency=amount.currency,
        description=description[:DESCRIPTION_LENGTH_MAX],
        return_url=return_url,
        save_method=save_method,
        saved_method_id=saved_method_id,
        expires_at=expires_at,
        created_at=now,
        next_check_at=now + JANITOR_AFTER,
    )
    if await repository.insert_payment(tx, payment):
        return True
    known = await repository.find_payment(tx, payment_id)
    if known is None or (known.purpose_id, known.amount, known.currency) != (
        purpose_id,
        amount.amount,
        amount.currency,
    ):
        raise PaymentConflict(f"{payment_id} is another payment")
    return False
