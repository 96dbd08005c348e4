"""A quote: what a purchase costs line by line, what of it can be bought together, and the signature that makes it binding. Pure.

The signature is an HMAC-SHA-256 over the quote as JSON with its keys in order, without the signature itself and without what happens
to the quote later; any other byte of it makes another signature.
"""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.money import Money
from samovar.services.payment.asking.domain import Wanted

# Tells what is signed with one secret apart: a signature of anything else is never one of a quote.
_PURPOSE = b"samovar:payment:quote:v1\n"

BASE_NEEDED = "base_needed"
"""Why DLC is not sold: its recipient neither has its game nor gets it in the same purchase."""


class QuoteLine(msgspec.Struct, frozen=True, kw_only=True):
    """One package of a quote; amounts are minor units of the quote's currency.

    Attributes:
        bundle_id: The bundle that it is bought with, if any.
        app_ids: What a licence of it opens.
        names: By language.
        organisation_id: Who is paid for it; none for what was imported.
        recipient_id: Who will have it.
        message: What the giver says with a gift.
        base: The price without any discount.
        reduced: With its own discount.
        price: With the bundle's percentage off as well.
        promo_percent: What the promo code takes off, where it is one of percent.
        promo_amount: What the promo code takes off.
        region: Whose price it is.
        price_version: The same for the same arithmetic, as catalog says.
        final: What is paid for it: `price` less `promo_amount`.
        base_app_ids: The games that its recipient must have or get with it; absent of what needs none, as of quotes that were signed
            before there was such a thing.
    """

    package_id: UUID
    bundle_id: UUID | None
    app_ids: tuple[UUID, ...]
    names: dict[str, str]
    organisation_id: UUID | None
    recipient_id: UUID
    is_gift: bool
    is_preorder: bool
    message: str | None = None
    base: int
    discount_percent: int
    reduced: int
    bundle_percent: int
    price: int
    promo_percent: int = 0
    promo_amount: int = 0
    region: str
    price_version: str
    final: int
    base_app_ids: tuple[UUID, ...] | msgspec.UnsetType = msgspec.UNSET

    @property
    def needs(self) -> tuple[UUID, ...]:
        """Return the games that its recipient must have or get with it."""
        return self.base_app_ids or ()


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """A quote as it is kept.

    Attributes:
        subtotal: The sum before the promo code.
        total: The sum of its lines.
        gift_days: How long a gift in it waits for its recipient.
        priced_at: The moment of the prices.
        taken_at: When an order was made of it.
    """

    id: UUID
    account_id: UUID
    country: str
    currency: str
    lines: tuple[QuoteLine, ...]
    promo_code_id: UUID | None = None
    promo_code: str | None = None
    subtotal: int
    total: int
    gift_days: int
    priced_at: datetime
    created_at: datetime
    expires_at: datetime
    signature: str = ""
    taken_at: datetime | None = None

    def money(self, amount: int) -> Money:
        """Return an amount in the currency of the quote."""
        return Money(amount, self.currency)


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A package or a bundle that somebody wants to buy.

    Attributes:
        recipient_id: Whoever it is to be given to; none: the buyer.
        message: What the giver says with it.
    """

    package_id: UUID | None = None
    bundle_id: UUID | None = None
    recipient_id: UUID | None = None
    message: str | None = None

    @property
    def wanted(self) -> Wanted:
        """Return what catalog is asked for."""
        return Wanted(self.package_id, self.bundle_id)


class LeftOut(msgspec.Struct, frozen=True, kw_only=True):
    """A package of a bundle that is not bought with it, and why."""

    package_id: UUID
    names: dict[str, str]
    reason: str


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """What a wish costs.

    Attributes:
        lines: What would be bought; none where it is refused.
        left_out: What of a bundle would not be.
        needed: The games that its DLC lacks: neither had nor bought.
        is_whole: A bundle that is bought whole or not at all.
        refusal: Why it cannot be bought, a stable code.
        currency: Of its lines; none where there are none.
        valid_until: The next instant at which it will cost otherwise.
    """

    names: dict[str, str]
    lines: tuple[QuoteLine, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    needed: tuple[UUID, ...] = ()
    is_whole: bool = False
    refusal: str | None = None
    currency: str | None = None
    valid_until: datetime | None = None


def signature_of(quote: Quote, secret: str) -> str:
    """Return the signature that belongs to a quote."""
    bare = msgspec.structs.replace(quote, signature="", taken_at=None)
    text = msgspec.json.encode(bare, order="sorted")
    digest = hmac.digest(secret.encode(), _PURPOSE + text, hashlib.sha256)
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def signed(quote: Quote, secret: str) -> Quote:
    """Return a quote with its signature."""
    return msgspec.structs.replace(quote, signature=signature_of(quote, secret))


def is_genuine(quote: Quote, secret: str, given: str | None) -> bool:
    """Return whether a quote is what was signed, and `given`, where there is one, its signature."""
    right = signature_of(quote, secret).encode()
    kept = hmac.compare_digest(right, quote.signature.encode())
    return kept and (given is None or hmac.compare_digest(right, given.encode()))


def with_bases(offers: Sequence[Offer], owned: Mapping[UUID, frozenset[UUID]]) -> list[Offer]:
    """Return what of one purchase can be bought when its DLC needs its games: of a set the rest, otherwise nothing.

    What is left out is bought by nobody either, so the rest is looked at again, until nothing more falls out.

    Args:
        offers: All of one purchase.
        owned: What each recipient owns, as far as a line asks for it.
    """
    present = list(offers)
    while True:
        had = _apps_of(present)
        looked_at = [_without_baseless(offer, had, owned) for offer in present]
        if looked_at == present:
            return present
        present = looked_at


def bases_outside(lines: Sequence[QuoteLine]) -> dict[UUID, dict[UUID, list[int]]]:
    """Return the games that lines need and their purchase does not hold: by recipient and game, the places of those lines."""
    had: dict[UUID, set[UUID]] = defaultdict(set)
    for line in lines:
        had[line.recipient_id].update(line.app_ids)
    needed: dict[UUID, dict[UUID, list[int]]] = {}
    for place, line in enumerate(lines):
        for app_id in line.needs:
            if app_id not in had[line.recipient_id]:
                needed.setdefault(line.recipient_id, {}).setdefault(app_id, []).append(place)
    return needed


def _apps_of(offers: Sequence[Offer]) -> dict[UUID, set[UUID]]:
    had: dict[UUID, set[UUID]] = defaultdict(set)
    for offer in offers:
        for line in offer.lines:
            had[line.recipient_id].update(line.app_ids)
    return had


def _without_baseless(
    offer: Offer, had: Mapping[UUID, set[UUID]], owned: Mapping[UUID, frozenset[UUID]]
) -> Offer:
    lacks = [
        frozenset(line.needs) - had[line.recipient_id] - owned.get(line.recipient_id, frozenset())
        for line in offer.lines
    ]
    if not any(lacks):
        return offer
    kept = tuple(line for line, lack in zip(offer.lines, lacks, strict=True) if not lack)
    falling = tuple(
        LeftOut(package_id=line.package_id, names=line.names, reason=BASE_NEEDED)
        for line, lack in zip(offer.lines, lacks, strict=True)
        if lack
    )
    refusal = BASE_NEEDED if not kept else "incomplete" if offer.is_whole else None
    return msgspec.structs.replace(
        offer,
        lines=() if refusal else kept,
        left_out=(*offer.left_out, *falling),
        needed=tuple(sorted(frozenset(offer.needed).union(*lacks))),
        refusal=refusal,
    )
