"""The shapes of tags that travel."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.catalog.apps.schemas import Named, Reason

MODERATOR_WEIGHT_MAX = 10_000
MODERATOR_WEIGHT_MIN = -999


class TagSeen(Named, frozen=True, kw_only=True):
    """A tag of an app.

    Attributes:
        votes: How many players have given it.
        is_mine: Whoever asks has.
    """

    votes: int
    is_mine: bool


class TagDecision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a moderator says of a tag of an app.

    Attributes:
        weight: Adds to what developer and players give: the developer's first tag weighs 100, a player's vote 10.
        is_banned: The tag is not shown and cannot be voted for, whatever its weight.
    """

    weight: Annotated[int, Meta(ge=MODERATOR_WEIGHT_MIN, le=MODERATOR_WEIGHT_MAX)] = 0
    is_banned: bool = False
    reason: Reason


class TagTied(Named, frozen=True, kw_only=True):
    """A tag of an app as moderators see it; `reason` is that of the last decision."""

    developer_place: int | None
    player_votes: int
    moderator_weight: int
    weight: int
    reason: str | None
    decided_by: UUID | None
    decided_at: datetime | None
