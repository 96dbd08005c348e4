"""Changing a family under its lock, with all that hangs on its members. Whoever also holds accounts takes those first."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.account.activity.journal import Journal
from samovar.services.account.contract.family_events import (
    FamilyInviteClosed,
    FamilyMemberJoined,
    FamilyMemberLeft,
)
from samovar.services.account.family import repository
from samovar.services.account.family.domain import Family, FamilyChange, InviteState
from samovar.services.account.family.errors import NoFamily
from samovar.services.account.family.limits.allowances import forget_limits
from samovar.services.account.family.repository import Invite
from samovar.services.account.family.requests.endings import take_back
from samovar.services.account.friends.ties import are_friends


async def hold_family_of(tx: Transaction, account_id: UUID) -> Family:
    """Return the family of an account; nobody else changes it until the end of the transaction.

    Raises:
        NoFamily: They belong to none.
    """
    family_id = await repository.find_family_id(tx, account_id)
    family = await repository.lock_family(tx, family_id) if family_id else None
    # They may have left while this transaction waited for the lock.
    if family is None or family.member(account_id) is None:
        raise NoFamily
    return family


async def keep_change(tx: Transaction, change: FamilyChange, now: datetime, *, journal: Journal) -> None:
    """Save what has become of a family that this transaction holds, tell the others, and note it for its members."""
    family = change.family
    for event in change.events:
        await tx.publish(event)
        if isinstance(event, FamilyMemberJoined | FamilyMemberLeft):
            kind = event.subject.rpartition(".")[2]
            await journal.note(tx, event.account_id, kind, params={"family_id": str(family.id)})
    if change.is_dissolved:
        open_invites = await repository.list_open_invites(tx, family.id)
        family = await close_invites(tx, family, open_invites, "canceled", now)
        await take_back(tx, family.id, None, now)
        await repository.delete_family(tx, family.id)
    else:
        if change.left:
            gone = [departure.account_id for departure in change.left]
            await take_back(tx, family.id, gone, now)
            await repository.delete_members(tx, gone)
        if change.joined:
            await repository.save_member(tx, family.id, change.joined)
            if change.joined.role == "adult":
                await take_back(tx, family.id, [change.joined.account_id], now)
                await forget_limits(tx, change.joined.account_id)
        await repository.save_version(tx, family)
    if change.left:
        await repository.insert_departures(tx, change.left)


async def close_invites(
    tx: Transaction, family: Family, invites: Iterable[Invite], state: InviteState, now: datetime
) -> Family:
    """Close pending invites and tell the others; returns the family with its new version, which the caller saves."""
    closing = list(invites)
    await repository.close_invites(tx, [invite.id for invite in closing], state)
    for invite in closing:
        family = family.told()
        await tx.publish(
            FamilyInviteClosed(
                family_id=family.id,
                invite_id=invite.id,
                account_id=invite.account_id,
                reason=state,
                family_version=family.version,
                closed_at=now,
            )
        )
    return family


async def withdraw_between(tx: Transaction, one: UUID, other: UUID, now: datetime) -> None:
    """Withdraw what two who have parted sent each other.

    Neither finds the other in a list any longer, and no place waits for somebody who cannot come. Who are friends again by now keep
    theirs.
    """
    if await are_friends(tx, one, other):
        return
    for found in await repository.list_invites_between(tx, one, other):
        family = await repository.lock_family(tx, found.family_id)
        invite = await repository.find_invite(tx, found.id)
        if family and invite and invite.state == "pending":
            family = await close_invites(tx, family, [invite], "canceled", now)
            await repository.save_version(tx, family)
