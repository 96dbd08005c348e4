"""Founding a family, inviting, joining, leaving, and what the clock and birthdays do to it."""

from datetime import timedelta
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.account.activity.journal import Journal
from samovar.services.account.contract.family_events import FamilyMemberInvited
from samovar.services.account.errors import AccountNotReady
from samovar.services.account.family import domain, holding, repository
from samovar.services.account.family.domain import Family, FamilyRules
from samovar.services.account.family.errors import (
    AlreadyMember,
    FamilyFull,
    InviteClosed,
    InviteNotFound,
    MemberNotFound,
    NoFamily,
    NotAFriend,
)
from samovar.services.account.family.holding import close_invites, hold_family_of, keep_change
from samovar.services.account.family.repository import Invite, InviteKey
from samovar.services.account.family.schemas import (
    Direction,
    FamilyMember,
    FamilyState,
    InviteAnswer,
    NewInvite,
    PendingInvite,
)
from samovar.services.account.friends.ties import are_friends
from samovar.services.account.profiles.cards import cards_of
from samovar.services.account.repository import lock_accounts

AT_ONCE_MAX = 200
# Old invites are of use to nobody but the support.
INVITES_KEPT_FOR = timedelta(days=90)


class Families:
    """The families of accounts."""

    def __init__(
        self,
        database: Database,
        *,
        rules: FamilyRules,
        journal: Journal,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._journal = journal
        self._rules = rules
        self._clock = clock
        self._new_id = new_id

    async def create(self, account_id: UUID) -> FamilyState:
        """Make a family with the caller as its adult.

        Raises:
            AccountNotReady: The caller has registered a moment ago.
            InFamily: The caller belongs to one.
            AgeUnknown: The caller has not said when they were born.
            AdultsOnly: The caller is under 18.
            FamilyCooldown: The caller left one not long ago.
        """
        async with self._database.transaction() as tx:
            now = self._clock.now()
            if not await lock_accounts(tx, [account_id]):
                raise AccountNotReady(f"{account_id} has a token and no row")
            domain.require_no_family(await repository.find_family_id(tx, account_id))
            change = domain.found(
                self._new_id(),
                account_id,
                age=await repository.find_age(tx, account_id),
                departures=await repository.list_departures(tx, account_id),
                now=now,
                rules=self._rules,
            )
            await repository.insert_family(tx, change.family, now)
            await keep_change(tx, change, now, journal=self._journal)
        return await self._state(change.family)

    async def show(self, account_id: UUID) -> FamilyState:
        """Return the family of the caller.

        Raises:
            NoFamily: The caller belongs to none.
        """
        family = await self.find(account_id)
        if family is None:
            raise NoFamily
        return await self._state(family)

    async def find(self, account_id: UUID) -> Family | None:
        """Return the family of an account, for other services."""
        family_id = await repository.find_family_id(self._database, account_id)
        return await repository.find_family(self._database, family_id) if family_id else None

    async def dissolve(self, account_id: UUID) -> None:
        """End the caller's family; where there is none, nothing is to be ended.

        Raises:
            AdultsDecide: The caller is a child.
            OtherAdults: Other adults belong to it.
        """
        async with self._database.transaction() as tx:
            now = self._clock.now()
            try:
                family = await hold_family_of(tx, account_id)
            except NoFamily:
                return
            await keep_change(tx, domain.dissolve(family, by=account_id, now=now), now, journal=self._journal)

    async def remove_member(self, caller_id: UUID, account_id: UUID) -> None:
        """Leave the family, or take a child out of it; whoever is not in it need not be taken out.

        Raises:
            AdultsDecide: The caller is a child.
            AdultsLeaveThemselves: The other is an adult.
            LastAdult: Children would be left alone.
        """
        async with self._database.transaction() as tx:
            now = self._clock.now()
            try:
                family = await hold_family_of(tx, caller_id)
                change = domain.remove(family, account_id, by=caller_id, now=now)
            except (NoFamily, MemberNotFound):
                return
            await keep_change(tx, change, now, journal=self._journal)

    async def come_of_age(self, tx: Transaction, account_id: UUID) -> None:
        """Make a child of a family an adult, inside the consumer's transaction."""
        try:
            family = await hold_family_of(tx, account_id)
        except NoFamily:
            return
        now = self._clock.now()
        change = domain.come_of_age(family, account_id, now)
        if change.events:
            await keep_change(tx, change, now, journal=self._journal)

    async def tidy(self) -> None:
        """Dissolve families whose adults are gone, and forget places that are free again."""
        changed = AT_ONCE_MAX
        while changed == AT_ONCE_MAX:
            async with self._database.transaction() as tx:
                now = self._clock.now()
                abandoned = await repository.lock_abandoned(tx, AT_ONCE_MAX)
                for family in abandoned:
                    await keep_change(tx, domain.abandon(family, now), now, journal=self._journal)
                forgotten = await repository.delete_departures_before(
                    tx, now - self._rules.cooldown, AT_ONCE_MAX
                )
            changed = max(len(abandoned), forgotten)

    async def _state(self, family: Family) -> FamilyState:
        now = self._clock.now()
        cards = await cards_of(self._database, [member.account_id for member in family.members])
        kept_until = [one.left_at + self._rules.cooldown for one in family.departures]
        return FamilyState(
            id=family.id,
            members=[
                FamilyMember(
                    **msgspec.structs.asdict(cards[member.account_id]),
                    role=member.role,
                    joined_at=member.joined_at,
                )
                for member in family.members
                if member.account_id in cards
            ],
            places=self._rules.size,
            free_places=family.free_places(self._rules, now),
            next_place_at=min((until for until in kept_until if until > now), default=None),
        )


class Invites:
    """Asking friends to join a family, and answering."""

    def __init__(
        self,
        database: Database,
        *,
        rules: FamilyRules,
        journal: Journal,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._journal = journal
        self._rules = rules
        self._clock = clock
        self._new_id = new_id

    async def send(self, caller_id: UUID, wish: NewInvite) -> InviteAnswer:
        """Invite a friend. Again as the same, the answer is the same invite; as something else, it is a new one.

        What the friend's age is shows only when they accept.

        Raises:
            InvalidInput: The friend is the caller.
            NoFamily: The caller belongs to none.
            AdultsDecide: The caller is a child.
            NotAFriend: The other is no friend of the caller's.
            AlreadyMember: The friend belongs to the family.
            FamilyFull: No place is free, those of other invites counted in.
        """
        if wish.account_id == caller_id:
            raise InvalidInput(fields=[FieldError("account_id", "oneself", "this is the caller")])
        async with self._database.transaction() as tx:
            now = self._clock.now()
            family = await hold_family_of(tx, caller_id)
            family.adult(caller_id)
            if family.member(wish.account_id):
                raise AlreadyMember
            if not await are_friends(tx, caller_id, wish.account_id):
                raise NotAFriend
            pending = await repository.list_open_invites(tx, family.id)
            alive = [one for one in pending if one.expires_at > now]
            same = next((one for one in alive if one.account_id == wish.account_id), None)
            if same and same.role == wish.role:
                return _answer(same)
            others = sum(one.account_id != wish.account_id for one in alive)
            if family.free_places(self._rules, now, returning=wish.account_id) <= others:
                raise FamilyFull(limit=self._rules.size)
            invite = Invite(
                id=self._new_id(),
                family_id=family.id,
                account_id=wish.account_id,
                invited_by=caller_id,
                role=wish.role,
                state="pending",
                created_at=now,
                expires_at=now + self._rules.invite_ttl,
            )
            stale = [one for one in pending if one.account_id == wish.account_id]
            family = await close_invites(tx, family, stale, "canceled", now)
            await repository.insert_invite(tx, invite)
            family = family.told()
            await repository.save_version(tx, family)
            await tx.publish(
                FamilyMemberInvited(
                    family_id=family.id,
                    invite_id=invite.id,
                    account_id=invite.account_id,
                    invited_by=caller_id,
                    role=invite.role,
                    family_version=family.version,
                    invited_at=now,
                    expires_at=invite.expires_at,
                )
            )
            return _answer(invite)

    async def accept(self, account_id: UUID, invite_id: UUID) -> InviteAnswer:
        """Join a family; a repeat changes nothing.

        Raises:
            InviteNotFound: There is no such invite to the caller.
            InviteClosed: It is over, or who sent it is no adult of the family or no friend any more.
            InFamily: The caller belongs to a family.
            Conflict: Their age does not fit, they left another family lately, or no place is free.
        """
        found = await repository.find_invite(self._database, invite_id)
        if found is None or found.account_id != account_id:
            raise InviteNotFound
        async with self._database.transaction() as tx:
            now = self._clock.now()
            await lock_accounts(tx, [account_id])
            family = await repository.lock_family(tx, found.family_id)
            invite = await repository.find_invite(tx, invite_id)
            if family is None or invite is None:
                raise InviteNotFound
            if invite.state == "accepted" and family.member(account_id):
                return _answer(invite)
            sender = family.member(invite.invited_by)
            is_meant = (
                sender is not None
                and sender.role == "adult"
                and await are_friends(tx, account_id, sender.account_id)
            )
            if invite.state != "pending" or invite.expires_at <= now or not is_meant:
                raise InviteClosed
            domain.require_no_family(await repository.find_family_id(tx, account_id))
            change = domain.join(
                family,
                account_id,
                invite.role,
                age=await repository.find_age(tx, account_id),
                departures=await repository.list_departures(tx, account_id),
                now=now,
                rules=self._rules,
            )
            await repository.close_invites(tx, [invite_id], "accepted")
            await keep_change(tx, change, now, journal=self._journal)
            return InviteAnswer(invite.id, "accepted", invite.expires_at)

    async def decline(self, account_id: UUID, invite_id: UUID) -> InviteAnswer:
        """Refuse to join; a repeat changes nothing.

        Raises:
            InviteNotFound: There is no such invite to the caller.
            InviteClosed: It was accepted, withdrawn or has expired.
        """
        found = await repository.find_invite(self._database, invite_id)
        if found is None or found.account_id != account_id:
            raise InviteNotFound
        async with self._database.transaction() as tx:
            now = self._clock.now()
            family = await repository.lock_family(tx, found.family_id)
            invite = await repository.find_invite(tx, invite_id)
            if family is None or invite is None:
                raise InviteNotFound
            if invite.state == "pending":
                family = await close_invites(tx, family, [invite], "declined", now)
                await repository.save_version(tx, family)
            elif invite.state != "declined":
                raise InviteClosed
            return InviteAnswer(invite.id, "declined", invite.expires_at)

    async def cancel(self, caller_id: UUID, invite_id: UUID) -> None:
        """Withdraw an invite of the caller's family; one that is over stays as it is.

        Raises:
            NoFamily: The caller belongs to none.
            AdultsDecide: The caller is a child.
            InviteNotFound: The family has no such invite.
            InviteClosed: It was accepted.
        """
        async with self._database.transaction() as tx:
            family = await hold_family_of(tx, caller_id)
            family.adult(caller_id)
            invite = await repository.find_invite(tx, invite_id)
            if invite is None or invite.family_id != family.id:
                raise InviteNotFound
            if invite.state == "accepted":
                raise InviteClosed
            if invite.state == "pending":
                family = await close_invites(tx, family, [invite], "canceled", self._clock.now())
                await repository.save_version(tx, family)

    async def withdraw_between(self, tx: Transaction, one: UUID, other: UUID) -> None:
        """Withdraw what two who have parted sent each other, inside the consumer's transaction."""
        await holding.withdraw_between(tx, one, other, self._clock.now())

    async def list_pending(
        self, account_id: UUID, direction: Direction, cursor: str | None, limit: int
    ) -> Page[PendingInvite]:
        """Return invites to the caller, or those of the caller's family; the newest first.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, InviteKey)
        rows = await repository.list_invites(
            self._database, account_id, direction, self._clock.now(), after, limit + 1
        )
        page = page_of(rows, limit, lambda row: InviteKey(row.id))
        cards = await cards_of(self._database, [row.account_id for row in page.items])
        pending = [
            PendingInvite(
                id=row.id,
                account=cards[row.account_id],
                role=row.role,
                created_at=row.created_at,
                expires_at=row.expires_at,
            )
            for row in page.items
            if row.account_id in cards
        ]
        return Page(pending, page.next_cursor)

    async def tidy(self) -> None:
        """Close invites that have run out, and forget old ones."""
        now = self._clock.now()
        family_ids = await repository.list_families_of_expired(self._database, now, AT_ONCE_MAX)
        for family_id in family_ids:
            async with self._database.transaction() as tx:
                family = await repository.lock_family(tx, family_id)
                if family:
                    pending = await repository.list_open_invites(tx, family_id)
                    run_out = [invite for invite in pending if invite.expires_at <= now]
                    family = await close_invites(tx, family, run_out, "expired", now)
                    await repository.save_version(tx, family)
        async with self._database.transaction() as tx:
            await repository.delete_closed_invites(tx, now - INVITES_KEPT_FOR, AT_ONCE_MAX)


def _answer(invite: Invite) -> InviteAnswer:
    return InviteAnswer(invite.id, invite.state, invite.expires_at)
