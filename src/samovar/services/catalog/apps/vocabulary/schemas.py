"""The shapes of words and creators that travel."""

from uuid import UUID

import msgspec

from samovar.kit.pagination import Page
from samovar.services.catalog.listing.schemas import GameItem


class Creator(msgspec.Struct, frozen=True, kw_only=True):
    """A developer or publisher.

    Attributes:
        followers: How many accounts follow it.
    """

    id: UUID
    slug: str
    name: str
    website: str | None
    followers: int


class CreatorPage(Creator, frozen=True, kw_only=True):
    """A developer or publisher with its games, the latest first."""

    games: Page[GameItem]
