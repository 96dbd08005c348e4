"""The end of friendships, and blocks, as pure functions."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from samovar.services.account.contract.events import (
    AccountBlocked,
    AccountUnblocked,
    FriendshipEnded,
)
from samovar.services.account.friends.domain import Change, Circle, FriendLimits, Relation, Side
from samovar.services.account.friends.errors import TooManyBlocks
from samovar.services.account.friends.requests import close, closed_event


def end_friendship(relation: Relation, account_id: UUID, *, now: datetime) -> Change:
    """End a friendship; between others it changes nothing."""
    return _part(relation, account_id, now, "ended") if relation.friends_since else Change(relation)


def block(
    relation: Relation, account_id: UUID, *, now: datetime, circle: Circle, limits: FriendLimits
) -> Change:
    """Block the other: friendship and requests end, their own pending request for everyone but them. A repeat changes nothing.

    Raises:
        TooManyBlocks: `account_id` blocks as many as it may.
    """
    if relation.side(account_id).blocks_since:
        return Change(relation)
    if circle.blocks >= limits.blocks:
        raise TooManyBlocks(limit=limits.blocks)
    if relation.friends_since:
        parted = _part(relation, account_id, now, "blocked")
    else:
        parted = _drop_request(relation, account_id, now)
    blocked = parted.relation.with_side(account_id, blocks_since=now).told()
    event = AccountBlocked(
        account_id=account_id,
        blocked_id=relation.other(account_id),
        relation_version=blocked.version,
        blocked_at=now,
    )
    return Change(blocked, (*parted.events, event))


def unblock(relation: Relation, account_id: UUID, *, now: datetime) -> Change:
    """Block the other no longer. What was withheld meanwhile does not arrive later."""
    if relation.side(account_id).blocks_since is None:
        return Change(relation)
    free = relation.with_side(account_id, blocks_since=None).told()
    event = AccountUnblocked(
        account_id=account_id,
        unblocked_id=relation.other(account_id),
        relation_version=free.version,
        unblocked_at=now,
    )
    return Change(free, (event,))


def _part(relation: Relation, by: UUID, now: datetime, reason: Literal["ended", "blocked"]) -> Change:
    """End a friendship, and forget what each called the other."""
    strangers = relation.told(request=None, friends_since=None, low=Side(), high=Side())
    event = FriendshipEnded(
        account_ids=(relation.low_id, relation.high_id),
        ended_by=by,
        reason=reason,
        relation_version=strangers.version,
        ended_at=now,
    )
    return Change(strangers, (event,))


def _drop_request(relation: Relation, blocker_id: UUID, now: datetime) -> Change:
    """Take back the blocker's own request, or withhold the other's."""
    request = relation.request
    if request is None or request.state != "pending":
        return Change(relation)
    if request.sender_id == blocker_id:
        return close(relation, request, "canceled", now)
    if request.withheld:
        return Change(relation)
    withheld = relation.with_request(request, withheld=True).told()
    return Change(withheld, (closed_event(withheld, request, "blocked", now),))
