"""What all rooms of payment mean by an order and its lines. Pure."""

from datetime import UTC, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from samovar.kit.errors import FieldError
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

# What anything is sold for: the currencies of catalog's regions of prices.
CURRENCIES: Final = frozenset(
    [
        "AED",
        "AMD",
        "AZN",
        "BRL",
        "BYN",
        "CNY",
        "EUR",
        "GBP",
        "GEL",
        "INR",
        "JPY",
        "KGS",
        "KRW",
        "KZT",
        "RSD",
        "RUB",
        "TRY",
        "USD",
        "UZS",
        "VND",
    ]
)
# Within these every moment has a place in every zone, and in the database.
_FIRST_MOMENT: Final = datetime(2000, 1, 1, tzinfo=UTC)
_LAST_MOMENT: Final = datetime(2200, 1, 1, tzinfo=UTC)


def fault_of_moment(field: str, moment: datetime) -> FieldError | None:
    """Return the fault of a moment that nobody can mean, or that cannot be kept; none where it is neither."""
    if _FIRST_MOMENT <= moment < _LAST_MOMENT:
        return None
    return FieldError(field, "moment_out_of_range", "from 2000 until 2199")


def fault_of_currency(field: str, currency: str) -> FieldError | None:
    """Return the fault of a currency in which nothing is sold; none of the others."""
    if currency in CURRENCIES:
        return None
    known = ", ".join(sorted(CURRENCIES))
    return FieldError(field, "currency_unknown", f"only {known}", limit=known)


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
