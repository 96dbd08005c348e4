"""Payments and their way from an intent to the money. Pure.

    intended ──► sent ──► pending ──► authorised ──► captured
        │        │  ▲         │            │
        │        ▼  │         ├────────────┴───────► canceled   the provider said no, or it was let go
        │      unknown        └──► captured                     a method without a hold
        └──► failed                                             no provider ever had it

`captured` is where money is. `canceled` and `failed` are ends as far as anybody knows; should a provider say all the same that it has
the money, it becomes `captured`, and what nobody wants any more goes back.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import combinations
from typing import Final, Literal
from uuid import UUID

import msgspec

from samovar.kit.money import Money
from samovar.services.payment.providers.port import Confirmation, NewPayment, PayMethod, RemotePayment

PaymentStatus = Literal[
    "intended", "sent", "unknown", "pending", "authorised", "captured", "canceled", "failed"
]
Purpose = Literal["order", "top_up"]
Step = Literal["create", "look", "capture", "cancel"]
CallKind = Literal["create", "capture", "cancel", "refund"]
CallOutcome = Literal["unknown", "done", "declined", "not_made"]
RefundKind = Literal["asked", "top_up", "late", "mismatch"]
RefundState = Literal["intended", "sent", "unknown", "pending", "done", "refused"]

# Money that came in for nothing, and goes back by itself.
STRAY_KINDS: frozenset[RefundKind] = frozenset({"late", "mismatch"})
UNMADE: frozenset[PaymentStatus] = frozenset({"intended", "sent", "unknown"})
OVER: frozenset[PaymentStatus] = frozenset({"captured", "canceled", "failed"})
# Fibonacci, as YooKassa recommends; from an hour on it stays: whoever has not answered in a morning will not by asking more often.
GAPS_S: Final = (3, 5, 8, 13, 21, 34, 55, 89, 144, 233, 377, 610, 987, 1_597, 2_584, 3_600)
# A provider knows a key for a day (YooKassa); a call with an older one might be a second payment.
KEY_LIFE: Final = timedelta(hours=23)
# Of so many refunds of one payment at most it is tried which of them add up to a sum.
SUMMED_MAX: Final = 10
# How long one conversation with a provider is left alone by all others: longer than any call takes.
HOLD: Final = timedelta(seconds=40)
# A provider that refused is asked again after this.
REFUSAL_REST: Final = timedelta(seconds=60)
RETURN_TRIES_MAX: Final = 5
RETURN_REST: Final = timedelta(hours=24)
DESCRIPTION_LENGTH_MAX: Final = 128


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment as it is kept; amounts are minor units.

    Attributes:
        purpose_id: The order or top-up it is for.
        next_check_at: When the janitor looks at it; none: nothing is left to do.
        checks: How often it was looked at since something last happened.
        held_until: Until then somebody is speaking with the provider about it.
        stopped_at: Since when nobody wants it any more.
    """

    id: UUID
    purpose: Purpose
    purpose_id: UUID
    account_id: UUID
    method: PayMethod
    amount: int
    currency: str
    description: str
    return_url: str | None = None
    save_method: bool = False
    saved_method_id: UUID | None = None
    state: PaymentStatus = "intended"
    provider: str | None = None
    provider_payment_id: str | None = None
    confirmation_kind: Literal["redirect", "qr"] | None = None
    confirmation_url: str | None = None
    captured: int = 0
    refund_pending: int = 0
    refunded: int = 0
    fee: int | None = None
    failure_code: str | None = None
    captured_at: datetime | None = None
    stopped_at: datetime | None = None
    expires_at: datetime
    created_at: datetime
    next_check_at: datetime | None = None
    checks: int = 0
    held_until: datetime | None = None
    version: int = 1

    @property
    def money(self) -> Money:
        """Return what is to be collected."""
        return Money(self.amount, self.currency)

    @property
    def confirmation(self) -> Confirmation | None:
        """Return how the player confirms it, while that makes sense."""
        if self.state != "pending" or not self.confirmation_kind or not self.confirmation_url:
            return None
        return Confirmation(self.confirmation_kind, self.confirmation_url)


class PaymentState(msgspec.Struct, frozen=True, kw_only=True):
    """What those who wait for a payment see of it."""

    id: UUID
    state: PaymentStatus
    confirmation: Confirmation | None = None
    failure_code: str | None = None

    @classmethod
    def of(cls, payment: Payment) -> "PaymentState":
        """Return the state of a payment."""
        return cls(
            id=payment.id,
            state=payment.state,
            confirmation=payment.confirmation,
            failure_code=payment.failure_code,
        )


class Call(msgspec.Struct, frozen=True, kw_only=True):
    """One thing asked of a provider that moves money; the key is the same at every try."""

    key: UUID
    payment_id: UUID
    refund_id: UUID | None = None
    kind: CallKind
    provider: str
    tries: int = 1
    outcome: CallOutcome = "unknown"
    first_sent_at: datetime
    answered_at: datetime | None = None


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """Money of a payment on its way back."""

    id: UUID
    payment_id: UUID
    amount: int
    kind: RefundKind
    state: RefundState = "intended"
    provider_refund_id: str | None = None
    failure_code: str | None = None
    created_at: datetime
    settled_at: datetime | None = None
    next_check_at: datetime | None = None
    checks: int = 0
    held_until: datetime | None = None


class Stray(msgspec.Struct, frozen=True, kw_only=True):
    """Money that came in and fitted nothing; it goes back by itself.

    Attributes:
        return_id: What sends it back; the cause of its transfers and receipts on that way.
        kind: `late`: nobody waited for it any more; `mismatch`: it was another amount.
        returned_at: When the provider sent it back.
    """

    payment_id: UUID
    return_id: UUID
    kind: Literal["late", "mismatch"]
    amount: int
    came_at: datetime
    returned_at: datetime | None


def causes_of(strays: Iterable[Stray]) -> list[UUID]:
    """Return what moved money that fitted nothing, and what its receipts are of: its coming, and its way back."""
    return [cause for stray in strays for cause in (stray.payment_id, stray.return_id)]


class CapturedPayment(msgspec.Struct, frozen=True, kw_only=True):
    """Captured money of an order, and how much of it has gone back or is on its way."""

    id: UUID
    provider: str
    method: PayMethod
    amount: Money
    refunded: Money
    refund_pending: Money
    captured_at: datetime


def gap(checks: int) -> timedelta:
    """Return how long to leave a payment alone after so many looks at it."""
    return timedelta(seconds=GAPS_S[min(max(checks, 0), len(GAPS_S) - 1)])


def next_step(
    payment: Payment, *, is_wanted: bool, open_calls: Collection[CallKind], cancels_pending: bool
) -> Step | None:
    """Return what is to be asked of the provider next; none where there is nothing to ask.

    Args:
        payment: Not one that is given up.
        is_wanted: Whether what it is for still waits for the money.
        open_calls: Calls whose outcome is not known: they are repeated before anything else is decided, for they may have worked.
        cancels_pending: Whether the provider can cancel what nobody has paid yet.
    """
    if payment.state in OVER:
        return None
    if payment.state in UNMADE:
        return "create"
    for kind in ("capture", "cancel"):
        if kind in open_calls:
            return kind
    if payment.state == "authorised":
        return "capture" if is_wanted else "cancel"
    return "cancel" if not is_wanted and cancels_pending else "look"


def is_hopeless(payment: Payment, now: datetime) -> bool:
    """Return whether a payment that no provider has is not to be sent to one any more."""
    return payment.state == "intended" and (payment.stopped_at is not None or payment.expires_at <= now)


def is_too_old(call: Call | None, now: datetime) -> bool:
    """Return whether a provider may have forgotten the key of a call, so that it must not be repeated."""
    return call is not None and call.first_sent_at + KEY_LIFE <= now


def waits_for_others(rivals: Mapping[UUID, Call | None], now: datetime) -> bool:
    """Return whether another refund of a payment may change at any moment what its provider has sent back in all.

    One whose key is forgotten, too, is only looked for in that sum. `rivals` are the others whose outcome is not known, with their calls.
    """
    return any(not is_too_old(call, now) for call in rivals.values())


def is_in_the_sum(refund: Return, rivals: Sequence[Return], back: int) -> bool | None:
    """Return whether a refund is in what a provider has sent back beyond what is known here; none: nobody can say.

    All of one payment goes to one instrument, so refunds whose amounts add up alike stand for each other: the first that add up are those
    that were made, the same ones for each of them, and whatever is left is sent. Of too many nobody can say, unless none or all was made.
    """
    if back == 0:
        return False
    asked = sorted([refund, *rivals], key=lambda one: one.id)
    if back == sum(one.amount for one in asked):
        return True
    if len(asked) > SUMMED_MAX:
        return None
    for count in range(1, len(asked)):
        for made in combinations(asked, count):
            if sum(one.amount for one in made) == back:
                return refund in made
    return None


def learned(payment: Payment, remote: RemotePayment, now: datetime) -> Payment:
    """Return a payment with what its provider says of it, as long as no money has come in or it has come to nothing."""
    state: PaymentStatus = "authorised" if remote.status == "authorised" else "pending"
    moved = state != payment.state
    confirmation = remote.confirmation
    return msgspec.structs.replace(
        payment,
        state=state,
        provider_payment_id=remote.id,
        confirmation_kind=confirmation.kind if confirmation else payment.confirmation_kind,
        confirmation_url=confirmation.url if confirmation else payment.confirmation_url,
        checks=0 if moved else payment.checks,
        next_check_at=now if moved and state == "authorised" else now + gap(0 if moved else payment.checks),
        held_until=None,
    )


def finished(payment: Payment, state: Literal["canceled", "failed"], code: str) -> Payment:
    """Return a payment that came to nothing."""
    return msgspec.structs.replace(
        payment, state=state, failure_code=code, next_check_at=None, held_until=None, checks=0
    )


def to_create(payment: Payment, *, base_url: str, token: str | None, is_repeated: bool) -> NewPayment:
    """Return what is asked of a provider.

    Args:
        payment: What is to be collected.
        base_url: Where players and providers reach the platform.
        token: Of the kept instrument it is paid with.
        is_repeated: An earlier call with the same key may have made it.
    """
    return NewPayment(
        id=payment.id,
        method=payment.method,
        amount=payment.money,
        description=payment.description,
        return_url=payment.return_url or f"{base_url}/",
        notify_url=f"{base_url}/v1/payments/webhooks/{payment.provider}",
        expires_at=payment.expires_at,
        customer=payment.account_id,
        save_method=payment.save_method,
        token=token,
        is_repeated=is_repeated,
    )
