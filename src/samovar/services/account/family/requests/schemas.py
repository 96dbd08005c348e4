"""The shapes of family requests that travel."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.account.family.requests.domain import NOTE_LENGTH_MAX, State

MINUTES_MIN = 5
MINUTES_MAX = 480

Note = Annotated[str, Meta(max_length=NOTE_LENGTH_MAX, description="A word to the adults.")]
Minutes = Annotated[int, Meta(ge=MINUTES_MIN, le=MINUTES_MAX)]


class NewPurchaseRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the adults should buy."""

    package_id: UUID
    note: Note | None = None


class NewPlayTimeRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much more time the child would like today."""

    minutes: Minutes
    note: Note | None = None


class PlayTimeGrant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much more time an adult gives; as much as was asked where they do not say."""

    minutes: Minutes | None = None


class PurchaseRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a child asked its family to buy.

    Attributes:
        account_id: The child.
        decided_by: The adult who decided, and pays where they approved.
    """

    id: UUID
    account_id: UUID
    package_id: UUID
    note: str | None
    state: State
    decided_by: UUID | None
    created_at: datetime
    expires_at: datetime


class PlayTimeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """How much more time a child asked for.

    Attributes:
        account_id: The child.
        minutes: What was asked; once it is approved, what was given.
        day: The day where the child is that the time is for.
    """

    id: UUID
    account_id: UUID
    minutes: int
    day: date
    note: str | None
    state: State
    decided_by: UUID | None
    created_at: datetime
    expires_at: datetime
