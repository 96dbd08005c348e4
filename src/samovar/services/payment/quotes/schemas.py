"""The shapes of quotes."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import Money
from samovar.services.payment.quotes.domain import LeftOut, Quote, QuoteLine

ITEMS_MAX = 50
MESSAGE_LENGTH_MAX = 500
CODE_LENGTH_MAX = 64

Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z", description="ISO 3166-1 alpha-2.", examples=["RU"])]


class ItemWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something to be bought: a package or a bundle.

    Attributes:
        gift_to: A friend whom it is for; absent: the caller.
        message: What to say with a gift, in a few lines.
    """

    package_id: UUID | None = None
    bundle_id: UUID | None = None
    gift_to: UUID | None = None
    message: Annotated[str, Meta(min_length=1, max_length=MESSAGE_LENGTH_MAX)] | None = None


class QuoteWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a purchase is asked for.

    Attributes:
        country: Where it is bought: heeded only while nobody knows where the caller lives, and otherwise that country or none.
    """

    items: Annotated[tuple[ItemWish, ...], Meta(min_length=1, max_length=ITEMS_MAX)]
    country: Country | None = None
    promo_code: Annotated[str, Meta(min_length=1, max_length=CODE_LENGTH_MAX)] | None = None


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """One package, and how its price comes about: `base` less `discount`, `bundle_discount` and `promo_discount` is `final`.

    Attributes:
        gift_to: Whom it is for, where it is a gift.
        region: Whose price it is: the country, or a group that it falls back to.
        price_version: The same for the same arithmetic.
    """

    package_id: UUID
    bundle_id: UUID | None
    app_ids: tuple[UUID, ...]
    names: dict[str, str]
    gift_to: UUID | None
    is_preorder: bool
    base: Money
    discount_percent: int
    discount: Money
    bundle_percent: int
    bundle_discount: Money
    promo_percent: int
    promo_discount: Money
    region: str
    price_version: str
    final: Money

    @classmethod
    def of(cls, line: QuoteLine, currency: str) -> Self:
        """Return a line as it is shown."""
        return cls(
            package_id=line.package_id,
            bundle_id=line.bundle_id,
            app_ids=line.app_ids,
            names=line.names,
            gift_to=line.recipient_id if line.is_gift else None,
            is_preorder=line.is_preorder,
            base=Money(line.base, currency),
            discount_percent=line.discount_percent,
            discount=Money(line.base - line.reduced, currency),
            bundle_percent=line.bundle_percent,
            bundle_discount=Money(line.reduced - line.price, currency),
            promo_percent=line.promo_percent,
            promo_discount=Money(line.promo_amount, currency),
            region=line.region,
            price_version=line.price_version,
            final=Money(line.final, currency),
        )


class LeftOutView(msgspec.Struct, frozen=True, kw_only=True):
    """A package of a bundle that is not bought with it.

    Attributes:
        reason: A stable code: `owned`, `not_sold`, `base_needed`, …
    """

    package_id: UUID
    names: dict[str, str]
    reason: str

    @classmethod
    def of(cls, left_out: LeftOut) -> Self:
        """Return it as it is shown."""
        return cls(package_id=left_out.package_id, names=left_out.names, reason=left_out.reason)


class QuoteView(msgspec.Struct, frozen=True, kw_only=True):
    """What a purchase costs, binding until it expires.

    Attributes:
        subtotal: The sum before the promo code.
        promo_discount: What the promo code takes off.
        total: The sum of the lines.
        status: `open`; `taken` by an order; or `expired`.
        signature: An order may send it along, to be sure that it is of this quote.
    """

    id: UUID
    country: str
    lines: list[LineView]
    subtotal: Money
    promo_code: str | None
    promo_discount: Money
    total: Money
    status: Literal["open", "taken", "expired"]
    priced_at: datetime
    expires_at: datetime
    signature: str

    @classmethod
    def of(cls, quote: Quote, now: datetime) -> Self:
        """Return a quote as its owner sees it."""
        return cls(
            id=quote.id,
            country=quote.country,
            lines=[LineView.of(line, quote.currency) for line in quote.lines],
            subtotal=quote.money(quote.subtotal),
            promo_code=quote.promo_code,
            promo_discount=quote.money(quote.subtotal - quote.total),
            total=quote.money(quote.total),
            status="taken" if quote.taken_at else "open" if now < quote.expires_at else "expired",
            priced_at=quote.priced_at,
            expires_at=quote.expires_at,
            signature=quote.signature,
        )


class NewQuoteView(QuoteView, frozen=True, kw_only=True):
    """A new quote.

    Attributes:
        left_out: What of its bundles it does not hold.
    """

    left_out: list[LeftOutView] = []
