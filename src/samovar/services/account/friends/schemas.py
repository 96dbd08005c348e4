"""The shapes of friends that travel."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from samovar.services.account.friends.domain import NICKNAME_LENGTH_MAX, RequestState
from samovar.services.account.profiles.schemas import Card

Direction = Annotated[
    Literal["incoming", "outgoing"], Meta(description="Requests to the caller, or the caller's own.")
]


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom to ask to be friends."""

    account_id: UUID


class AskState(msgspec.Struct, frozen=True):
    """A friend request and what has become of it.

    Attributes:
        state: `accepted` at once when the other had asked already.
    """

    id: UUID
    state: RequestState


class Friend(Card, frozen=True, kw_only=True):
    """A friend, as their friend sees them.

    Attributes:
        nickname: What the caller calls them; nobody else sees it.
        favourite: Favourites come first.
    """

    nickname: str | None
    favourite: bool
    since: datetime


class FriendChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What to note of a friend; what is absent stays as it is."""

    nickname: (
        Annotated[
            str,
            Meta(
                max_length=NICKNAME_LENGTH_MAX,
                description="Seen by the caller alone; null or blank clears it.",
            ),
        ]
        | UnsetType
        | None
    ) = UNSET
    favourite: bool | UnsetType = UNSET


class PendingRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A friend request that waits for an answer.

    Attributes:
        account: The sender of an incoming request, the recipient of an outgoing one.
        expires_at: When it is closed if nobody has answered.
    """

    id: UUID
    account: Card
    sent_at: datetime
    expires_at: datetime


class Blocked(Card, frozen=True, kw_only=True):
    """Somebody whom the caller blocks."""

    since: datetime


class BlockState(msgspec.Struct, frozen=True):
    """A block."""

    account_id: UUID
    since: datetime
