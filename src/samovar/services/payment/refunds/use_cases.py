"""What one can do with refunds."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.i18n import Language
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.kit.pagination import Page, decode_cursor, page_of
from samovar.services.payment import repository as orders
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.errors import OrderNotFound
from samovar.services.payment.gifts import withdrawing
from samovar.services.payment.refunds import domain, granting, repository, schemas
from samovar.services.payment.refunds.domain import Wish
from samovar.services.payment.refunds.errors import (
    ConsentNotYours,
    NothingToRefund,
    NotRefundable,
    RefundNotFound,
)
from samovar.services.payment.refunds.judging.explaining import Explanations
from samovar.services.payment.refunds.judging.facts import Judge
from samovar.services.payment.refunds.schemas import (
    LineEligibility,
    RefundEligibility,
    RefundKey,
    RefundView,
    RefundWish,
)

ASKED = "asked"


class Refunds:
    """What a player can do: ask whether, ask for it, look at what became of it."""

    def __init__(self, database: Database, *, judge: Judge, explanations: Explanations, clock: Clock) -> None:
        self._database = database
        self._judge = judge
        self._explanations = explanations
        self._clock = clock

    async def eligibility(
        self, caller: Caller, order_id: UUID, line_ids: Sequence[UUID] | None, language: Language
    ) -> RefundEligibility:
        """Say whether lines of an order may be given back at once, and why.

        Raises:
            OrderNotFound: The caller has no such order, or it has no such line.
            FactsAway: Library, catalog or auth does not answer.
        """
        order, lines = await self._own(caller, order_id)
        asked = _asked(lines, line_ids)
        now = self._clock.now()
        outside = await self._judge.ask(order, lines)
        facts = await self._judge.facts(self._database, order, lines, outside, now=now)
        rules, verdicts = self._judge.judge(facts, {line.id for line in asked})
        amounts = {line.id: order.money(domain.remaining_of(line)) for line in asked}
        return RefundEligibility(
            order_id=order.id,
            rules_version=rules.version,
            is_eligible=bool(verdicts) and all(verdict.is_eligible for verdict in verdicts),
            needs_review=await self._judge.needs_review(self._database, order.account_id, now=now),
            amount=order.money(sum(amount.amount for amount in amounts.values())),
            lines=[
                LineEligibility(
                    line_id=verdict.line_id,
                    is_eligible=verdict.is_eligible,
                    amount=amounts[verdict.line_id],
                    rules=[self._explanations.view_of(finding, language) for finding in verdict.findings],
                )
                for verdict in verdicts
            ],
        )

    async def ask(
        self, caller: Caller, order_id: UUID, wish: RefundWish, once: Once, language: Language
    ) -> RefundView:
        """Give lines of an order back, if the rules allow it.

        Raises:
            OrderNotFound: The caller has no such order, or it has no such line.
            NotRefundable: A rule is not met; the fields say which.
            NothingToRefund: All of it has gone back, or is on its way.
            FactsAway: Library, catalog or auth does not answer.
        """
        order, lines = await self._own(caller, order_id)
        outside = await self._judge.ask(order, lines)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            order, lines = await granting.lock(tx, order_id, None)
            asked = _asked(lines, wish.lines)
            if not asked:
                raise NothingToRefund(f"{order_id}")
            await repository.hold_account(tx, order.account_id)
            needs_review = await self._judge.needs_review(tx, order.account_id, now=now)
            withdrawn = None if needs_review else await _withdraw(tx, asked, now)
            facts = await self._judge.facts(tx, order, lines, outside, now=now, withdrawn=withdrawn)
            rules, verdicts = self._judge.judge(facts, {line.id for line in asked})
            if faults := self._explanations.faults_of(verdicts, language):
                raise NotRefundable(f"{order_id}", fields=faults)
            refund = await granting.begin(
                tx,
                order,
                asked,
                {line.id: domain.remaining_of(line) for line in asked},
                Wish(
                    reason=ASKED,
                    destination=wish.destination,
                    note=wish.reason,
                    rules_version=rules.version,
                    needs_review=needs_review,
                    never_licensed=frozenset(withdrawn or ()),
                ),
                now=now,
            )
            return await once.answer(tx, (await shown(tx, [refund.id]))[0])

    async def list_refunds(self, caller: Caller, cursor: str | None, limit: int) -> Page[RefundView]:
        """Return a page of the caller's refunds, the newest first.

        Raises:
            InvalidInput: The cursor is not one of this list.
        """
        after = decode_cursor(cursor, RefundKey)
        rows = await repository.list_refunds(self._database, caller.account_id, after, limit + 1)
        page = page_of(rows, limit, lambda row: RefundKey(row.started_at, row.id))
        return Page(await shown(self._database, [row.id for row in page.items]), page.next_cursor)

    async def show(self, caller: Caller, refund_id: UUID) -> RefundView:
        """Return one refund.

        Raises:
            RefundNotFound: The caller has no such refund.
        """
        found = await repository.find_refund(self._database, refund_id)
        if found is None or found.account_id != caller.account_id:
            raise RefundNotFound(f"{refund_id}")
        return (await shown(self._database, [refund_id]))[0]

    async def consent(self, caller: Caller, line_id: UUID) -> None:
        """Let the one who gave the caller a game give it back.

        Raises:
            OrderNotFound: The caller was given no such line, and gave none.
            ConsentNotYours: The caller gave it.
        """
        lines = await orders.find_lines(self._database, [line_id])
        if not lines or not lines[0].is_gift:
            raise OrderNotFound(f"{line_id}")
        if lines[0].recipient_id != caller.account_id:
            await self._own(caller, lines[0].order_id)
            raise ConsentNotYours(f"{line_id}")
        async with self._database.transaction() as tx:
            await repository.put_consent(tx, line_id, caller.account_id, self._clock.now())

    async def withdraw_consent(self, caller: Caller, line_id: UUID) -> None:
        """Take one's consent back; there may be none."""
        async with self._database.transaction() as tx:
            await repository.drop_consent(tx, line_id, caller.account_id)

    async def _own(self, caller: Caller, order_id: UUID) -> tuple[Order, list[OrderLine]]:
        order = await orders.find_order(self._database, order_id)
        if order is None or order.account_id != caller.account_id:
            raise OrderNotFound(f"{order_id}")
        return order, await orders.lines_of(self._database, [order_id])


def _asked(lines: Sequence[OrderLine], line_ids: Sequence[UUID] | None) -> list[OrderLine]:
    """Return the lines that are asked for: without names, all of which something is left.

    What was free goes back with the rest of its bundle, and stays where nothing else of it goes back. Where all was free, that is what
    the rules say of it.
    """
    if line_ids is None:
        paid = [line for line in lines if domain.remaining_of(line)]
        bundles = {(line.bundle_id, line.recipient_id) for line in paid if line.bundle_id}
        free = [line for line in lines if not line.final and line.refunded_at is None]
        with_paid = [line for line in free if (line.bundle_id, line.recipient_id) in bundles]
        wanted = {line.id for line in (paid + with_paid if paid else free)}
        return [line for line in lines if line.id in wanted]
    named = set(line_ids)
    if not named <= {line.id for line in lines}:
        raise OrderNotFound("the order has no such line")
    return [line for line in lines if line.id in named]


async def _withdraw(tx: Transaction, asked: Sequence[OrderLine], now: datetime) -> list[UUID]:
    """Take back the gifts that wait, so that none is accepted while the rules look at it; undone with the transaction."""
    gifts = [line.id for line in asked if line.is_gift]
    return await withdrawing.withdraw(tx, gifts, now=now) if gifts else []


async def shown(reader: Database | Transaction, refund_ids: Sequence[UUID]) -> list[RefundView]:
    """Return refunds as their owner sees them, in this order."""
    return schemas.views_of(*await repository.whole(reader, refund_ids))
