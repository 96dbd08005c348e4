"""The shapes of families that travel."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.account.family.domain import InviteState, Role
from samovar.services.account.profiles.schemas import Card

Direction = Annotated[
    Literal["incoming", "outgoing"], Meta(description="Invites to the caller, or of the caller's family.")
]


class FamilyMember(Card, frozen=True, kw_only=True):
    """Somebody who belongs to the family."""

    role: Role
    joined_at: datetime


class FamilyState(msgspec.Struct, frozen=True, kw_only=True):
    """A family, as its members see it.

    Attributes:
        places: How many it has in all.
        free_places: How many may join now.
        next_place_at: When a place that somebody left becomes free; null when none does.
    """

    id: UUID
    members: list[FamilyMember]
    places: int
    free_places: int
    next_place_at: datetime | None


class NewInvite(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to invite, and as what."""

    account_id: UUID
    role: Role


class InviteAnswer(msgspec.Struct, frozen=True):
    """An invite and what has become of it."""

    id: UUID
    state: InviteState
    expires_at: datetime


class PendingInvite(msgspec.Struct, frozen=True, kw_only=True):
    """An invite that waits for an answer.

    Attributes:
        account: Who invited the caller, or whom the family invites.
    """

    id: UUID
    account: Card
    role: Role
    created_at: datetime
    expires_at: datetime
