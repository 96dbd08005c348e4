"""The shapes of games in lists."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

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


class FacetValue(msgspec.Struct, frozen=True):
    """A value that a list may be narrowed to.

    Attributes:
        value: As the query names it.
        name: As people call it.
        count: How many games there would be.
    """

    value: str
    name: str
    count: int


class GameList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of games.

    Attributes:
        total: How many there are in all pages; a lower bound unless `total_is_exact`.
        facets: By group, when they were asked for; each group is counted as if nothing were chosen in it.
        corrected_to: What the words were taken for, when not as they were written.
        degraded: The index is being built: found with exact words alone, and nothing was counted.
    """

    items: list[GameItem]
    next_cursor: str | None
    total: int
    total_is_exact: bool
    facets: dict[str, list[FacetValue]] | UnsetType = UNSET
    corrected_to: str | None = None
    degraded: bool = False


class Suggestion(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody who types may mean: an app, a creator or a tag.

    Attributes:
        item: The app as lists show it.
        slug: Of the app, the creator or the tag.
    """

    kind: str
    name: str
    slug: str
    item: GameItem | None = None


class SuggestionList(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody who types may mean, the likeliest first."""

    items: list[Suggestion]
    corrected_to: str | None
    degraded: bool
