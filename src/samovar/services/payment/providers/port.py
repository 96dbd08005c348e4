"""What payment asks of a provider, whoever that is, and what it may answer.

Nothing here raises for what a provider does: each answer, and the lack of one, is an outcome. The one that costs money when it is
taken for another is `Unknown`: the provider may have done it or not, so the same call goes again with the same key, or it is asked
what became of it. Only `NotMade` says that it is certain that nothing was done.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Generic, Literal, Protocol, TypeVar
from uuid import UUID

import msgspec

from samovar.kit.money import Money

PayMethod = Literal["sbp", "card", "sberpay", "tpay"]
RemoteStatus = Literal["pending", "authorised", "captured", "canceled"]
RefundStatus = Literal["pending", "done", "declined"]


class MethodTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What a provider takes by one method.

    Attributes:
        least: The smallest amount, minor units.
        most: The largest one.
        has_hold: It is held first and captured by a call of its own.
        can_save: The instrument can be kept for next time.
    """

    method: PayMethod
    least: int
    most: int
    currency: str = "RUB"
    has_hold: bool = False
    can_save: bool = False


class Confirmation(msgspec.Struct, frozen=True):
    """How the player confirms a payment: they are sent to an address, or shown it as a QR code."""

    kind: Literal["redirect", "qr"]
    url: str


class Instrument(msgspec.Struct, frozen=True, kw_only=True):
    """What was paid with, as a provider keeps it for next time.

    Attributes:
        token: What stands for it at the provider.
        title: How a person knows it again: `Мир •• 4242`.
    """

    token: str
    title: str


class NewPayment(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be collected.

    Attributes:
        id: Ours; the provider gives it back with each answer.
        token: Of a kept instrument: then nobody need confirm.
        customer: Whose instruments they are, where the provider keeps them by person.
        is_repeated: An earlier call with the same key may have made it.
    """

    id: UUID
    method: PayMethod
    amount: Money
    description: str
    return_url: str
    notify_url: str
    expires_at: datetime
    customer: UUID
    save_method: bool = False
    token: str | None = None
    is_repeated: bool = False


class RemotePayment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment as its provider has it.

    Attributes:
        id: The provider's.
        payment_id: Ours, as the provider gives it back; none where it does not.
        amount: What it was made for.
        captured: What has been taken.
        refunded: What of that has gone back, where the provider says so.
        income: What of it reaches us, where the provider says so.
        code: Why it was canceled, one of ours: `declined`, `insufficient_funds`, `expired`, `canceled`, …
    """

    id: str
    status: RemoteStatus
    amount: Money
    payment_id: UUID | None = None
    captured: Money | None = None
    refunded: Money | None = None
    income: Money | None = None
    confirmation: Confirmation | None = None
    instrument: Instrument | None = None
    code: str | None = None


class RemoteRefund(msgspec.Struct, frozen=True, kw_only=True):
    """A refund as its provider has it."""

    id: str
    status: RefundStatus
    amount: Money
    code: str | None = None


class RegisterRow(msgspec.Struct, frozen=True, kw_only=True):
    """One movement in the register of a provider.

    Attributes:
        kind: `payment` or `refund`.
        id: The provider's id of it.
    """

    kind: Literal["payment", "refund"]
    id: str
    amount: Money


T = TypeVar("T")


class Done(msgspec.Struct, Generic[T], frozen=True):
    """It stands: authorised, captured, refunded, as `what` says."""

    what: T


class Pending(msgspec.Struct, Generic[T], frozen=True):
    """The provider has it and is not finished: the player has not paid yet, or a bank has not answered."""

    what: T


class Declined(msgspec.Struct, Generic[T], frozen=True):
    """It came to nothing, for good. `code` says why, in our words."""

    code: str
    what: T | None = None


class NotMade(msgspec.Struct, frozen=True):
    """It is certain that this call had no effect.

    Attributes:
        reason: For the log and the page of staff.
        is_answer: The provider itself said so, having read the request: it holds for earlier calls with the same key too. Otherwise
            the request did not reach it, which says nothing of earlier ones.
    """

    reason: str
    is_answer: bool


class Unknown(msgspec.Struct, frozen=True):
    """Nobody knows whether it was done."""

    reason: str


PaymentOutcome = Done[RemotePayment] | Pending[RemotePayment] | Declined[RemotePayment] | NotMade | Unknown
RefundOutcome = Done[RemoteRefund] | Pending[RemoteRefund] | Declined[RemoteRefund] | NotMade | Unknown


class Provider(Protocol):
    """A payment provider. Every call has a timeout; those that move money have a key that was stored before."""

    @property
    def name(self) -> str:
        """Return its name: `yookassa`."""
        ...

    @property
    def cancels_pending(self) -> bool:
        """Return whether it can cancel a payment that nobody has paid yet."""
        ...

    @property
    def methods(self) -> Sequence[MethodTerms]:
        """Return what it takes."""
        ...

    async def create(self, new: NewPayment, key: UUID) -> PaymentOutcome:
        """Make a payment; again with the same key it is the same one."""
        ...

    async def get(self, remote_id: str) -> PaymentOutcome:
        """Return a payment as it is now."""
        ...

    async def capture(self, remote_id: str, amount: Money, key: UUID) -> PaymentOutcome:
        """Take what is held."""
        ...

    async def cancel(self, remote_id: str, key: UUID) -> PaymentOutcome:
        """Let go of what is held, or of a payment that nobody has paid, where the provider can."""
        ...

    async def refund(self, remote_id: str, refund_id: UUID, amount: Money, key: UUID) -> RefundOutcome:
        """Send back captured money, in whole or in part; again with the same key it is the same refund."""
        ...

    async def get_refund(self, remote_id: str, remote_refund_id: str, amount: Money) -> RefundOutcome:
        """Return a refund as it is now."""
        ...

    def register(self, since: datetime, until: datetime) -> AsyncIterator[RegisterRow] | None:
        """Return everything captured and refunded in a span of time; none where the provider has no such list.

        Raises:
            Unavailable: It cannot be read to its end.
        """
        ...
