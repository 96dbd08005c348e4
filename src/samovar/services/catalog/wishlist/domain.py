"""How a wishlist is ordered. Pure."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.text.titles import sort_key
from samovar.services.catalog.domain import AppState, Availability

WishSort = Literal["rank", "added", "discount", "price", "title"]

WISHES_MAX = 1_000
IGNORED_MAX = 5_000
FOLLOWED_MAX = 1_000
# What is not sold here comes last in the order of prices.
_UNSOLD = 2**53


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """A game that somebody wants, with what decides of its place.

    Attributes:
        rank: From 1; the person's own order.
        title: As whoever looks sees it.
        visible: Where its page is shown; none: everywhere.
    """

    app_id: UUID
    rank: int
    added_at: datetime
    title: str
    state: AppState
    age_rating: int
    visible: Availability | None


class WishPrice(msgspec.Struct, frozen=True):
    """What a game costs whoever looks, in minor units."""

    final: int
    discount_percent: int


class WishKey(msgspec.Struct, frozen=True):
    """Where a page ends. A price that changes between two pages may move a game across their border, and no further."""

    sort: WishSort
    value: int | str
    app_id: UUID


def key_of(wish: Wish, sort: WishSort, price: WishPrice | None) -> WishKey:
    """Return the place of a game: by rank, the latest added, the greatest discount, the lowest price or the title first."""
    value: int | str
    match sort:
        case "rank":
            value = wish.rank
        case "added":
            value = -round(wish.added_at.timestamp() * 1_000_000)
        case "discount":
            value = -price.discount_percent if price else 1
        case "price":
            value = price.final if price else _UNSOLD
        case "title":
            value = sort_key(wish.title)
    return WishKey(sort, value, wish.app_id)
