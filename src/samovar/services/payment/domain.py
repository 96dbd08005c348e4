"""What all rooms of payment mean by an order and its lines. Pure."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.money import Money

OrderStatus = Literal[
    "created",
    "pending",
    "paid",
    "fulfilled",
    "canceled",
    "expired",
    "failed",
    "partially_refunded",
    "refunded",
]
Method = Literal["free", "wallet", "sbp", "card", "sberpay", "tpay"]
OPEN: frozenset[OrderStatus] = frozenset({"created", "pending"})
PAID: frozenset[OrderStatus] = frozenset({"paid", "fulfilled", "partially_refunded"})


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order as it is kept.

    Attributes:
        provider_amount: What a payment provider is to collect, besides bonus and wallet.
        expires_at: Until then it may be paid.
        failure_code: Why it is canceled, expired or failed.
        payment_id: The payment that collects what a provider is to collect; once it is paid, that which has.
    """

    id: UUID
    account_id: UUID
    quote_id: UUID
    country: str
    currency: str
    status: OrderStatus
    method: Method
    total: int
    bonus_amount: int
    wallet_amount: int
    provider_amount: int
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    fulfilled_at: datetime | None
    closed_at: datetime | None
    failure_code: str | None
    version: int
    payment_id: UUID | None = None

    def money(self, amount: int) -> Money:
        """Return an amount in the currency of the order."""
        return Money(amount, self.currency)


class OrderLine(msgspec.Struct, frozen=True, kw_only=True):
    """One package of an order; amounts are minor units of the order's currency.

    Attributes:
        base: The price without any discount.
        reduced: With its own discount.
        price: With the bundle's percentage off as well; a promo code takes off what is left to `final`.
        final: What is paid for it.
        delivered_at: Since when it is given for good, and the money earned.
    """

    id: UUID
    order_id: UUID
    position: int
    package_id: UUID
    bundle_id: UUID | None
    app_ids: tuple[UUID, ...]
    names: dict[str, str]
    organisation_id: UUID | None
    recipient_id: UUID
    is_gift: bool
    is_preorder: bool
    base: int
    discount_percent: int
    bundle_percent: int
    promo_percent: int
    region: str
    price_version: str
    final: int
    licence_id: UUID | None
    licensed_at: datetime | None
    delivered_at: datetime | None
    refund_pending: int
    refunded: int
    refunded_at: datetime | None
    reduced: int | None = None
    price: int | None = None
