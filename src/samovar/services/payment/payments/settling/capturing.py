"""Money has come in: it goes where it belongs, or onto the way back."""

from datetime import datetime
from uuid import UUID, uuid5

import msgspec
import structlog

from samovar.kit.database import Transaction
from samovar.kit.money import Money
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.services.payment.payments import refunding, repository
from samovar.services.payment.payments.domain import Payment, RefundKind
from samovar.services.payment.payments.settling.purposes import Purpose, Receipts
from samovar.services.payment.providers.port import RemotePayment

log = structlog.get_logger(__name__)


async def capture(
    tx: Transaction,
    payment: Payment,
    remote: RemotePayment,
    *,
    purpose: Purpose,
    receipts: Receipts,
    now: datetime,
) -> Payment:
    """Write that a provider has the money of a payment; returns it as it is then. Once: a repetition only learns the fee.

    Money that its purpose does not take, because it is over or the amount is another one, is set apart and sent back.
    """
    provider = payment.provider or ""
    if payment.state == "captured":
        return await _learn_fee(tx, payment, remote, now)
    taken = remote.captured or remote.amount
    verdict = await purpose.captured(tx, payment, taken, now=now)
    landed = msgspec.structs.replace(
        payment,
        state="captured",
        provider_payment_id=remote.id,
        captured=taken.amount,
        captured_at=now,
        failure_code=None if verdict == "paid" else verdict,
        next_check_at=None,
        held_until=None,
        checks=0,
    )
    await repository.save_payment(tx, landed)
    for kinds, outcome in ((("create", "capture"), "done"), (("cancel",), "not_made")):
        await repository.close_calls(tx, payment.id, kinds, outcome, now)  # type: ignore[arg-type]
    if verdict != "paid":
        log.warning("captured money fits nothing", payment_id=str(payment.id), provider=provider, why=verdict)
        await _set_apart(tx, landed, taken, verdict, receipts, now)
        landed = await repository.lock_payment(tx, payment.id) or landed
    return await _learn_fee(tx, landed, remote, now)


def held_in(kind: RefundKind, provider: str, currency: str) -> Account:
    """Return the account that money waits in until it has gone back by itself."""
    if kind == "mismatch":
        return Account(Kind.SUSPENSE, provider, currency)
    return Account(Kind.REFUNDS_DUE, currency=currency)


def return_id(payment_id: UUID) -> UUID:
    """Return the id of the refund of money that fits nothing: one for each payment."""
    return uuid5(payment_id, "return")


async def _set_apart(
    tx: Transaction, payment: Payment, taken: Money, kind: RefundKind, receipts: Receipts, now: datetime
) -> None:
    provider = payment.provider or ""
    transfer = Transfer(
        id=leg_id(payment.id, "apart"),
        debit=Account(Kind.CLEARING, provider, taken.currency),
        credit=held_in(kind, provider, taken.currency),
        amount=taken,
        code="capture_mismatch" if kind == "mismatch" else "capture_late",
        cause_id=payment.id,
    )
    await posting.post(tx, [transfer], now=now)
    # Money that came in has a receipt even when it goes straight back: it is an advance until then.
    await receipts.topped_up(
        tx,
        top_up_id=payment.id,
        account_id=payment.account_id,
        amount=taken,
        payment_id=payment.id,
        now=now,
    )
    await refunding.refund(
        tx, payment_id=payment.id, refund_id=return_id(payment.id), amount=taken, now=now, kind=kind
    )


async def _learn_fee(tx: Transaction, payment: Payment, remote: RemotePayment, now: datetime) -> Payment:
    if payment.fee is not None or remote.income is None:
        return payment
    fee = payment.captured - remote.income.amount
    if fee < 0 or remote.income.currency != payment.currency:
        log.error("a provider gives more than it took", payment_id=str(payment.id), fee=fee)
        return payment
    learned = msgspec.structs.replace(payment, fee=fee)
    await repository.save_payment(tx, learned)
    if fee:
        provider = payment.provider or ""
        transfer = Transfer(
            id=leg_id(payment.id, "fee"),
            debit=Account(Kind.FEES, provider, payment.currency),
            credit=Account(Kind.CLEARING, provider, payment.currency),
            amount=Money(fee, payment.currency),
            code="fee",
            cause_id=payment.id,
        )
        await posting.post(tx, [transfer], now=now)
    return learned
