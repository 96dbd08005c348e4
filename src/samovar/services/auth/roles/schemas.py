"""The shapes of roles as they travel."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.identity import Level

REASON_LENGTH_MAX = 500

Reason = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=REASON_LENGTH_MAX,
        pattern=r"^[^\x00]*[^\s\x00][^\x00]*\Z",
        description="Why; it is kept and others can read it.",
    ),
]
Role = Literal["developer", "moderator", "support", "finance", "operator", "admin"]


class RoleShown(msgspec.Struct, frozen=True, kw_only=True):
    """A role and what it opens.

    Attributes:
        permissions: What it allows.
        denied: What its bearers may not, whatever other roles they have.
        has_place: It holds in an organisation or one of its games, not everywhere.
    """

    role: str
    permissions: tuple[str, ...]
    denied: tuple[str, ...]
    has_place: bool


class RoleOrder(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A role to give. The role `developer`, and no other, needs `organisation_id` and `level`."""

    account_id: UUID
    role: Role
    organisation_id: UUID | None = None
    level: Level | None = None
    game_id: UUID | None = None
    reason: Reason
    expires_at: datetime | None = None


class RoleGranted(msgspec.Struct, frozen=True, kw_only=True):
    """A role that an account has, or had.

    Attributes:
        organisation_id: Where the role `developer` holds.
        level: How much it allows there: an owner may all, an editor and a finance person also what a viewer may.
        game_id: In this game alone; null: in the whole organisation.
        granted_by: The account that gave it; null: an operator at the command line.
        expires_at: When it ends by itself.
        revoked_by: The account that took it; null: nobody, it ended by itself, or an operator did.
    """

    id: UUID
    account_id: UUID
    role: str
    organisation_id: UUID | None
    level: Level | None
    game_id: UUID | None
    reason: str
    granted_by: UUID | None
    granted_at: datetime
    expires_at: datetime | None
    revoked_by: UUID | None
    revoked_at: datetime | None
    revoke_reason: str | None
