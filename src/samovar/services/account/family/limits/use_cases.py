"""Seeing and setting what a child may do."""

from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.rest.etags import require_match
from samovar.services.account.activity.journal import Journal
from samovar.services.account.contract.family_events import ChildLimitsChanged
from samovar.services.account.family import repository as family_repository
from samovar.services.account.family.domain import Family
from samovar.services.account.family.errors import MemberNotFound, NoFamily, NotAChild
from samovar.services.account.family.holding import hold_family_of
from samovar.services.account.family.limits import domain, repository
from samovar.services.account.family.limits.domain import DAY_MINUTES, ChildLimits, LimitedChild
from samovar.services.account.family.limits.repository import Reader
from samovar.services.account.family.limits.schemas import LimitsChange, LimitsState, PlayToday


class Limits:
    """What the children of a family may do."""

    def __init__(self, database: Database, *, journal: Journal, clock: Clock) -> None:
        self._database = database
        self._journal = journal
        self._clock = clock

    async def show(self, caller_id: UUID, account_id: UUID) -> LimitsState:
        """Return the limits of a child: to the adults of its family, and to the child.

        Raises:
            NoFamily: The caller belongs to none.
            MemberNotFound: Nobody of the caller's family.
            AdultsDecide: A child asks for another's.
            NotAChild: The member is an adult.
        """
        family_id = await family_repository.find_family_id(self._database, caller_id)
        family = await family_repository.find_family(self._database, family_id) if family_id else None
        if family is None:
            raise NoFamily
        if caller_id != account_id:
            family.adult(caller_id)
        _require_child(family, account_id)
        return await self._state(self._database, account_id)

    async def change(
        self, caller: Caller, account_id: UUID, change: LimitsChange, *, if_match: str | None
    ) -> LimitsState:
        """Set what a child may do.

        Raises:
            InvalidInput: The hours end before they begin, or there is no such time zone.
            NoFamily: The caller belongs to none.
            MemberNotFound: Nobody of the caller's family.
            AdultsDecide: The caller is a child.
            NotAChild: The member is an adult.
            PreconditionFailed: They are no longer what the client has seen.
        """
        limits = _checked(change)
        async with self._database.transaction() as tx:
            now = self._clock.now()
            family = await hold_family_of(tx, caller.account_id)
            family.adult(caller.account_id)
            _require_child(family, account_id)
            require_match(if_match, await self._state(tx, account_id))
            (before,) = await repository.list_children(tx, [account_id])
            if before.limits != limits:
                family = family.told()
                await repository.save_limits(tx, account_id, limits, changed_by=caller.account_id, now=now)
                await family_repository.save_version(tx, family)
                await self._journal.note(
                    tx,
                    caller.account_id,
                    "child_limits_changed",
                    params={"account_id": str(account_id)},
                    session_id=caller.session_id,
                )
                await tx.publish(
                    ChildLimitsChanged(
                        family_id=family.id,
                        account_id=account_id,
                        changed_by=caller.account_id,
                        family_version=family.version,
                        changed_at=now,
                    )
                )
            return await self._state(tx, account_id)

    async def list_for(self, account_ids: list[UUID]) -> list[tuple[LimitedChild, domain.Allowance]]:
        """Return those of the accounts that are children of a family: their limits, and what they may play today."""
        children = await repository.list_children(self._database, account_ids)
        now = self._clock.now()
        days = {child.account_id: domain.day_of(child.limits, now) for child in children}
        extra = await repository.find_extra_minutes(self._database, days)
        return [
            (
                child,
                domain.allowance(child.limits, extra_minutes=extra.get(child.account_id, 0), now=now),
            )
            for child in children
        ]

    async def _state(self, reader: Reader, account_id: UUID) -> LimitsState:
        children = await repository.list_children(reader, [account_id])
        if not children:
            raise MemberNotFound
        limits, now = children[0].limits, self._clock.now()
        extra = await repository.find_extra_minutes(reader, {account_id: domain.day_of(limits, now)})
        today = domain.allowance(limits, extra_minutes=extra.get(account_id, 0), now=now)
        return LimitsState(
            account_id=account_id,
            today=PlayToday(**msgspec.structs.asdict(today)),
            **msgspec.structs.asdict(limits),
        )


def _require_child(family: Family, account_id: UUID) -> None:
    member = family.member(account_id)
    if member is None:
        raise MemberNotFound
    if member.role != "child":
        raise NotAChild


def _checked(change: LimitsChange) -> ChildLimits:
    try:
        domain.zone_of(change.time_zone)
    except ValueError:
        raise InvalidInput(
            fields=[FieldError("time_zone", "time_zone_unknown", "not a time zone of the IANA database")]
        ) from None
    hours = change.hours
    if hours and not 0 <= hours.opens_minute < hours.closes_minute <= DAY_MINUTES:
        raise InvalidInput(fields=[FieldError("hours", "hours_invalid", "0 ≤ opens < closes ≤ 1440")])
    return ChildLimits(**msgspec.structs.asdict(change))
