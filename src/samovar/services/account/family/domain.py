"""Who belongs to a family, as pure functions: founding, joining, leaving, dissolving.

A family has a fixed number of places. Whoever leaves takes theirs along for a while: the place stays taken, and an adult may not
join another family meanwhile, so that a family cannot be passed around among strangers. A child waits for nothing: it did not
choose. Whoever comes back to the family they left has their place again at once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal, Self
from uuid import UUID

import msgspec

from samovar.kit.events import Event
from samovar.services.account.contract.family_events import (
    FamilyCreated,
    FamilyMemberJoined,
    FamilyMemberLeft,
    FamilyMemberRoleChanged,
)
from samovar.services.account.family.errors import (
    AdultsDecide,
    AdultsLeaveThemselves,
    AdultsOnly,
    AgeDoesNotFit,
    AgeUnknown,
    FamilyCooldown,
    FamilyFull,
    InFamily,
    LastAdult,
    MemberNotFound,
    OtherAdults,
)

Role = Literal["adult", "child"]
InviteState = Literal["pending", "accepted", "declined", "canceled", "expired"]
Reason = Literal["left", "removed", "dissolved"]
OF_AGE = 18


class FamilyRules(msgspec.Struct, frozen=True, kw_only=True):
    """What an operator may turn.

    Attributes:
        size: Places of one family.
        cooldown: How long a place that was left stays taken, and an adult who left waits before joining another family.
        invite_ttl: How long an invite waits for an answer.
    """

    size: int
    cooldown: timedelta
    invite_ttl: timedelta


class Age(msgspec.Struct, frozen=True):
    """How old an account is known to be.

    Attributes:
        level: 0, 6, 12, 16 or 18.
    """

    level: int
    is_known: bool

    @property
    def is_of_age(self) -> bool:
        """Whether they are known to be 18 or older."""
        return self.is_known and self.level >= OF_AGE


class Member(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who belongs to a family."""

    account_id: UUID
    role: Role
    joined_at: datetime


class Departure(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who belonged to a family until lately.

    Attributes:
        waits: Whether they may not join another family meanwhile.
    """

    family_id: UUID
    account_id: UUID
    left_at: datetime
    waits: bool


class Family(msgspec.Struct, frozen=True, kw_only=True):
    """A family as it is kept.

    Attributes:
        version: Counts the events about it.
        departures: Who left it within the cooldown.
    """

    id: UUID
    version: int
    members: tuple[Member, ...]
    departures: tuple[Departure, ...] = ()

    def member(self, account_id: UUID) -> Member | None:
        """Return one of its members."""
        return next((member for member in self.members if member.account_id == account_id), None)

    def adult(self, account_id: UUID) -> Member:
        """Return one of its adults.

        Raises:
            AdultsDecide: It is none of them.
        """
        member = self.member(account_id)
        if member is None or member.role != "adult":
            raise AdultsDecide
        return member

    @property
    def adults(self) -> tuple[Member, ...]:
        """Its adults."""
        return tuple(member for member in self.members if member.role == "adult")

    def free_places(self, rules: FamilyRules, now: datetime, *, returning: UUID | None = None) -> int:
        """Return how many may join; the place of who is `returning` counts as free."""
        kept = sum(
            departure.left_at + rules.cooldown > now and departure.account_id != returning
            for departure in self.departures
        )
        return max(0, rules.size - len(self.members) - kept)

    def told(self, **changes: object) -> Self:
        """Return it with other values, and the version that the event about them carries."""
        return msgspec.structs.replace(self, version=self.version + 1, **changes)


class FamilyChange(msgspec.Struct, frozen=True, kw_only=True):
    """A family after a change.

    Attributes:
        joined: Who is new, or has another role now.
        left: Who belongs to it no longer.
        is_dissolved: It is no more.
    """

    family: Family
    events: tuple[Event, ...] = ()
    joined: Member | None = None
    left: tuple[Departure, ...] = ()
    is_dissolved: bool = False


def found(
    family_id: UUID,
    account_id: UUID,
    *,
    age: Age,
    departures: Sequence[Departure],
    now: datetime,
    rules: FamilyRules,
) -> FamilyChange:
    """Make a family with one adult; the caller has checked that they belong to none.

    Raises:
        AgeUnknown: They have not said when they were born.
        AdultsOnly: They are under 18.
        FamilyCooldown: They left one not long ago.
    """
    require_adult(age)
    require_no_cooldown(departures, None, now, rules)
    member = Member(account_id=account_id, role="adult", joined_at=now)
    created = FamilyCreated(family_id=family_id, created_by=account_id, family_version=1, created_at=now)
    joined = FamilyMemberJoined(
        family_id=family_id, account_id=account_id, role="adult", family_version=2, joined_at=now
    )
    family = Family(id=family_id, version=2, members=(member,))
    return FamilyChange(family=family, events=(created, joined), joined=member)


def join(
    family: Family,
    account_id: UUID,
    role: Role,
    *,
    age: Age,
    departures: Sequence[Departure],
    now: datetime,
    rules: FamilyRules,
) -> FamilyChange:
    """Add somebody who was invited.

    Raises:
        AgeUnknown: They have not said when they were born, which both roles need.
        AdultsOnly: Somebody under 18 was invited as an adult.
        AgeDoesNotFit: Somebody of age was invited as a child.
        FamilyCooldown: They left another family not long ago.
        FamilyFull: No place is free.
    """
    if role == "adult":
        require_adult(age)
    elif not age.is_known:
        raise AgeUnknown
    elif age.is_of_age:
        raise AgeDoesNotFit
    require_no_cooldown(departures, family.id, now, rules)
    if family.free_places(rules, now, returning=account_id) == 0:
        raise FamilyFull(limit=rules.size)
    member = Member(account_id=account_id, role=role, joined_at=now)
    joined = family.told(
        members=(*family.members, member),
        departures=tuple(one for one in family.departures if one.account_id != account_id),
    )
    event = FamilyMemberJoined(
        family_id=family.id,
        account_id=account_id,
        role=role,
        family_version=joined.version,
        joined_at=now,
    )
    return FamilyChange(family=joined, events=(event,), joined=member)


def remove(family: Family, account_id: UUID, *, by: UUID, now: datetime) -> FamilyChange:
    """Let a member go: an adult by themselves, a child by an adult.

    The last member takes the family along. Whoever was alone in it all the time has shared nothing, and waits for nothing.

    Raises:
        MemberNotFound: Nobody of the family.
        AdultsDecide: A child wants to leave, or to remove somebody.
        AdultsLeaveThemselves: One adult wants to remove another.
        LastAdult: Children would be left alone; the family can be dissolved.
    """
    family.adult(by)
    member = family.member(account_id)
    if member is None:
        raise MemberNotFound
    if member.role == "adult" and account_id != by:
        raise AdultsLeaveThemselves
    if member.role == "child":
        return _part(family, (member,), "removed", now)
    if len(family.members) == 1:
        return _dissolve(family, now)
    if len(family.adults) == 1:
        raise LastAdult
    return _part(family, (member,), "left", now)


def dissolve(family: Family, *, by: UUID, now: datetime) -> FamilyChange:
    """End a family that has no other adult; its children are free.

    Raises:
        AdultsDecide: A child wants to.
        OtherAdults: It is theirs, too.
    """
    family.adult(by)
    if len(family.adults) > 1:
        raise OtherAdults
    return _dissolve(family, now)


def abandon(family: Family, now: datetime) -> FamilyChange:
    """End a family whose last adult is gone, or has no member left; with an adult it stays as it is."""
    return FamilyChange(family=family) if family.adults else _dissolve(family, now)


def come_of_age(family: Family, account_id: UUID, now: datetime) -> FamilyChange:
    """Make a child an adult, as the birthday does."""
    member = family.member(account_id)
    if member is None or member.role == "adult":
        return FamilyChange(family=family)
    grown = msgspec.structs.replace(member, role="adult")
    changed = family.told(members=tuple(grown if one == member else one for one in family.members))
    event = FamilyMemberRoleChanged(
        family_id=family.id,
        account_id=account_id,
        role="adult",
        family_version=changed.version,
        changed_at=now,
    )
    return FamilyChange(family=changed, events=(event,), joined=grown)


def require_adult(age: Age) -> None:
    """Refuse who is not known to be of age.

    Raises:
        AgeUnknown: They have not said when they were born.
        AdultsOnly: They are under 18.
    """
    if not age.is_known:
        raise AgeUnknown
    if not age.is_of_age:
        raise AdultsOnly


def require_no_cooldown(
    departures: Sequence[Departure], family_id: UUID | None, now: datetime, rules: FamilyRules
) -> None:
    """Refuse who left another family not long ago.

    Raises:
        FamilyCooldown: Says until when.
    """
    until = max(
        (one.left_at + rules.cooldown for one in departures if one.waits and one.family_id != family_id),
        default=now,
    )
    if until > now:
        raise FamilyCooldown(retry_after_s=(until - now).total_seconds(), until=until.date())


def require_no_family(family_id: UUID | None) -> None:
    """Refuse who belongs to a family.

    Raises:
        InFamily: They do.
    """
    if family_id is not None:
        raise InFamily


def _dissolve(family: Family, now: datetime) -> FamilyChange:
    change = _part(family, family.members, "dissolved", now)
    if len(family.members) == 1 and not family.departures:
        return msgspec.structs.replace(change, is_dissolved=True, left=())
    return msgspec.structs.replace(change, is_dissolved=True)


def _part(family: Family, leaving: Sequence[Member], reason: Reason, now: datetime) -> FamilyChange:
    events: list[Event] = []
    for member in leaving:
        family = family.told(members=tuple(one for one in family.members if one != member))
        events.append(
            FamilyMemberLeft(
                family_id=family.id,
                account_id=member.account_id,
                reason=reason,
                family_version=family.version,
                left_at=now,
            )
        )
    left = tuple(
        Departure(
            family_id=family.id, account_id=member.account_id, left_at=now, waits=member.role == "adult"
        )
        for member in leaving
    )
    family = msgspec.structs.replace(family, departures=(*family.departures, *left))
    return FamilyChange(family=family, events=tuple(events), left=left)
