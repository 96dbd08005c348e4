"""Friend requests, as pure functions: what each may do to a relation, and when it is refused."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from samovar.services.account.contract.events import FriendRequestClosed, FriendRequested, FriendshipBegun
from samovar.services.account.friends.domain import Change, Circle, FriendLimits, Relation, Request, Side
from samovar.services.account.friends.errors import (
    AskedTooSoon,
    BlockedByYou,
    RequestAccepted,
    RequestClosed,
    RequestNotFound,
    TheirFriendsFull,
    TooManyFriends,
    TooManyPending,
    TooManyRequestsToday,
)

DAY = timedelta(days=1)
# However often somebody was declined, a year later they may ask once more.
COOLDOWN_MAX = timedelta(days=365)
# Each request is announced to its recipient; without this pause asking and cancelling in turn would ring their bell.
COOLDOWN_AFTER_CANCEL = timedelta(hours=1)
_DOUBLINGS_MAX = 16

ClosingReason = Literal["declined", "canceled", "expired"]


def ask(
    relation: Relation,
    sender_id: UUID,
    *,
    request_id: UUID,
    now: datetime,
    circles: Mapping[UUID, Circle],
    limits: FriendLimits,
) -> Change:
    """Ask to be friends. A repeat changes nothing; when the other has asked already, they are friends.

    Raises:
        BlockedByYou: The sender blocks the other.
        AskedTooSoon: The other declined, or the sender cancelled, not long ago.
        TooManyFriends: The sender has no room for one more.
        TheirFriendsFull: The other has not.
        TooManyPending: Too many of the sender's requests wait for an answer.
        TooManyRequestsToday: The sender has used up the requests of a day.
    """
    mine, theirs = relation.side(sender_id), relation.side(relation.other(sender_id))
    request = relation.request
    if mine.blocks_since:
        raise BlockedByYou
    if relation.friends_since or _waits(request, sender_id):
        return Change(relation)
    if request and request.state == "pending":
        return _befriend(relation, request, now=now, by=sender_id, circles=circles, limits=limits)
    if mine.may_ask_at and now < mine.may_ask_at:
        raise AskedTooSoon(retry_after_s=(mine.may_ask_at - now).total_seconds())
    circle = circles[sender_id]
    if circle.friends >= limits.friends:
        raise TooManyFriends(limit=limits.friends)
    if circle.outgoing >= limits.outgoing:
        raise TooManyPending(limit=limits.outgoing)
    asks_full_at = spend_ask(circle.asks_full_at, now, per_day=limits.requests_per_day)
    request = Request(
        id=request_id,
        sender_id=sender_id,
        state="pending",
        sent_at=now,
        withheld=theirs.blocks_since is not None,
    )
    if request.withheld:
        return Change(relation.changed(request=request), asks_full_at=asks_full_at)
    asked = relation.told(request=request)
    event = FriendRequested(
        request_id=request_id,
        sender_id=sender_id,
        recipient_id=relation.other(sender_id),
        relation_version=asked.version,
        requested_at=now,
    )
    return Change(asked, (event,), asks_full_at)


def spend_ask(full_at: datetime | None, now: datetime, *, per_day: int) -> datetime:
    """Take one request out of the day's and return when all are available again (GCRA, as `kit/limits`).

    Raises:
        TooManyRequestsToday: None is left; says when the next one is.
    """
    refill = DAY / per_day
    full_at = max(full_at or now, now) + refill
    wait = full_at - now - DAY
    if wait > timedelta(0):
        raise TooManyRequestsToday(retry_after_s=wait.total_seconds(), limit=per_day)
    return full_at


def accept(
    relation: Relation,
    account_id: UUID,
    request_id: UUID,
    *,
    now: datetime,
    circles: Mapping[UUID, Circle],
    limits: FriendLimits,
) -> Change:
    """Accept a request; a repeat changes nothing.

    Raises:
        RequestNotFound: There is no such request to this account.
        RequestClosed: It was cancelled, declined or has expired.
        TooManyFriends: The recipient has no room for one more.
        TheirFriendsFull: The sender has not.
    """
    request = _received(relation, account_id, request_id)
    if request.state == "accepted":
        return Change(relation)
    if request.state != "pending":
        raise RequestClosed
    return _befriend(relation, request, now=now, by=account_id, circles=circles, limits=limits)


def decline(
    relation: Relation, account_id: UUID, request_id: UUID, *, now: datetime, cooldown: timedelta
) -> Change:
    """Decline a request; its sender waits before the next one. A repeat changes nothing.

    Raises:
        RequestNotFound: There is no such request to this account.
        RequestAccepted: It was accepted.
        RequestClosed: It was cancelled or has expired.
    """
    request = _received(relation, account_id, request_id)
    if request.state == "declined":
        return Change(relation)
    if request.state == "accepted":
        raise RequestAccepted
    if request.state != "pending":
        raise RequestClosed
    declines = relation.side(request.sender_id).declines + 1
    waits = relation.with_side(
        request.sender_id, declines=declines, may_ask_at=now + cooldown_after(declines, cooldown)
    )
    return close(waits, request, "declined", now)


def cooldown_after(declines: int, first: timedelta) -> timedelta:
    """Return how long somebody waits who was declined so many times in a row."""
    factor: int = 2 ** min(declines - 1, _DOUBLINGS_MAX)
    return min(first * factor, COOLDOWN_MAX)


def cancel(relation: Relation, account_id: UUID, request_id: UUID, *, now: datetime) -> Change:
    """Take back one's own request; one that is closed stays as it is.

    Raises:
        RequestNotFound: There is no such request of this account.
        RequestAccepted: It was accepted: what can be ended now is the friendship.
    """
    request = relation.request
    if request is None or request.id != request_id or request.sender_id != account_id:
        raise RequestNotFound
    if request.state == "accepted":
        raise RequestAccepted
    if request.state != "pending":
        return Change(relation)
    waits = relation.with_side(account_id, may_ask_at=now + COOLDOWN_AFTER_CANCEL)
    return close(waits, request, "canceled", now)


def close(relation: Relation, request: Request, reason: ClosingReason, now: datetime) -> Change:
    """End a pending request; one that never arrived ends without a word."""
    closed = relation.with_request(request, state=reason)
    if request.withheld:
        return Change(closed)
    closed = closed.told()
    return Change(closed, (closed_event(closed, request, reason, now),))


def closed_event(
    relation: Relation, request: Request, reason: ClosingReason | Literal["blocked"], now: datetime
) -> FriendRequestClosed:
    """Return what tells that `request`, whose relation has changed already, is over."""
    return FriendRequestClosed(
        request_id=request.id,
        sender_id=request.sender_id,
        recipient_id=relation.other(request.sender_id),
        reason=reason,
        relation_version=relation.version,
        closed_at=now,
    )


def _waits(request: Request | None, sender_id: UUID) -> bool:
    return request is not None and request.state == "pending" and request.sender_id == sender_id


def _received(relation: Relation, account_id: UUID, request_id: UUID) -> Request:
    """Return the request if it is this one and `account_id` may know of it."""
    request = relation.request
    if request is None or request.id != request_id or request.sender_id == account_id or request.withheld:
        raise RequestNotFound
    return request


def _befriend(
    relation: Relation,
    request: Request,
    *,
    now: datetime,
    by: UUID,
    circles: Mapping[UUID, Circle],
    limits: FriendLimits,
) -> Change:
    if circles[by].friends >= limits.friends:
        raise TooManyFriends(limit=limits.friends)
    if circles[relation.other(by)].friends >= limits.friends:
        raise TheirFriendsFull
    accepted = relation.with_request(request, state="accepted", withheld=False)
    friends = accepted.told(friends_since=now, low=Side(), high=Side())
    event = FriendshipBegun(
        account_ids=(relation.low_id, relation.high_id),
        accepted_by=by,
        relation_version=friends.version,
        begun_at=now,
    )
    return Change(friends, (event,))
