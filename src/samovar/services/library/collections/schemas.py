"""What library takes and shows of collections."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from samovar.services.library.collections.domain import (
    CHANGED_AT_ONCE_MAX,
    COLLECTIONS_MAX,
    NAME_LENGTH_MAX,
)

Name = Annotated[str, Meta(min_length=1, max_length=NAME_LENGTH_MAX)]
Place = Annotated[
    int, Meta(ge=0, lt=COLLECTIONS_MAX, description="Where it stands among the others, from 0 on.")
]
GameIds = Annotated[list[UUID], Meta(max_length=CHANGED_AT_ONCE_MAX)]


class Collection(msgspec.Struct, frozen=True, kw_only=True):
    """A player's own grouping of their games.

    Attributes:
        place: Where it stands among the others, from 0 on.
        games: How many games it holds, those too whose licence is over.
    """

    collection_id: UUID
    name: str
    place: int
    games: int
    created_at: datetime


class CollectionList(msgspec.Struct, frozen=True, kw_only=True):
    """All collections of a player, in their order."""

    items: list[Collection]


class NewCollection(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A collection that is to be.

    Attributes:
        game_ids: What it holds from the beginning.
    """

    name: Name
    game_ids: GameIds = []


class CollectionChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Another name or place of a collection."""

    name: Name | UnsetType = UNSET
    place: Place | UnsetType = UNSET


class GamesChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Games that come into a collection, and games that leave it; what is in it, or is not, already stays so."""

    add: GameIds = []
    remove: GameIds = []
