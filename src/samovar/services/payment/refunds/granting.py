"""Granting a refund: functions that take the transaction first, for whoever decides that something is given back.

    await granting.grant(tx, order_id=…, line_ids=[…], reason="gift_declined", destination="instrument", actor_id=None, now=now)

From then on what goes back is counted, on the line and at the source of its money, so that no two refunds together take more than
was paid; `refund_started` tells library, and the rest follows by itself (`settling`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID, uuid5

import msgspec

from samovar.kit.database import Transaction
from samovar.services.payment import repository as orders
from samovar.services.payment.contract.events import RefundedLine, RefundStarted
from samovar.services.payment.domain import PAID, Order, OrderLine
from samovar.services.payment.errors import OrderNotFound
from samovar.services.payment.gifts import withdrawing
from samovar.services.payment.orders import refunding
from samovar.services.payment.payments import captured
from samovar.services.payment.refunds import domain, repository, settling
from samovar.services.payment.refunds.domain import Destination, Fund, Refund, RefundLine, Source, Wish
from samovar.services.payment.refunds.errors import FundsTaken, NothingToRefund, OrderNotRefundable


async def grant(
    tx: Transaction,
    *,
    order_id: UUID,
    line_ids: Sequence[UUID],
    reason: str,
    destination: Destination,
    actor_id: UUID | None,
    now: datetime,
) -> UUID:
    """Give back all that is left of lines; returns the id of the refund.

    A second call for the same lines and reason gives nothing more and answers with the same refund.

    Raises:
        OrderNotFound: There is no such order, or a line is none of it.
        OrderNotRefundable: It was never paid.
        NothingToRefund: Nothing of one of the lines is left, for another reason.
    """
    order, lines = await lock(tx, order_id, line_ids)
    ending = await repository.ending(tx, [line.id for line in lines])
    if {line.line_id for line in ending} == {line.id for line in lines}:
        same = await repository.find_refund(tx, ending[0].refund_id)
        if same and same.reason == reason and len({line.refund_id for line in ending}) == 1:
            return same.id
    amounts = {line.id: domain.remaining_of(line) for line in lines}
    wish = Wish(reason=reason, destination=destination, actor_id=actor_id)
    return (await begin(tx, order, lines, amounts, wish, now=now)).id


async def lock(
    tx: Transaction, order_id: UUID, line_ids: Sequence[UUID] | None
) -> tuple[Order, list[OrderLine]]:
    """Return an order that nobody else changes meanwhile, and these lines of it; all when none are named.

    Raises:
        OrderNotFound: There is no such order, or a line is none of it.
    """
    order = await orders.lock_order(tx, order_id)
    if order is None:
        raise OrderNotFound(f"{order_id}")
    lines = await orders.lines_of(tx, [order_id])
    if line_ids is None:
        return order, lines
    wanted = set(line_ids)
    if not wanted or not wanted <= {line.id for line in lines}:
        raise OrderNotFound(f"{order_id} has no such line")
    return order, [line for line in lines if line.id in wanted]


async def begin(
    tx: Transaction,
    order: Order,
    lines: Sequence[OrderLine],
    amounts: Mapping[UUID, int],
    wish: Wish,
    *,
    now: datetime,
) -> Refund:
    """Begin a refund of a locked order: count what goes back, and let the rest follow, unless a person is to decide first.

    Args:
        tx: The transaction that holds the order.
        order: The order.
        lines: The lines that are given back.
        amounts: Line to what of it goes back; 0 only of what was free.
        wish: Why, and where the money goes.
        now: The time.

    Raises:
        OrderNotRefundable: The order was never paid, or came to nothing.
        NothingToRefund: Another refund takes one of the licences back.
        RefundTooLarge: A line would give back more than was paid for it.
        FundsTaken: A chargeback has taken the money.
    """
    if order.status not in PAID:
        raise OrderNotRefundable(f"{order.id} is {order.status}")
    number = len(await repository.refunds_of(tx, order.id))
    refund = Refund(
        id=uuid5(order.id, f"refund:{number}"),
        order_id=order.id,
        account_id=order.account_id,
        status="requested" if wish.needs_review else "revoking",
        reason=wish.reason,
        note=wish.note,
        destination=wish.destination,
        currency=order.currency,
        amount=sum(amounts.values()),
        rules_version=wish.rules_version,
        actor_id=wish.actor_id,
        started_at=now,
        moved_at=now,
    )
    taken = [_line(refund, line, amounts[line.id]) for line in lines]
    if any(line.amount == 0 and not line.ends_licence for line in taken):
        raise NothingToRefund(f"{order.id}")
    await repository.insert_refund(tx, refund, taken)
    await refunding.reserve(tx, amounts)
    await _divide(tx, order, refund, wish)
    if not wish.needs_review:
        await start(tx, refund, now=now, never_licensed=wish.never_licensed)
    return refund


async def start(
    tx: Transaction, refund: Refund, *, now: datetime, never_licensed: frozenset[UUID] = frozenset()
) -> None:
    """Take back gifts that wait, and tell library what ends; where it has nothing to do, pay at once."""
    taken = await repository.lines_of(tx, [refund.id])
    lines = {line.id: line for line in await orders.find_lines(tx, [line.line_id for line in taken])}
    gifts = [line.line_id for line in taken if line.ends_licence and lines[line.line_id].is_gift]
    never = set(never_licensed)
    if gifts:
        never.update(await withdrawing.withdraw(tx, gifts, now=now))
    if refund.reason in domain.NEVER_LICENSED:
        never = set(lines)
    await repository.mark_revoked(tx, refund.id, sorted(never), now)
    await tx.publish(started(refund, [(line, lines[line.line_id]) for line in taken], now))
    if all(line.revoked_at or line.line_id in never or not line.ends_licence for line in taken):
        await settling.pay(tx, refund, now=now)


def started(refund: Refund, lines: Sequence[tuple[RefundLine, OrderLine]], now: datetime) -> RefundStarted:
    """Return what library hears of a refund."""
    return RefundStarted(
        refund_id=refund.id,
        order_id=refund.order_id,
        account_id=refund.account_id,
        lines=tuple(
            RefundedLine(
                line_id=line.id,
                package_id=line.package_id,
                app_ids=line.app_ids,
                recipient_id=line.recipient_id,
                amount=refund.money(taken.amount),
            )
            for taken, line in lines
            if taken.ends_licence
        ),
        reason=refund.reason,
        started_at=now,
    )


async def approve(tx: Transaction, refund: Refund, *, actor_id: UUID, note: str, now: datetime) -> Refund:
    """Let a refund that waited for a person go on."""
    approved = msgspec.structs.replace(refund, status="revoking", actor_id=actor_id, note=note, moved_at=now)
    await repository.update_refund(tx, approved)
    await start(tx, approved, now=now)
    return approved


async def reject(tx: Transaction, refund: Refund, *, actor_id: UUID, note: str, now: datetime) -> Refund:
    """End a refund that waited for a person: its lines may be asked for again."""
    lines = await repository.lines_of(tx, [refund.id])
    await refunding.unreserve(tx, {line.line_id: line.amount for line in lines})
    await repository.drop_lines(tx, refund.id)
    parts = await repository.parts_of(tx, [refund.id])
    await repository.take_funds(tx, {part.fund_id: -part.amount for part in parts})
    await repository.update_parts(tx, [msgspec.structs.replace(part, status="dropped") for part in parts])
    rejected = msgspec.structs.replace(
        refund, status="refused", actor_id=actor_id, note=note, moved_at=now, failure_code="rejected"
    )
    await repository.update_refund(tx, rejected)
    return rejected


async def funds_of(tx: Transaction, order: Order) -> list[Fund]:
    """Return where the money of a locked order came from, written down if it was not yet."""
    known = await repository.funds_of(tx, order.id)
    if known or not order.total:
        return known
    own: tuple[tuple[Source, int], ...] = (("bonus", order.bonus_amount), ("wallet", order.wallet_amount))
    funds = [Fund.of(order.id, source, paid) for source, paid in own if paid]
    left = order.provider_amount
    collected = await captured.captured_of(tx, order.id) if left else []
    # What came in besides, late or twice, payments sends back by itself.
    for payment in sorted(collected, key=lambda one: one.id != order.payment_id):
        paid = min(left, payment.amount.amount)
        if paid:
            funds.append(
                Fund.of(order.id, "provider", paid, payment_id=payment.id, provider=payment.provider)
            )
        left -= paid
    await repository.add_funds(tx, funds)
    return await repository.funds_of(tx, order.id)


async def _divide(tx: Transaction, order: Order, refund: Refund, wish: Wish) -> None:
    """Say what of the refund goes where, and count it at the sources."""
    if not refund.amount:
        return
    funds = await funds_of(tx, order)
    if wish.is_of_one_fund:
        funds = [fund for fund in funds if fund.id == wish.charged_back]
    try:
        parts = domain.parts_of(
            refund.id,
            refund.amount,
            funds,
            currency=refund.currency,
            destination=refund.destination,
            charged_back=wish.charged_back,
        )
    except ValueError as error:
        raise FundsTaken(str(error)) from error
    await repository.take_funds(tx, {part.fund_id: part.amount for part in parts})
    await repository.insert_parts(tx, parts)


def _line(refund: Refund, line: OrderLine, amount: int) -> RefundLine:
    return RefundLine(
        refund_id=refund.id,
        line_id=line.id,
        amount=amount,
        ends_licence=amount == domain.remaining_of(line),
        revoked_at=None,
    )
