"""What support can do with refunds."""

from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.payment.payments import refunding as payments
from samovar.services.payment.refunds import domain, granting, repository, schemas, settling
from samovar.services.payment.refunds.domain import Refund, Wish
from samovar.services.payment.refunds.errors import NothingToRefund, RefundDecided, RefundNotFound
from samovar.services.payment.refunds.schemas import Decision, RefundKey, StaffRefundView, StaffRefundWish

Decide = Callable[[Transaction, Refund, datetime], Coroutine[Any, Any, object]]


class StaffRefunds:
    """Refunds beyond the rules, and those that wait for a person. Who decided, and why, is kept."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def list_waiting(self, cursor: str | None, limit: int) -> Page[StaffRefundView]:
        """Return a page of the refunds that wait for a person, the oldest first.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, RefundKey)
        rows = await repository.list_requested(self._database, after, limit + 1)
        page = page_of(rows, limit, lambda row: RefundKey(row.started_at, row.id))
        found = await repository.whole(self._database, [row.id for row in page.items])
        return Page(schemas.staff_views_of(*found), page.next_cursor)

    async def show(self, refund_id: UUID) -> StaffRefundView:
        """Return a refund.

        Raises:
            RefundNotFound: There is no such refund.
        """
        found = schemas.staff_views_of(*await repository.whole(self._database, [refund_id]))
        if not found:
            raise RefundNotFound(f"{refund_id}")
        return found[0]

    async def grant(
        self, caller: Caller, order_id: UUID, wish: StaffRefundWish, once: Once
    ) -> StaffRefundView:
        """Give lines back beyond the rules, in whole or in part.

        Raises:
            OrderNotFound: There is no such order, or a line is none of it.
            OrderNotRefundable: It was never paid.
            NothingToRefund: Nothing of a line is left.
            RefundTooLarge: More is asked for than is left of a line.
            FundsTaken: A chargeback has taken the money.
        """
        asked = {line.line_id: line.amount for line in wish.lines or ()}
        async with self._database.transaction() as tx:
            order, lines = await granting.lock(tx, order_id, list(asked) or None)
            ending = {line.line_id for line in await repository.ending(tx, [line.id for line in lines])}
            if asked and ending:
                raise NothingToRefund(f"{order_id}")
            amounts = {
                line.id: asked.get(line.id) or domain.remaining_of(line)
                for line in lines
                if line.id not in ending
            }
            if not amounts:
                raise NothingToRefund(f"{order_id}")
            refund = await granting.begin(
                tx,
                order,
                [line for line in lines if line.id in amounts],
                amounts,
                Wish(
                    reason=wish.reason,
                    destination=wish.destination,
                    actor_id=caller.account_id,
                    note=wish.note,
                ),
                now=self._clock.now(),
            )
            return await _answer(tx, refund.id, once)

    async def approve(
        self, caller: Caller, refund_id: UUID, decision: Decision, once: Once
    ) -> StaffRefundView:
        """Let a refund begin that waited for a person.

        Raises:
            RefundNotFound: There is no such refund.
            RefundDecided: It waits for nobody.
        """

        async def approve(tx: Transaction, refund: Refund, now: datetime) -> None:
            _require(refund.status == "requested", refund)
            await granting.approve(tx, refund, actor_id=caller.account_id, note=decision.note, now=now)

        return await self._decide(refund_id, approve, once)

    async def reject(
        self, caller: Caller, refund_id: UUID, decision: Decision, once: Once
    ) -> StaffRefundView:
        """Refuse a refund that waited for a person.

        Raises:
            RefundNotFound: There is no such refund.
            RefundDecided: It waits for nobody.
        """

        async def reject(tx: Transaction, refund: Refund, now: datetime) -> None:
            _require(refund.status == "requested", refund)
            await granting.reject(tx, refund, actor_id=caller.account_id, note=decision.note, now=now)

        return await self._decide(refund_id, reject, once)

    async def retry(self, caller: Caller, refund_id: UUID, decision: Decision, once: Once) -> StaffRefundView:
        """Ask the provider once more for the parts that it refused.

        Raises:
            RefundNotFound: There is no such refund.
            RefundDecided: No part of it was refused.
        """

        async def retry(tx: Transaction, refund: Refund, now: datetime) -> None:
            held = await _held(tx, refund)
            funds = {fund.id: fund for fund in await repository.funds_of(tx, refund.order_id)}
            noted = await _note(tx, refund, caller, decision)
            # What was meant for the wallet and held goes where the provider sends it, and receipts say so.
            await repository.update_refund(tx, msgspec.structs.replace(noted, destination="instrument"))
            await repository.update_parts(
                tx, [msgspec.structs.replace(part, status="sent", destination="instrument") for part in held]
            )
            for part in held:
                payment_id = funds[part.fund_id].payment_id
                if payment_id:
                    amount = refund.money(part.amount)
                    await payments.refund(
                        tx, payment_id=payment_id, refund_id=part.id, amount=amount, now=now
                    )

        return await self._decide(refund_id, retry, once)

    async def to_wallet(
        self, caller: Caller, refund_id: UUID, decision: Decision, once: Once
    ) -> StaffRefundView:
        """Put into the wallet what the provider refused.

        Raises:
            RefundNotFound: There is no such refund.
            RefundDecided: No part of it was refused.
        """

        async def to_wallet(tx: Transaction, refund: Refund, now: datetime) -> None:
            held = await _held(tx, refund)
            funds = {fund.id: fund for fund in await repository.funds_of(tx, refund.order_id)}
            noted = await _note(tx, refund, caller, decision)
            for part in held:
                await settling.to_wallet(tx, noted, funds[part.fund_id], part, now=now)

        return await self._decide(refund_id, to_wallet, once)

    async def charged_back(
        self, caller: Caller, refund_id: UUID, decision: Decision, once: Once
    ) -> StaffRefundView:
        """Count what the provider refused as taken by the payer's bank, which had opened a chargeback.

        Raises:
            RefundNotFound: There is no such refund.
            RefundDecided: No part of it was refused.
            DisputeUndecided: The chargeback is not over: it may still be won.
            FundsTaken: No chargeback covers it.
        """

        async def charged_back(tx: Transaction, refund: Refund, now: datetime) -> None:
            held = await _held(tx, refund)
            noted = await _note(tx, refund, caller, decision)
            for part in held:
                funds = {fund.id: fund for fund in await repository.funds_of(tx, refund.order_id)}
                await settling.charged_back(tx, noted, funds[part.fund_id], part, now=now)

        return await self._decide(refund_id, charged_back, once)

    async def _decide(self, refund_id: UUID, decide: Decide, once: Once) -> StaffRefundView:
        async with self._database.transaction() as tx:
            refund = await settling.lock(tx, refund_id)
            if refund is None:
                raise RefundNotFound(f"{refund_id}")
            await decide(tx, refund, self._clock.now())
            return await _answer(tx, refund_id, once)


def _require(allowed: bool, refund: Refund) -> None:  # noqa: FBT001  the condition is the argument
    if not allowed:
        raise RefundDecided(f"{refund.id} is {refund.status}")


async def _held(tx: Transaction, refund: Refund) -> list[domain.Part]:
    held = [part for part in await repository.parts_of(tx, [refund.id]) if part.status == "held"]
    _require(bool(held), refund)
    return held


async def _note(tx: Transaction, refund: Refund, caller: Caller, decision: Decision) -> Refund:
    noted = msgspec.structs.replace(refund, actor_id=caller.account_id, note=decision.note)
    await repository.update_refund(tx, noted)
    return noted


async def _answer(tx: Transaction, refund_id: UUID, once: Once) -> StaffRefundView:
    return await once.answer(tx, schemas.staff_views_of(*await repository.whole(tx, [refund_id]))[0])
