"""What two accounts are to each other: a request, a friendship, blocks.

A pair of accounts has one `Relation`, whoever of the two looks at it. The functions in `requests` and `blocks` take it, check
the rules and return it changed, with the events that tell of the change. Its request is the last one that either sent:

    none ── ask ──> pending ── accept, or the other asks too ──> accepted ── either ends it, or blocks ──> none
                       ├── decline ──> declined   the sender waits, longer each time
                       ├── cancel ───> canceled   the sender waits a little
                       └── expire ───> expired

A request to somebody who blocks its sender is `withheld`: for the sender it is pending like any other, its recipient never
sees it (ADR 0035).
"""

import unicodedata
from datetime import datetime, timedelta
from typing import Literal, Self
from uuid import UUID

import msgspec

from samovar.kit.events import Event
from samovar.kit.text.visible import is_visible_line
from samovar.services.account.friends.errors import FriendNotFound

RequestState = Literal["pending", "accepted", "declined", "canceled", "expired"]
Pending = Literal["incoming", "outgoing"]

NICKNAME_LENGTH_MAX = 64


class FriendLimits(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator may turn.

    Attributes:
        friends: Friends of one account.
        outgoing: Pending requests that one account has sent.
        requests_per_day: Requests that one account may send in a day.
        blocks: Accounts that one account blocks.
        cooldown: How long the sender of a declined request waits the first time; it doubles with each further one.
    """

    friends: int
    outgoing: int
    requests_per_day: int
    blocks: int
    cooldown: timedelta


class Circle(msgspec.Struct, frozen=True, kw_only=True):
    """How much one account has of everything that is limited.

    Attributes:
        asks_full_at: When all its requests of a day are available again; none while they are.
    """

    friends: int = 0
    outgoing: int = 0
    blocks: int = 0
    asks_full_at: datetime | None = None


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """What one of the two holds towards the other.

    Attributes:
        declines: How many of their requests the other has declined in a row.
        may_ask_at: Before this they may not ask again.
        blocks_since: Since when they block the other.
        nickname: What they call the other; nobody else sees it.
        favourite: Whether they want the other at the top of their list.
    """

    declines: int = 0
    may_ask_at: datetime | None = None
    blocks_since: datetime | None = None
    nickname: str | None = None
    favourite: bool = False


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """The last request between the two."""

    id: UUID
    sender_id: UUID
    state: RequestState
    sent_at: datetime
    withheld: bool = False


class Relation(msgspec.Struct, frozen=True, kw_only=True):
    """All that two accounts are to each other.

    Attributes:
        low_id: The lesser of the two ids.
        version: Counts the events about the pair.
    """

    low_id: UUID
    high_id: UUID
    version: int = 0
    low: Side = Side()
    high: Side = Side()
    request: Request | None = None
    friends_since: datetime | None = None

    @classmethod
    def between(cls, one: UUID, other: UUID) -> Self:
        """Return the relation of two accounts that have not met."""
        return cls(low_id=min(one, other), high_id=max(one, other))

    def side(self, account_id: UUID) -> Side:
        """Return what `account_id` holds towards the other."""
        return self.low if account_id == self.low_id else self.high

    def other(self, account_id: UUID) -> UUID:
        """Return the other of the two."""
        return self.high_id if account_id == self.low_id else self.low_id

    def changed(self, **changes: object) -> Self:
        """Return it with other values, and without an event."""
        return msgspec.structs.replace(self, **changes)

    def told(self, **changes: object) -> Self:
        """Return it with other values, and the version that the event about them carries."""
        return self.changed(version=self.version + 1, **changes)

    def with_side(self, account_id: UUID, **changes: object) -> Self:
        """Return it with other values on the side of `account_id`."""
        side = msgspec.structs.replace(self.side(account_id), **changes)
        return self.changed(**{"low" if account_id == self.low_id else "high": side})

    def with_request(self, request: Request, **changes: object) -> Self:
        """Return it with `request` changed."""
        return self.changed(request=msgspec.structs.replace(request, **changes))


class Change(msgspec.Struct, frozen=True):
    """A relation after a change.

    Attributes:
        events: What to tell the others, in this order.
        asks_full_at: The new value of the sender's `Circle.asks_full_at`, when a request was sent.
    """

    relation: Relation
    events: tuple[Event, ...] = ()
    asks_full_at: datetime | None = None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A relation as one of the two may see it; `blocked_by` is for deciding, never for showing."""

    friends_since: datetime | None = None
    blocking: bool = False
    blocked_by: bool = False
    pending: Pending | None = None


STRANGERS = Seen()


def seen(relation: Relation, viewer_id: UUID) -> Seen:
    """Return what `viewer_id` sees of it."""
    request = relation.request
    pending: Pending | None = None
    if request and request.state == "pending":
        if request.sender_id == viewer_id:
            pending = "outgoing"
        elif not request.withheld:
            pending = "incoming"
    return Seen(
        friends_since=relation.friends_since,
        blocking=relation.side(viewer_id).blocks_since is not None,
        blocked_by=relation.side(relation.other(viewer_id)).blocks_since is not None,
        pending=pending,
    )


def note(relation: Relation, account_id: UUID, *, nickname: str | None, favourite: bool) -> Relation:
    """Set what `account_id` calls a friend, and whether they are a favourite.

    Raises:
        FriendNotFound: They are no friends.
    """
    if relation.friends_since is None:
        raise FriendNotFound
    return relation.with_side(account_id, nickname=nickname, favourite=favourite)


def nickname_of(text: str | None) -> str | None:
    """Return a nickname as it is kept: without blanks around it, none when nothing is left.

    Raises:
        ValueError: It is too long, or holds what nobody can see.
    """
    name = unicodedata.normalize("NFC", text or "").strip()
    if len(name) > NICKNAME_LENGTH_MAX or (name and not is_visible_line(name)):
        raise ValueError(text)
    return name or None
