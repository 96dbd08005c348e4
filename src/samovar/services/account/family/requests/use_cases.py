"""Asking the adults of a family, and answering the children."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.account.family import repository as family_repository
from samovar.services.account.family.domain import Family
from samovar.services.account.family.errors import (
    ChildrenOnly,
    FamilyRequestNotFound,
    NoFamily,
    NoPlayLimit,
    PurchasesNotAllowed,
    TooManyFamilyRequests,
)
from samovar.services.account.family.holding import hold_family_of
from samovar.services.account.family.limits import domain as limits_domain
from samovar.services.account.family.limits.allowances import forget_time_before, give_time, limits_of
from samovar.services.account.family.limits.domain import ChildLimits
from samovar.services.account.family.requests import domain, repository
from samovar.services.account.family.requests.domain import Decision, FamilyRequest, Kind, State
from samovar.services.account.family.requests.repository import FamilyRequestKey
from samovar.services.account.family.requests.schemas import NewPlayTimeRequest, NewPurchaseRequest
from samovar.services.account.profiles.domain import is_bio_clean

AT_ONCE_MAX = 200
KEPT_FOR = timedelta(days=365)


class Store(Protocol):
    """Whoever knows what is sold."""

    def sells(self, package_id: UUID, /) -> Awaitable[bool]:
        """Return whether there is such a package, and it is on sale."""
        ...


class FamilyRequests:
    """What the children of a family ask for.

    Args:
        database: Where it is kept.
        store: Knows what is sold.
        purchase_ttl: How long a request for a purchase waits for an answer.
        pending_max: Requests for purchases of one child that wait at once.
        clock: Tells the time.
        new_id: Makes ids.
    """

    def __init__(
        self,
        database: Database,
        *,
        store: Store,
        purchase_ttl: timedelta,
        pending_max: int,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._store = store
        self._purchase_ttl = purchase_ttl
        self._pending_max = pending_max
        self._clock = clock
        self._new_id = new_id

    async def ask_for_purchase(self, child_id: UUID, wish: NewPurchaseRequest) -> FamilyRequest:
        """Ask for a package; asked again while it is open, the answer is the same request.

        Raises:
            InvalidInput: The note cannot be shown, or no such package is sold.
            StoreAway: Nobody can say whether it is.
            NoFamily: The caller belongs to none.
            ChildrenOnly: The caller is an adult.
            PurchasesNotAllowed: The caller's limits say so.
            TooManyFamilyRequests: Too many requests wait.
        """

        def make(limits: ChildLimits, waiting: list[FamilyRequest], family: Family) -> FamilyRequest:
            same = next((one for one in waiting if one.package_id == wish.package_id), None)
            if same:
                return same
            if limits.purchases == "never" or not limits.may_open_store:
                raise PurchasesNotAllowed
            if len(waiting) >= self._pending_max:
                raise TooManyFamilyRequests(limit=self._pending_max)
            now = self._clock.now()
            return FamilyRequest(
                id=self._new_id(),
                family_id=family.id,
                account_id=child_id,
                kind="purchase",
                package_id=wish.package_id,
                note=_note(wish.note),
                created_at=now,
                expires_at=now + self._purchase_ttl,
            )

        if not await self._store.sells(wish.package_id):
            raise InvalidInput(fields=[FieldError("package_id", "wish_not_sold", "no such package is sold")])
        return await self._ask(child_id, "purchase", make)

    async def ask_for_play_time(self, child_id: UUID, wish: NewPlayTimeRequest) -> FamilyRequest:
        """Ask for more time today; while a request is open, it is the answer.

        Raises:
            InvalidInput: The note cannot be shown.
            NoFamily: The caller belongs to none.
            ChildrenOnly: The caller is an adult.
            NoPlayLimit: The caller may play as long as it likes.
        """

        def make(limits: ChildLimits, waiting: list[FamilyRequest], family: Family) -> FamilyRequest:
            if waiting:
                return waiting[0]
            if not limits.has_play_limit:
                raise NoPlayLimit
            now = self._clock.now()
            day = limits_domain.day_of(limits, now)
            return FamilyRequest(
                id=self._new_id(),
                family_id=family.id,
                account_id=child_id,
                kind="play_time",
                minutes=wish.minutes,
                day=day,
                note=_note(wish.note),
                created_at=now,
                expires_at=limits_domain.end_of_day(limits, day),
            )

        return await self._ask(child_id, "play_time", make)

    async def approve(
        self, adult_id: UUID, request_id: UUID, kind: Kind, *, minutes: int | None = None
    ) -> FamilyRequest:
        """Say yes. Whoever says it first pays; the same from another adult changes nothing.

        Raises:
            NoFamily: The caller belongs to none.
            AdultsDecide: The caller is a child.
            FamilyRequestNotFound: The family has no such request.
            FamilyRequestClosed: It was decided otherwise, withdrawn or has expired.
        """
        return await self._decide(adult_id, request_id, kind, "approved", minutes=minutes)

    async def decline(self, adult_id: UUID, request_id: UUID, kind: Kind) -> FamilyRequest:
        """Say no; the errors are those of `approve`."""
        return await self._decide(adult_id, request_id, kind, "declined")

    async def cancel(self, child_id: UUID, request_id: UUID, kind: Kind) -> None:
        """Take back what one has asked for.

        Raises:
            NoFamily: The caller belongs to none.
            FamilyRequestNotFound: The caller has asked for no such thing.
            FamilyRequestClosed: It was decided.
        """
        await self._decide(child_id, request_id, kind, "canceled")

    async def list_requests(
        self, account_id: UUID, kind: Kind, state: State | None, cursor: str | None, limit: int
    ) -> Page[FamilyRequest]:
        """Return what was asked for, the newest first: an adult sees the family's, a child its own.

        Raises:
            InvalidInput: The cursor is not one of this list.
            NoFamily: The caller belongs to none.
        """
        after = decode_cursor(cursor, FamilyRequestKey)
        family_id = await family_repository.find_family_id(self._database, account_id)
        family = await family_repository.find_family(self._database, family_id) if family_id else None
        member = family.member(account_id) if family else None
        if family is None or member is None:
            raise NoFamily
        rows = await repository.list_requests(
            self._database,
            family.id,
            kind,
            account_id=account_id if member.role == "child" else None,
            state=state,
            after=after,
            limit=limit + 1,
        )
        return page_of(rows, limit, lambda row: FamilyRequestKey(row.id))

    async def tidy(self) -> None:
        """Close requests that have run out, and forget old ones."""
        changed = AT_ONCE_MAX
        while changed == AT_ONCE_MAX:
            async with self._database.transaction() as tx:
                now = self._clock.now()
                expired = await repository.expire_requests(tx, now, AT_ONCE_MAX)
                for request in expired:
                    await tx.publish(domain.decided_event(request))
                deleted = await repository.delete_decided_before(tx, now - KEPT_FOR, AT_ONCE_MAX)
                # Two days: nowhere on earth is it still the day for which the time was given.
                await forget_time_before(tx, now.date() - timedelta(days=2))
            changed = max(len(expired), deleted)

    async def _ask(
        self,
        child_id: UUID,
        kind: Kind,
        make: Callable[[ChildLimits, list[FamilyRequest], Family], FamilyRequest],
    ) -> FamilyRequest:
        """Let `make` answer with a request that waits already, or a new one."""
        async with self._database.transaction() as tx:
            family = await hold_family_of(tx, child_id)
            limits = await limits_of(tx, child_id)
            if limits is None:
                raise ChildrenOnly
            waiting = await self._waiting(tx, child_id, kind)
            request = make(limits, waiting, family)
            if request not in waiting:
                await repository.insert_request(tx, request)
                await tx.publish(domain.asked_event(request))
            return request

    async def _waiting(self, tx: Transaction, child_id: UUID, kind: Kind) -> list[FamilyRequest]:
        """Return the requests that wait, and close those that have run out and would be in the way."""
        now = self._clock.now()
        waiting = []
        for request in await repository.list_open(tx, child_id, kind):
            if request.expires_at > now:
                waiting.append(request)
            else:
                expired = domain.decide(request, "expired", by=None, now=now)
                await repository.save_decision(tx, expired)
                await tx.publish(domain.decided_event(expired))
        return waiting

    async def _decide(
        self, caller_id: UUID, request_id: UUID, kind: Kind, decision: Decision, *, minutes: int | None = None
    ) -> FamilyRequest:
        async with self._database.transaction() as tx:
            family = await hold_family_of(tx, caller_id)
            if decision != "canceled":
                family.adult(caller_id)
            request = await repository.lock_request(tx, request_id, family.id)
            is_own = request is not None and request.account_id == caller_id
            if request is None or request.kind != kind or (decision == "canceled" and not is_own):
                raise FamilyRequestNotFound
            decided = domain.decide(request, decision, by=caller_id, now=self._clock.now(), minutes=minutes)
            if decided == request:
                return request
            await repository.save_decision(tx, decided)
            if decision == "approved" and decided.day and decided.minutes:
                await give_time(tx, decided.account_id, decided.day, decided.minutes)
            await tx.publish(domain.decided_event(decided))
            return decided


def _note(text: str | None) -> str | None:
    """Return a child's word to the adults in its one form.

    Raises:
        InvalidInput: It holds signs that cannot be shown, or too many lines.
    """
    note = (text or "").replace("\r\n", "\n").strip()
    if not is_bio_clean(note):
        raise InvalidInput(fields=[FieldError("note", "text_invalid", "controls, or too many lines")])
    return note or None
