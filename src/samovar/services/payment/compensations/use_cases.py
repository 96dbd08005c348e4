"""What the staff can do with compensations."""

from datetime import timedelta
from typing import Protocol
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.ids import IdSource
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.payment import repository as orders
from samovar.services.payment.compensations import domain, repository
from samovar.services.payment.compensations.domain import CURRENCY, Compensation, CompensationStatus
from samovar.services.payment.compensations.errors import (
    ApprovalLimitReached,
    CompensationDecided,
    CompensationExpired,
    CompensationNotFound,
    ContentDiffers,
    OwnCompensation,
    OwnProposal,
)
from samovar.services.payment.compensations.schemas import (
    Approval,
    CompensationKey,
    CompensationView,
    CompensationWish,
    Rejection,
)
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id

EXPIRED_AT_ONCE_MAX = 500


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much may be given, in kopecks.

    Attributes:
        alone: By one person, at once.
        alone_per_day: By one person, on a day (UTC).
        most: At once, by two.
        approved_per_day: By one approver, on a day.
        ttl: How long a proposal waits.
    """

    alone: int
    alone_per_day: int
    most: int
    approved_per_day: int
    ttl: timedelta


class Accounts(Protocol):
    """Whoever knows which accounts there are."""

    async def exists(self, account_id: UUID) -> bool:
        """Return whether there is such an account.

        Raises:
            AccountAway: Nobody can say it now.
        """
        ...


class Compensations:
    """Giving money: what is small at once, what is large by two persons. Who, when and why is kept, also of what was refused."""

    def __init__(
        self, database: Database, *, people: Accounts, limits: Limits, clock: Clock, new_id: IdSource
    ) -> None:
        self._database = database
        self._people = people
        self._limits = limits
        self._clock = clock
        self._new_id = new_id

    async def give(self, caller: Caller, wish: CompensationWish, once: Once) -> CompensationView:
        """Give money, or propose it where it is beyond what one person may give, at once or today.

        Raises:
            InvalidInput: It is more than two persons may give, for a line that is not theirs, or for nobody.
            OwnCompensation: It is for the caller.
            AccountAway: Nobody can say whether there is such an account.
        """
        if not await self._people.exists(wish.account_id):
            fault = FieldError("account_id", "account_unknown", "there is no such account")
            raise InvalidInput(fault.detail, fields=[fault])
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await self._require(tx, caller, wish)
            is_alone = wish.amount <= self._limits.alone and await repository.count_in(
                tx, caller.account_id, now.date(), "alone", wish.amount, self._limits.alone_per_day
            )
            made = Compensation(
                id=self._new_id(),
                account_id=wish.account_id,
                kind=wish.kind,
                amount=wish.amount,
                currency=CURRENCY,
                reason=wish.reason,
                note=wish.note,
                line_id=wish.line_id,
                content_hash="",
                status="given" if is_alone else "proposed",
                proposer_id=caller.account_id,
                proposed_at=now,
                expires_at=None if is_alone else now + self._limits.ttl,
                decided_at=now if is_alone else None,
            )
            made = msgspec.structs.replace(made, content_hash=domain.hash_of(made))
            await repository.insert(tx, made)
            if is_alone:
                await self._pay(tx, made, caller.account_id)
            return await once.answer(tx, CompensationView.of(made))

    async def approve(
        self, caller: Caller, compensation_id: UUID, approval: Approval, once: Once
    ) -> CompensationView:
        """Give what another has proposed.

        Raises:
            CompensationNotFound: There is no such compensation.
            OwnProposal: The caller proposed it.
            OwnCompensation: It is for the caller.
            CompensationDecided: It does not wait any more.
            CompensationExpired: Its time is over.
            ContentDiffers: The caller looked at something else.
            ApprovalLimitReached: The caller has approved enough today.
        """
        now = self._clock.now()
        async with self._database.transaction() as tx:
            proposed = await self._lock(tx, caller, compensation_id)
            if not approval.content_hash == proposed.content_hash == domain.hash_of(proposed):
                raise ContentDiffers(f"{compensation_id}")
            if not await repository.count_in(
                tx,
                caller.account_id,
                now.date(),
                "approved",
                proposed.amount,
                self._limits.approved_per_day,
            ):
                raise ApprovalLimitReached(f"{caller.account_id}")
            given = msgspec.structs.replace(
                proposed,
                status="given",
                decider_id=caller.account_id,
                decided_at=now,
                decision=approval.note,
            )
            await repository.decide(tx, given)
            await self._pay(tx, given, caller.account_id)
            return await once.answer(tx, CompensationView.of(given))

    async def reject(
        self, caller: Caller, compensation_id: UUID, rejection: Rejection, once: Once
    ) -> CompensationView:
        """Refuse what another has proposed.

        Raises:
            CompensationNotFound: There is no such compensation.
            OwnProposal: The caller proposed it.
            OwnCompensation: It is for the caller.
            CompensationDecided: It does not wait any more.
            CompensationExpired: Its time is over.
        """
        async with self._database.transaction() as tx:
            proposed = await self._lock(tx, caller, compensation_id)
            rejected = msgspec.structs.replace(
                proposed,
                status="rejected",
                decider_id=caller.account_id,
                decided_at=self._clock.now(),
                decision=rejection.note,
            )
            await repository.decide(tx, rejected)
            return await once.answer(tx, CompensationView.of(rejected))

    async def list_compensations(
        self, status: CompensationStatus | None, account_id: UUID | None, cursor: str | None, limit: int
    ) -> Page[CompensationView]:
        """Return a page of compensations, the newest first.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        rows = await repository.list_compensations(
            self._database,
            status=status,
            account_id=account_id,
            after=decode_cursor(cursor, CompensationKey),
            limit=limit + 1,
        )
        page = page_of(rows, limit, lambda row: CompensationKey(row.proposed_at, row.id))
        return Page([CompensationView.of(row) for row in page.items], page.next_cursor)

    async def show(self, compensation_id: UUID) -> CompensationView:
        """Return one compensation.

        Raises:
            CompensationNotFound: There is none.
        """
        found = await repository.find(self._database, compensation_id)
        if found is None:
            raise CompensationNotFound(f"{compensation_id}")
        return CompensationView.of(found)

    async def expire(self) -> None:
        """End the proposals that nobody approved in time."""
        while await self._expire_some() == EXPIRED_AT_ONCE_MAX:
            pass

    async def _expire_some(self) -> int:
        async with self._database.transaction() as tx:
            return await repository.expire(tx, self._clock.now(), EXPIRED_AT_ONCE_MAX)

    async def _require(self, tx: Transaction, caller: Caller, wish: CompensationWish) -> None:
        if wish.account_id == caller.account_id:
            raise OwnCompensation(f"{caller.account_id}")
        if wish.amount > self._limits.most:
            limit = str(self._limits.most)
            fault = FieldError("amount", "too_large", f"at most {limit} kopecks", limit, CURRENCY)
            raise InvalidInput(fault.detail, fields=[fault])
        if wish.line_id:
            lines = await orders.find_lines(tx, [wish.line_id])
            order = await orders.find_order(tx, lines[0].order_id) if lines else None
            if order is None or wish.account_id not in {order.account_id, lines[0].recipient_id}:
                fault = FieldError("line_id", "line_foreign", "no line of an order of theirs")
                raise InvalidInput(fault.detail, fields=[fault])

    async def _lock(self, tx: Transaction, caller: Caller, compensation_id: UUID) -> Compensation:
        """Return a proposal that the caller may decide."""
        found = await repository.lock(tx, compensation_id)
        if found is None:
            raise CompensationNotFound(f"{compensation_id}")
        if found.proposer_id == caller.account_id:
            raise OwnProposal(f"{compensation_id}")
        if found.account_id == caller.account_id:
            raise OwnCompensation(f"{compensation_id}")
        is_over = found.expires_at is not None and found.expires_at <= self._clock.now()
        if found.status == "expired" or (found.status == "proposed" and is_over):
            raise CompensationExpired(f"{compensation_id}")
        if found.status != "proposed":
            raise CompensationDecided(f"{compensation_id} is {found.status}")
        return found

    async def _pay(self, tx: Transaction, given: Compensation, actor_id: UUID) -> None:
        kind = Kind.WALLET if given.kind == "wallet" else Kind.BONUS
        transfer = Transfer(
            id=leg_id(given.id, "given"),
            debit=Account(Kind.GOODWILL, currency=given.currency),
            credit=Account(kind, str(given.account_id), given.currency),
            amount=given.money,
            code="compensation",
            cause_id=given.id,
            actor_id=actor_id,
            reason=given.reason,
        )
        now = self._clock.now()
        await posting.post(tx, [transfer], now=now)
        await tx.publish(given.given(now))
