"""What attention counts, as doors show it."""

from datetime import date
from typing import Literal
from uuid import UUID

import msgspec

ViewSource = Literal[
    "home",
    "search",
    "list",
    "sale",
    "recommendation",
    "similar",
    "creator",
    "wishlist",
    "library",
    "news",
    "notification",
    "friend",
    "external",
    "direct",
]
WishChange = Literal["added", "removed", "bought"]


class ViewNote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """That a page was opened.

    Attributes:
        source: Where whoever looks came from.
    """

    source: ViewSource = "direct"


class WishDay(msgspec.Struct, frozen=True, kw_only=True):
    """How wishlists changed in a day.

    Attributes:
        bought: How many left the list because their owners have got the game.
    """

    day: date
    added: int
    removed: int
    bought: int


class ViewDay(msgspec.Struct, frozen=True, kw_only=True):
    """How often a page was looked at in a day, from one source.

    Attributes:
        views: Of one visitor, those after half an hour of quiet.
        visitors: Each once a day, at the source that they came from first.
    """

    day: date
    source: str
    views: int
    visitors: int


class Views(msgspec.Struct, frozen=True, kw_only=True):
    """What a process has counted of one app, day and source and not written yet."""

    app_id: UUID
    day: date
    source: str
    views: int
    visitors: int
