"""The shapes of recommendations."""

from typing import Literal
from uuid import UUID

import msgspec

from samovar.services.catalog.apps.schemas import Named
from samovar.services.catalog.listing.schemas import GameItem

ReasonKind = Literal["owned", "wishlisted", "similar", "popular"]


class Reason(msgspec.Struct, frozen=True, kw_only=True):
    """Why something is recommended.

    Attributes:
        kind: It is like a game that the person owns or wants, like the game that is looked at, or simply asked for much.
        app_id: That game.
        app_title: Its title.
        tags: What both have in common.
        text: The same as a sentence.
    """

    kind: ReasonKind
    app_id: UUID | None = None
    app_title: str | None = None
    tags: list[Named] = []
    text: str


class Recommendation(msgspec.Struct, frozen=True, kw_only=True):
    """A game, and why it is shown."""

    game: GameItem
    reason: Reason


class Recommendations(msgspec.Struct, frozen=True, kw_only=True):
    """Games, the likeliest first."""

    items: list[Recommendation]
