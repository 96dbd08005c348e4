"""What is heard of people: friend requests, friendships, invites to families.

The story of a pair goes on by `relation_version`, which counts its events without gaps: heard in whatever order, the last one stands.
"""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.kit.events import consumes
from samovar.services.account.contract.events import (
    AccountBlocked,
    AccountErased,
    FriendRequestClosed,
    FriendRequested,
    FriendshipBegun,
    FriendshipEnded,
)
from samovar.services.account.contract.family_events import (
    FamilyInviteClosed,
    FamilyMemberInvited,
    FamilyMemberJoined,
)
from samovar.services.notification.domain import Story
from samovar.services.notification.telling.erasing import Forgetting
from samovar.services.notification.telling.teller import Teller


@consumes(FriendRequested)
async def tell_friend_requested(event: FriendRequested, tx: Transaction, teller: Teller) -> None:
    """Tell whom somebody wants as a friend."""
    story = Story(
        kind="friend_requested",
        topic="friend",
        cause=event.sender_id,
        stage=event.relation_version,
        person_id=event.sender_id,
        happened_at=event.requested_at,
    )
    await teller.tell(tx, [event.recipient_id], story)


@consumes(FriendRequestClosed)
async def take_friend_request_back(event: FriendRequestClosed, tx: Transaction, teller: Teller) -> None:
    """Take back what leads nowhere any more; the sender is told nothing."""
    story = Story(
        kind=None,
        topic="friend",
        cause=event.sender_id,
        stage=event.relation_version,
        happened_at=event.closed_at,
    )
    await teller.tell(tx, [event.recipient_id], story)


@consumes(FriendshipBegun)
async def tell_friend_accepted(event: FriendshipBegun, tx: Transaction, teller: Teller) -> None:
    """Tell who asked; for who said yes the request is done with."""
    (asked,) = (one for one in event.account_ids if one != event.accepted_by)
    accepted = Story(
        kind="friend_accepted",
        topic="friend",
        cause=event.accepted_by,
        stage=event.relation_version,
        person_id=event.accepted_by,
        happened_at=event.begun_at,
    )
    await teller.tell(tx, [asked], accepted)
    done = Story(
        kind=None, topic="friend", cause=asked, stage=event.relation_version, happened_at=event.begun_at
    )
    await teller.tell(tx, [event.accepted_by], done)


@consumes(FriendshipEnded)
async def take_friendship_back(event: FriendshipEnded, tx: Transaction, teller: Teller) -> None:
    """Take back that two people are friends, without a word to either."""
    one, other = event.account_ids
    await _say_nothing(tx, teller, one, other, version=event.relation_version, at=event.ended_at)


@consumes(AccountBlocked)
async def hide_blocked(event: AccountBlocked, tx: Transaction, teller: Teller) -> None:
    """Take back what tells two people of each other, of whom one does not want to meet the other."""
    await _say_nothing(
        tx, teller, event.account_id, event.blocked_id, version=event.relation_version, at=event.blocked_at
    )


@consumes(FamilyMemberInvited)
async def tell_family_invited(event: FamilyMemberInvited, tx: Transaction, teller: Teller) -> None:
    """Tell whom a family wants as a member."""
    story = Story(
        kind="family_invited",
        topic="family",
        cause=event.family_id,
        stage=event.family_version,
        person_id=event.invited_by,
        facts={"until": event.expires_at.isoformat()},
        happened_at=event.invited_at,
    )
    await teller.tell(tx, [event.account_id], story)


@consumes(FamilyInviteClosed)
async def take_family_invite_back(event: FamilyInviteClosed, tx: Transaction, teller: Teller) -> None:
    """Take back an invite that waits no longer."""
    await teller.tell(tx, [event.account_id], _done(event.family_id, event.family_version, event.closed_at))


@consumes(FamilyMemberJoined)
async def close_family_invite(event: FamilyMemberJoined, tx: Transaction, teller: Teller) -> None:
    """Take back an invite that was accepted."""
    await teller.tell(tx, [event.account_id], _done(event.family_id, event.family_version, event.joined_at))


@consumes(AccountErased)
async def forget_erased(event: AccountErased, tx: Transaction, forgetting: Forgetting) -> None:
    """Drop what was told of somebody, and to them, while they were being forgotten; nothing is told to them any more."""
    await forgetting.forget(tx, event.account_id, event.erased_at)


def _done(family_id: UUID, version: int, at: datetime) -> Story:
    return Story(kind=None, topic="family", cause=family_id, stage=version, happened_at=at)


async def _say_nothing(
    tx: Transaction, teller: Teller, one: UUID, other: UUID, *, version: int, at: datetime
) -> None:
    for reader, met in sorted([(one, other), (other, one)]):
        story = Story(kind=None, topic="friend", cause=met, stage=version, happened_at=at)
        await teller.tell(tx, [reader], story)
