"""The payments of both providers as they are kept here, and what may become of them; amounts are kopecks."""

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from samovar.simulators.money.keeping import Keeping

Provider = Literal["yookassa", "tbank"]
Status = Literal["pending", "authorized", "succeeded", "canceled"]

PAYMENTS_MAX = 20_000
REFUNDS_MAX = 20_000
CONFIRMATION_S = 3_600.0
HOLD_S = 7 * 86_400.0
# Of the amount, in ten-thousandths, before the tax on it: close to what a small shop is offered.
FEE_RATES = {"bank_card": 280, "sberbank": 280, "tinkoff_bank": 280, "sbp": 70}
_FEE_UNITS = 10_000
# Since 2026-01-01 both providers' commission bears value added tax.
VAT_PERCENT = 22


class Refused(Exception):
    """The document does not allow this now; `code` is for the dialect to translate."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass(kw_only=True)
class Payment:
    """One payment.

    Attributes:
        method: In YooKassa's words; `None` lets the payer choose.
        two_stage: Money is held until it is captured.
        changed_amount: What was really paid, when a test wants another sum than was asked for.
        captured: Kopecks taken.
        refunded: Kopecks given back, or on the way; `refunding` are on the way.
        party: Who ended it: `yoo_money`, `payment_network` or `merchant`.
        reason: Why it was canceled, in YooKassa's words.
        extra: What only the dialect needs.
    """

    id: str
    provider: Provider
    amount: int
    currency: str
    method: str | None
    two_stage: bool
    description: str
    return_url: str | None
    created_at: float
    expires_at: float
    status: Status = "pending"
    authorized: int = 0
    captured: int = 0
    refunded: int = 0
    refunding: int = 0
    fee: int = 0
    paid_at: float | None = None
    captured_at: float | None = None
    party: str | None = None
    reason: str | None = None
    card: str = ""
    saved_method: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(kw_only=True)
class Refund:
    """Money on its way back."""

    id: str
    provider: Provider
    payment_id: str
    amount: int
    currency: str
    created_at: float
    description: str = ""
    status: Literal["pending", "succeeded", "canceled"] = "pending"
    reason: str | None = None
    settled_at: float | None = None


Changed = Callable[[str, Payment, Refund | None], None]


class Book:
    """All payments and refunds, the latest of them.

    Args:
        changed: Told of every change: its kind (`authorized`, `succeeded`, `canceled`, `refunded`), the payment, the refund.
        keeping: Where they outlive the process.
        clock: Seconds since the epoch.

    Attributes:
        payments: By id, oldest first.
        refunds: Likewise.
        refunds_wait: A new refund waits until it is told what becomes of it.
    """

    def __init__(
        self, changed: Changed, keeping: Keeping | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self.clock = clock
        self.refunds_wait = False
        self._changed = changed
        self._keeping = keeping or Keeping()
        self.payments = OrderedDict(self._keeping.load("payment", Payment))
        self.refunds = OrderedDict(self._keeping.load("refund", Refund))
        self._methods = OrderedDict(self._keeping.load("method", str))

    def open(self, payment: Payment) -> Payment:
        """Keep a new payment; the oldest are forgotten."""
        self.payments[payment.id] = payment
        self.keep(payment)
        while len(self.payments) > PAYMENTS_MAX:
            forgotten, _ = self.payments.popitem(last=False)
            self._keeping.drop("payment", forgotten)
        return payment

    def keep(self, payment: Payment) -> None:
        """Have a payment that was changed outlive the process."""
        self._keeping.put("payment", payment.id, payment)

    def find(self, payment_id: str) -> Payment | None:
        """Return a payment as it is at this moment."""
        payment = self.payments.get(payment_id)
        if payment is not None:
            self._expire_if_due(payment)
        return payment

    def pay(self, payment: Payment, *, method: str | None = None, amount: int = 0, card: str = "") -> None:
        """Let the payer pay; `amount` other than what was asked for is a provider that went wrong.

        Raises:
            Refused: It is not waiting for its payer.
        """
        self._expire_if_due(payment)
        if payment.status != "pending":
            raise Refused("status", f"the payment is {payment.status}")
        payment.method = method or payment.method or "bank_card"
        payment.authorized = amount or payment.amount
        payment.card = card
        payment.paid_at = self.clock()
        if payment.extra.get("save_method"):
            payment.saved_method = secrets.token_hex(16)
            self._methods[payment.saved_method] = payment.method
            self._keeping.put("method", payment.saved_method, payment.method)
        if payment.two_stage and payment.method != "sbp":
            payment.status = "authorized"
            payment.expires_at = self.clock() + HOLD_S
            self.keep(payment)
            self._changed("authorized", payment, None)
        else:
            self._take(payment, payment.authorized)

    def capture(self, payment: Payment, amount: int | None = None) -> None:
        """Take held money, or a part of it.

        Raises:
            Refused: Nothing is held, or less.
        """
        self._expire_if_due(payment)
        if payment.status != "authorized":
            raise Refused("status", f"the payment is {payment.status}")
        if amount is not None and not 0 < amount <= payment.authorized:
            raise Refused("amount", "more than is held")
        self._take(payment, payment.authorized if amount is None else amount)

    def cancel(self, payment: Payment, *, party: str, reason: str) -> None:
        """End a payment that has taken no money.

        Raises:
            Refused: It is over.
        """
        if payment.status not in {"pending", "authorized"}:
            raise Refused("status", f"the payment is {payment.status}")
        payment.status, payment.party, payment.reason = "canceled", party, reason
        self.keep(payment)
        self._changed("canceled", payment, None)

    def expire(self, payment: Payment) -> None:
        """Let its time run out now."""
        payment.expires_at = self.clock()
        self._expire_if_due(payment)

    def start_refund(self, payment: Payment, refund_id: str, amount: int, description: str = "") -> Refund:
        """Give money back; at once, unless refunds are told to wait.

        Raises:
            Refused: There is less to give back.
        """
        if payment.status != "succeeded":
            raise Refused("status", f"the payment is {payment.status}")
        if not 0 < amount <= payment.captured - payment.refunded:
            raise Refused("amount", "more than is left of the payment")
        refund = Refund(
            id=refund_id,
            provider=payment.provider,
            payment_id=payment.id,
            amount=amount,
            currency=payment.currency,
            created_at=self.clock(),
            description=description,
        )
        payment.refunded += amount
        payment.refunding += amount
        self.refunds[refund.id] = refund
        self._keep_refund(refund, payment)
        while len(self.refunds) > REFUNDS_MAX:
            forgotten, _ = self.refunds.popitem(last=False)
            self._keeping.drop("refund", forgotten)
        if not self.refunds_wait:
            self.end_refund(refund, reason=None)
        return refund

    def end_refund(self, refund: Refund, *, reason: str | None) -> None:
        """Let a waiting refund succeed, or cancel it with a reason."""
        payment = self.payments.get(refund.payment_id)
        if refund.status != "pending" or payment is None:
            raise Refused("status", f"the refund is {refund.status}")
        refund.status, refund.reason, refund.settled_at = "succeeded", reason, self.clock()
        payment.refunding -= refund.amount
        if reason:
            refund.status = "canceled"
            payment.refunded -= refund.amount
        self._keep_refund(refund, payment)
        if not reason:
            self._changed("refunded", payment, refund)

    def method_of(self, saved_method: str) -> str | None:
        """Return what kind a saved method is."""
        return self._methods.get(saved_method)

    def _take(self, payment: Payment, amount: int) -> None:
        payment.status, payment.captured, payment.captured_at = "succeeded", amount, self.clock()
        payment.fee = fee_of(amount, payment.method or "bank_card")
        self.keep(payment)
        self._changed("succeeded", payment, None)

    def _keep_refund(self, refund: Refund, payment: Payment) -> None:
        self._keeping.put("refund", refund.id, refund)
        self.keep(payment)

    def _expire_if_due(self, payment: Payment) -> None:
        if payment.status in {"pending", "authorized"} and self.clock() >= payment.expires_at:
            reason = "expired_on_confirmation" if payment.status == "pending" else "expired_on_capture"
            self.cancel(payment, party="yoo_money", reason=reason)


def fee_of(amount: int, method: str) -> int:
    """Return the provider's commission with the tax on it, kopecks, halves up."""
    rate = FEE_RATES.get(method, FEE_RATES["bank_card"]) * (100 + VAT_PERCENT)
    whole = _FEE_UNITS * 100
    return (amount * rate + whole // 2) // whole
