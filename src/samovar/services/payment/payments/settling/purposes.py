"""What payments are for, and what else hears of their outcomes: the sides that the driver speaks to, each as little as it needs."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Protocol
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.money import Money
from samovar.services.payment.payments.domain import Payment

Verdict = Literal["paid", "late", "mismatch"]


class Purpose(Protocol):
    """What a payment is for."""

    async def is_wanted(self, tx: Transaction, purpose_id: UUID) -> bool:
        """Lock it, before the payment is locked, and return whether it still waits for the money."""
        ...

    async def captured(self, tx: Transaction, payment: Payment, amount: Money, *, now: datetime) -> Verdict:
        """Take the money, or say why not; then nothing is posted and it goes back."""
        ...

    async def over(self, tx: Transaction, payment: Payment, code: str, *, now: datetime) -> None:
        """Hear that no money will come by this payment."""
        ...


class OrderSettling(Protocol):
    """What of `orders.settling` is needed here."""

    async def captured(
        self,
        tx: Transaction,
        order_id: UUID,
        *,
        payment_id: UUID,
        provider: str,
        amount: Money,
        now: datetime,
    ) -> Verdict:
        """Take the money of a provider for an order."""
        ...

    async def payment_over(
        self, tx: Transaction, order_id: UUID, *, failure_code: str, now: datetime
    ) -> None:
        """Close an order that was not paid."""
        ...


class RefundSettling(Protocol):
    """What of `refunds.settling` is needed here."""

    async def arrived(self, tx: Transaction, refund_id: UUID, *, now: datetime) -> None:
        """Hear that the money has gone back."""
        ...

    async def refused(self, tx: Transaction, refund_id: UUID, *, code: str, now: datetime) -> None:
        """Hear that the provider does not send it back."""
        ...


class Receipts(Protocol):
    """What of `receipts.planning` is needed here."""

    async def topped_up(
        self,
        tx: Transaction,
        *,
        top_up_id: UUID,
        account_id: UUID,
        amount: Money,
        payment_id: UUID,
        now: datetime,
    ) -> None:
        """Plan the receipt of an advance."""
        ...

    async def refund_settled(
        self,
        tx: Transaction,
        *,
        refund_id: UUID,
        order_id: UUID | None,
        top_up_id: UUID | None,
        line_amounts: Mapping[UUID, int],
        amount: Money,
        destination: str,
        now: datetime,
    ) -> None:
        """Plan the receipt of money that went back."""
        ...
