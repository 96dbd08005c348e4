"""The shapes of games in lists."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.money import Money
from samovar.services.catalog.apps.schemas import Card
from samovar.services.catalog.reviews.scores import Label


class PriceShown(msgspec.Struct, frozen=True, kw_only=True):
    """What the standard package costs now.

    Attributes:
        base: Without a discount.
        final: What is paid; an amount of 0 is free.
        lowest_30d: The lowest price that was really charged in the last 30 days.
        ends_at: When the discount ends.
    """

    base: Money
    final: Money
    discount_percent: int
    lowest_30d: Money
    ends_at: datetime | None


class GameItem(Card, frozen=True, kw_only=True):
    """A game in a list.

    Attributes:
        package_id: What a click on the price buys; none where nothing is sold in the country.
        price: None where nothing is sold in the country.
        review_score: How many of a hundred recommend it, of all time; none before there are ten reviews.
        review_label: The same in words.
        review_count: The reviews that count.
        is_owned: By whoever asks; so are the two below.
    """

    package_id: UUID | None
    price: PriceShown | None
    review_score: int | None
    review_label: Label | None
    review_count: int
    is_owned: bool = False
    is_wishlisted: bool = False
    is_ignored: bool = False


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """Games of a list, and until when their prices hold as far as is known."""

    items: list[GameItem]
    valid_until: datetime | None
