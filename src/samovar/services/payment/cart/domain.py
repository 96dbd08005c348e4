"""What a cart holds. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.services.payment.quotes.domain import Offer, Wish


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """Something in a cart."""

    package_id: UUID | None
    bundle_id: UUID | None
    recipient_id: UUID | None
    message: str | None
    added_at: datetime

    @property
    def wish(self) -> Wish:
        """Return what is asked for when it is priced."""
        return Wish(
            package_id=self.package_id,
            bundle_id=self.bundle_id,
            recipient_id=self.recipient_id,
            message=self.message,
        )


class Contents(msgspec.Struct, frozen=True):
    """What a cart holds, without prices: what its `ETag` stands for."""

    items: tuple[Wish, ...]


def contents_of(held: Sequence[Held]) -> Contents:
    """Return what a cart holds."""
    return Contents(tuple(one.wish for one in held))


def filled(wishes: Sequence[Wish], before: Sequence[Held], now: datetime) -> list[Held]:
    """Return a cart of wishes; what was in it before is there since then."""
    since: Mapping[tuple[UUID | None, ...], datetime] = {
        (one.package_id, one.bundle_id, one.recipient_id): one.added_at for one in before
    }
    return [
        Held(
            package_id=wish.package_id,
            bundle_id=wish.bundle_id,
            recipient_id=wish.recipient_id,
            message=wish.message,
            added_at=since.get((wish.package_id, wish.bundle_id, wish.recipient_id), now),
        )
        for wish in wishes
    ]


def judged(offers: Sequence[Offer]) -> list[Offer]:
    """Return what of a cart could be one purchase: what is there twice, or in another currency than before it, is refused."""
    seen: set[tuple[UUID, UUID]] = set()
    currency: str | None = None
    result = []
    for offer in offers:
        keys = {(line.recipient_id, line.package_id) for line in offer.lines}
        refusal = offer.refusal
        if refusal is None and not seen.isdisjoint(keys):
            refusal = "repeated"
        elif refusal is None and offer.currency != (currency or offer.currency):
            refusal = "mixed_currencies"
        if refusal is None:
            seen |= keys
            currency = currency or offer.currency
        result.append(msgspec.structs.replace(offer, refusal=refusal, lines=() if refusal else offer.lines))
    return result
