"""Members as doors show and take them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.identity import Level

Reason = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^\S[^\x00-\x1f\x7f]*\Z")]


class Grant(msgspec.Struct, frozen=True, kw_only=True):
    """What auth says that somebody may do, and where."""

    account_id: UUID
    organisation_id: UUID
    level: Level
    game_id: UUID | None
    granted_at: datetime
    expires_at: datetime | None


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody may do in an organisation; whoever has several levels stands in the list several times.

    Attributes:
        display_name: None when nobody can say at the moment.
        level: `owner` may everything, `editor` pages and builds, `finance` money, `viewer` looks.
        game_id: In this game alone.
    """

    account_id: UUID
    display_name: str | None
    avatar_url: str | None
    level: Level
    game_id: UUID | None
    granted_at: datetime
    expires_at: datetime | None


class NewMember(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Somebody who is to become a member, or to have another level besides.

    Attributes:
        game_id: Only in this game of the organisation.
        expires_at: When it ends by itself.
        reason: Why; it is kept.
    """

    account_id: UUID
    level: Level
    game_id: UUID | None = None
    expires_at: Annotated[datetime, Meta(tz=True)] | None = None
    reason: Reason = "made a member"
