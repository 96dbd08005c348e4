"""What payments make of a top-up: money in the wallet, once; and its way back while nobody has touched it."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.kit.money import Money
from samovar.services.payment.contract.events import WalletToppedUp
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.errors import InsufficientFunds
from samovar.services.payment.payments import refunding
from samovar.services.payment.payments.captured import captured_of
from samovar.services.payment.payments.domain import Payment
from samovar.services.payment.payments.settling.purposes import Receipts, Verdict
from samovar.services.payment.payments.topping_up import domain, repository
from samovar.services.payment.payments.topping_up.errors import TopUpNotFound, TopUpNotRefundable


class TopUpPurpose:
    """A top-up as what a payment is for."""

    def __init__(self, receipts: Receipts) -> None:
        self._receipts = receipts

    async def is_wanted(self, tx: Transaction, purpose_id: UUID) -> bool:
        """Lock it, and return whether it still waits for the money."""
        top_up = await repository.lock_top_up(tx, purpose_id)
        return top_up is not None and top_up.status == "pending"

    async def captured(self, tx: Transaction, payment: Payment, amount: Money, *, now: datetime) -> Verdict:
        """Put the money into the wallet, once. Money that comes late is still wanted, unless its owner let go of it."""
        top_up = await repository.lock_top_up(tx, payment.purpose_id)
        if top_up is None or top_up.status not in {"pending", "failed"} or payment.stopped_at:
            return "late"
        if amount != top_up.money:
            if top_up.status == "pending":
                failed = msgspec.structs.replace(top_up, status="failed", failure_code="mismatch")
                await repository.save_top_up(tx, failed)
            return "mismatch"
        await posting.post(tx, [domain.credit_of(top_up, payment.provider or "")], now=now)
        credited = msgspec.structs.replace(top_up, status="credited", credited_at=now, failure_code=None)
        await repository.save_top_up(tx, credited)
        await self._receipts.topped_up(
            tx,
            top_up_id=top_up.id,
            account_id=top_up.account_id,
            amount=amount,
            payment_id=payment.id,
            now=now,
        )
        await tx.publish(
            WalletToppedUp(top_up_id=top_up.id, account_id=top_up.account_id, amount=amount, topped_up_at=now)
        )
        return "paid"

    async def over(self, tx: Transaction, payment: Payment, code: str, *, now: datetime) -> None:
        """Let a top-up fail that nobody paid."""
        del now
        top_up = await repository.lock_top_up(tx, payment.purpose_id)
        if top_up and top_up.status == "pending":
            await repository.save_top_up(
                tx, msgspec.structs.replace(top_up, status="failed", failure_code=code)
            )


async def lock(tx: Transaction, top_up_id: UUID) -> None:
    """Let nobody else change a top-up until this transaction ends; it comes before its payment."""
    await repository.lock_top_up(tx, top_up_id)


async def refund(tx: Transaction, *, top_up_id: UUID, account_id: UUID, now: datetime) -> UUID:
    """Send an untouched top-up back to the instrument it came from; returns the id of the refund.

    The money leaves the wallet at once; should the provider refuse, it comes back into it.

    Raises:
        TopUpNotFound: There is no such top-up of this account.
        TopUpNotRefundable: Some of it was spent, its time is over, it was never paid, or the payer's bank takes it back.
    """
    top_up = await repository.lock_top_up(tx, top_up_id)
    if top_up is None or top_up.account_id != account_id:
        raise TopUpNotFound(f"no top-up {top_up_id} of {account_id}")
    if top_up.status != "credited":
        raise TopUpNotRefundable(f"it is {top_up.status}", reason=top_up.status)
    if not domain.is_in_term(top_up, now):
        raise TopUpNotRefundable("its time is over", reason="too_old")
    paid = await captured_of(tx, top_up.id)
    if not paid:
        raise TopUpNotRefundable("nothing was captured", reason="not_paid")
    if await repository.is_disputed(tx, paid[0].id):
        raise TopUpNotRefundable("the bank takes it back, or has", reason="disputed")
    refund_id = domain.refund_id_of(top_up.id, await repository.refunds_tried(tx, paid[0].id))
    # Posting locks the balance: whoever spends at this moment was before it, and is seen, or comes after it.
    try:
        await posting.post(tx, [domain.refund_legs(top_up, refund_id, "out", paid[0].provider)], now=now)
    except InsufficientFunds as error:
        raise TopUpNotRefundable("some of it was spent", reason="touched") from error
    left = (await posting.balance(tx, top_up.wallet)).available
    later = await repository.credits_after(
        tx, top_up.wallet.id, domain.credit_of(top_up, paid[0].provider).id
    )
    if not domain.is_untouched(top_up, left + top_up.amount, later):
        raise TopUpNotRefundable("some of it was spent", reason="touched")
    await refunding.refund(
        tx, payment_id=paid[0].id, refund_id=refund_id, amount=top_up.money, now=now, kind="top_up"
    )
    await repository.save_top_up(tx, msgspec.structs.replace(top_up, status="refunding"))
    return refund_id


async def refund_arrived(
    tx: Transaction, payment: Payment, refund_id: UUID, receipts: Receipts, *, now: datetime
) -> None:
    """Hear that a top-up has gone back."""
    top_up = await repository.lock_top_up(tx, payment.purpose_id)
    if top_up is None:
        raise TopUpNotFound(f"no top-up {payment.purpose_id}")
    arrived = domain.refund_legs(top_up, refund_id, "arrived", payment.provider or "")
    await posting.post(tx, [arrived], now=now)
    await repository.save_top_up(tx, msgspec.structs.replace(top_up, status="refunded", refunded_at=now))
    await receipts.refund_settled(
        tx,
        refund_id=refund_id,
        order_id=None,
        top_up_id=top_up.id,
        line_amounts={},
        amount=top_up.money,
        destination="instrument",
        now=now,
    )


async def refund_refused(tx: Transaction, payment: Payment, refund_id: UUID, *, now: datetime) -> None:
    """Hear that the provider does not send it back: the money is in the wallet again."""
    top_up = await repository.lock_top_up(tx, payment.purpose_id)
    if top_up is None:
        raise TopUpNotFound(f"no top-up {payment.purpose_id}")
    back = domain.refund_legs(top_up, refund_id, "back", payment.provider or "")
    await posting.post(tx, [back], now=now)
    await repository.save_top_up(tx, msgspec.structs.replace(top_up, status="credited"))
