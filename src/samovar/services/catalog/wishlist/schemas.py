"""The shapes of wishlists."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.catalog.listing.schemas import GameItem
from samovar.services.catalog.wishlist.domain import WISHES_MAX

Rank = Annotated[
    int,
    Meta(ge=1, le=WISHES_MAX, description="The place in one's own order, from 1; beyond the end is the end."),
]


class WishItem(msgspec.Struct, frozen=True, kw_only=True):
    """A game that one wants."""

    game: GameItem
    rank: int
    added_at: datetime


class WishState(msgspec.Struct, frozen=True, kw_only=True):
    """A game of the list, and how many there are."""

    game_id: UUID
    rank: int
    added_at: datetime
    total: int


class IgnoredItem(msgspec.Struct, frozen=True, kw_only=True):
    """A game that one does not want to be shown."""

    game: GameItem
    since: datetime


class IgnoredState(msgspec.Struct, frozen=True, kw_only=True):
    """Since when one does not want to be shown a game."""

    game_id: UUID
    since: datetime


class WishCount(msgspec.Struct, frozen=True, kw_only=True):
    """How many people want a game."""

    game_id: UUID
    wishlisted: int


class FollowedCreator(msgspec.Struct, frozen=True, kw_only=True):
    """A developer or publisher whom one follows."""

    id: UUID
    slug: str
    name: str
    followers: int
    since: datetime
