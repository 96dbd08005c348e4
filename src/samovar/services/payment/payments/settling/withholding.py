"""What becomes of money that is to go back by itself when the payer's bank takes the payment back. Takes the transaction first."""

from datetime import datetime

import msgspec
import structlog

from samovar.kit.database import Transaction
from samovar.services.payment.payments import repository
from samovar.services.payment.payments.domain import STRAY_KINDS, Payment
from samovar.services.payment.payments.errors import MoneyGoesBack
from samovar.services.payment.payments.topping_up import crediting

CODE = "disputed"

log = structlog.get_logger(__name__)


async def lock_purpose(tx: Transaction, payment: Payment) -> None:
    """Let nobody ask a top-up back until this transaction ends; it comes before its payment."""
    if payment.purpose == "top_up":
        await crediting.lock(tx, payment.purpose_id)


async def withhold(tx: Transaction, payment: Payment, *, now: datetime) -> Payment:
    """Stop what of a payment no provider was asked for yet: with the dispute it would go back twice. Returns the payment, locked as before.

    A top-up is in the wallet again; money that fitted nothing waits for a person. What a provider was asked for cannot be stopped: of
    money that fitted nothing it is counted as gone, and whatever of it is refused waits for a person, who knows of the dispute. What
    orders gave back is counted by `refunds`.

    Raises:
        MoneyGoesBack: A provider was asked to send a top-up back and has not said yet whether it does.
    """
    for one in await repository.returns_of(tx, payment.id):
        if one.kind == "top_up" and one.state in {"sent", "unknown", "pending"}:
            raise MoneyGoesBack(f"{one.id} is {one.state}")
        if one.state != "intended" or one.kind not in {"top_up", *STRAY_KINDS}:
            continue
        refused = msgspec.structs.replace(one, state="refused", failure_code=CODE, next_check_at=None)
        await repository.save_return(tx, refused)
        payment = msgspec.structs.replace(payment, refund_pending=payment.refund_pending - one.amount)
        await repository.save_payment(tx, payment)
        if one.kind == "top_up":
            await crediting.refund_refused(tx, payment, one.id, now=now)
        log.warning("a bank takes back what was to go back by itself", refund_id=str(one.id), kind=one.kind)
    return payment
