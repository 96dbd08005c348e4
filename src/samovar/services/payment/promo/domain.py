"""What a promo code takes off. Pure.

Of percent: each line by itself, rounded half to even to the minor unit. Of an amount: divided over the lines by their prices, with
nothing lost (`Money.allocate`), and never more than they cost.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.money import Money
from samovar.services.payment.quotes.domain import QuoteLine

PERCENT_WHOLE = 100
KEY_LENGTH_MIN = 6
KEY_LENGTH_MAX = 32
_NO_PART = re.compile(r"[^0-9A-ZА-Я]")
# Letters of both alphabets that nobody tells apart on a leaflet.
_LOOK_ALIKE = str.maketrans("АВЕКМНОРСТУХЁ", "ABEKMHOPCTYXE")

# What is drawn has none that is taken for another: 32 signs, 60 bits of twelve.
_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
_GROUP = 4
DRAWN_BYTES = 12

Scope = Literal["all", "organisation", "packages"]
Obstacle = Literal[
    "promo_unknown", "promo_not_begun", "promo_over", "promo_exhausted", "promo_used", "promo_country",
    "promo_currency", "promo_minimum", "promo_nothing",
]  # fmt: skip


class PromoCode(msgspec.Struct, frozen=True, kw_only=True):
    """A promo code as it is kept.

    Attributes:
        code: As its owner wrote it.
        organisation_id: Whose it is; none: the platform's.
        scope: What it counts for: everything, what its organisation is paid for, or some packages.
        percent: What it takes off in percent; none where it is an amount, in minor units of `currency`.
        minimum: What the lines that it counts for must cost at the least.
        countries: Where it counts; none: everywhere.
        limit_total: How often it may be redeemed in all.
        redeemed: How often it was; counted here only where there is a limit.
        ended_at: Since when somebody has ended it.
    """

    id: UUID
    code: str
    code_key: str
    organisation_id: UUID | None
    scope: Scope
    package_ids: tuple[UUID, ...]
    percent: int | None
    amount: int | None
    currency: str | None
    minimum: int | None
    countries: tuple[str, ...] | None
    starts_at: datetime
    ends_at: datetime | None
    limit_total: int | None
    limit_per_account: int
    redeemed: int
    actor_id: UUID
    created_at: datetime
    ended_at: datetime | None

    def counts_for(self, line: QuoteLine) -> bool:
        """Return whether it takes something off such a line."""
        if line.price <= 0:
            return False
        if self.scope == "all":
            return True
        if self.scope == "organisation":
            return line.organisation_id is not None and line.organisation_id == self.organisation_id
        # A package that has gone to another organisation is no longer its to give away.
        owned = self.organisation_id is None or line.organisation_id == self.organisation_id
        return owned and line.package_id in self.package_ids

    def holds(self, now: datetime) -> bool:
        """Return whether its time has begun and is not over."""
        return (
            self.ended_at is None and self.starts_at <= now and (self.ends_at is None or now < self.ends_at)
        )


def key_of(code: str) -> str:
    """Return what a code is found by: case, spaces, hyphens and the alphabet of look-alike letters do not matter."""
    upper = unicodedata.normalize("NFKC", code).upper().translate(_LOOK_ALIKE)
    return _NO_PART.sub("", upper)


def obstacle(
    code: PromoCode, lines: Sequence[QuoteLine], *, country: str, currency: str, uses: int, now: datetime
) -> Obstacle | None:
    """Return why a code takes nothing off these lines, the first of several reasons; none: it does.

    Args:
        code: The code.
        lines: What is bought.
        country: Where it is bought.
        currency: Of the lines.
        uses: How often this account has used it.
        now: The moment.
    """
    counted = sum(line.price for line in lines if code.counts_for(line))
    stands_against: tuple[tuple[Obstacle, bool], ...] = (
        ("promo_over", code.ended_at is not None or (code.ends_at is not None and code.ends_at <= now)),
        ("promo_not_begun", code.starts_at > now),
        ("promo_exhausted", code.limit_total is not None and code.redeemed >= code.limit_total),
        ("promo_used", uses >= code.limit_per_account),
        ("promo_country", code.countries is not None and country not in code.countries),
        ("promo_nothing", counted == 0),
        ("promo_currency", code.currency is not None and code.currency != currency),
        ("promo_minimum", code.minimum is not None and counted < code.minimum),
    )
    return next((reason for reason, holds in stands_against if holds), None)


def applied(code: PromoCode, lines: Sequence[QuoteLine], currency: str) -> tuple[QuoteLine, ...]:
    """Return the lines with what the code takes off; those that it does not count for stay as they are."""
    places = [place for place, line in enumerate(lines) if code.counts_for(line)]
    prices = [lines[place].price for place in places]
    parts = dict(zip(places, _parts(code, prices, currency), strict=True))
    return tuple(
        msgspec.structs.replace(
            line,
            promo_percent=(code.percent or 0) if place in parts else 0,
            promo_amount=parts.get(place, 0),
            final=line.price - parts.get(place, 0),
        )
        for place, line in enumerate(lines)
    )


def _parts(code: PromoCode, prices: Sequence[int], currency: str) -> list[int]:
    if code.percent is not None:
        left = PERCENT_WHOLE - code.percent
        return [price - Money(price, currency).share(left, PERCENT_WHOLE).amount for price in prices]
    if not prices:
        return []
    off = Money(min(code.amount or 0, sum(prices)), currency)
    return [part.amount for part in off.allocate(prices)]


def drawn(chance: bytes) -> str:
    """Return a code that nobody guesses: five bits of each byte, in groups of four."""
    signs = "".join(_ALPHABET[byte % len(_ALPHABET)] for byte in chance)
    return "-".join(signs[start : start + _GROUP] for start in range(0, len(signs), _GROUP))
