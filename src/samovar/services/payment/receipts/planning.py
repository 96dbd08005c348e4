"""Planning receipts inside the transaction that moves the money. Each function only writes down what must be sent; told twice, it is once.

Receipts are of the roubles of this country's law: money in other currencies has none.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.kit.money import Money
from samovar.services.payment import repository as orders
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.receipts import domain, repository
from samovar.services.payment.receipts.domain import CURRENCY, Returned


async def order_paid(tx: Transaction, order: Order, lines: Sequence[OrderLine], *, now: datetime) -> None:
    """Plan the receipt of a paid order; the order is locked."""
    if order.currency != CURRENCY or not lines or order.bonus_amount == order.total:
        return
    states = domain.states_of(order, lines)
    # What is given at once needs no memory until it is refunded.
    await repository.insert_states(tx, [state for state in states if not state.is_closed])
    plan = domain.sale(order, lines, states, now)
    if plan:
        await repository.insert_plans(tx, [plan])


async def order_delivered(
    tx: Transaction, order: Order, lines: Sequence[OrderLine], *, now: datetime
) -> None:
    """Plan the receipts that close what was paid before it was given; the order is locked."""
    later = [line for line in lines if domain.is_later(line)]
    if order.currency != CURRENCY or not later:
        return
    states = await repository.lock_states(tx, [line.id for line in later])
    plans = [domain.delivery(order, line, states[line.id], now) for line in later if line.id in states]
    await repository.insert_plans(tx, [plan for plan in plans if plan])
    await repository.update_states(
        tx, [msgspec.structs.replace(state, is_closed=True) for state in states.values()]
    )


async def topped_up(
    tx: Transaction, *, top_up_id: UUID, account_id: UUID, amount: Money, payment_id: UUID, now: datetime
) -> None:
    """Plan the receipt of an advance: a top-up, or money that fitted nothing, whose `top_up_id` is its payment's."""
    del payment_id
    if amount.currency == CURRENCY:
        await repository.insert_plans(tx, [domain.advance(top_up_id, account_id, amount, now)])


async def refund_settled(
    tx: Transaction,
    *,
    refund_id: UUID,
    order_id: UUID | None,
    top_up_id: UUID | None,
    line_amounts: Mapping[UUID, int],
    amount: Money,
    destination: str,
    now: datetime,
    parts: Mapping[str, int] | None = None,
) -> None:
    """Plan the receipt of money that went back; the order is locked.

    Args:
        tx: The transaction that settles the refund.
        refund_id: The cause.
        order_id: Whose lines went back.
        top_up_id: Or which advance did.
        line_amounts: What of each line.
        amount: All of it.
        destination: Where it went: `instrument`, `wallet` or `bonus`.
        now: The time.
        parts: How much went to each destination, where it is more than one.
    """
    if amount.currency != CURRENCY or not amount.amount or await repository.has_plan(tx, refund_id, "refund"):
        return
    if order_id is None:
        advance = await repository.find_advance(tx, top_up_id) if top_up_id else None
        if advance:
            plan = domain.advance_back(refund_id, amount, now, of=advance)
            await repository.insert_plans(tx, [plan])
        return
    order = await orders.find_order(tx, order_id)
    lines = {line.id: line for line in await orders.lines_of(tx, [order_id])}
    if order is None or order.paid_at is None:
        return
    await repository.insert_states(tx, domain.states_of(order, list(lines.values())))
    states = await repository.lock_states(tx, [line_id for line_id in lines if line_amounts.get(line_id)])
    kept = [states[line_id] for line_id in lines if line_id in states]
    returned = msgspec.convert(dict(parts or {destination: amount.amount}), type=Returned)
    planned, after = domain.refund(
        refund_id, order, [lines[state.line_id] for state in kept], kept, line_amounts, returned, now
    )
    if planned:
        await repository.insert_plans(tx, [planned])
    await repository.update_states(tx, after)
