"""What a chargeback does to an order: its money cannot go back twice, and after a loss the sale is undone. Takes the transaction first."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.payment import repository as orders
from samovar.services.payment.domain import PAID
from samovar.services.payment.gifts import withdrawing
from samovar.services.payment.refunds import domain, granting, repository
from samovar.services.payment.refunds.domain import Fund, Wish

REASON = "chargeback"


async def lock(tx: Transaction, order_id: UUID) -> None:
    """Let nobody else change an order until this transaction ends; it comes before its payment."""
    await orders.lock_order(tx, order_id)


async def hold(tx: Transaction, order_id: UUID, payment_id: UUID, amount: int) -> int:
    """Keep the money of a disputed payment from going back besides; returns how much of it the order still had."""
    fund = await _fund(tx, order_id, payment_id)
    if fund is None:
        return 0
    covered = min(amount, fund.left)
    await repository.take_funds(tx, {fund.id: covered})
    return covered


async def dispute(tx: Transaction, order_id: UUID, payment_id: UUID, amount: int) -> None:
    """Count what a bank takes that has gone back before or is on its way: until the dispute ends nobody gives that to a wallet."""
    fund = await _fund(tx, order_id, payment_id)
    if fund is not None and amount:
        await repository.dispute_fund(tx, fund.id, amount)


async def release(tx: Transaction, order_id: UUID, payment_id: UUID, *, covered: int, uncovered: int) -> None:
    """Let the money be refunded again: the dispute was won."""
    fund = await _fund(tx, order_id, payment_id)
    if fund is not None:
        await repository.take_funds(tx, {fund.id: -covered})
        await repository.dispute_fund(tx, fund.id, -uncovered)


async def take(
    tx: Transaction, order_id: UUID, payment_id: UUID, covered: int, *, actor_id: UUID | None, now: datetime
) -> UUID | None:
    """Undo the sale after a loss; returns the refund that does so, none where nothing was left to undo.

    Where the bank took all that this payment had left, all lines go back: what bonus money or the wallet had paid of them returns
    there, the licences end. Where it took a part, each line gives back its share, and the games stay.
    """
    fund = await _fund(tx, order_id, payment_id)
    order, lines = await granting.lock(tx, order_id, None)
    if fund is None or not covered or order.status not in PAID:
        return None
    await repository.take_funds(tx, {fund.id: -covered})
    left = [line for line in lines if domain.remaining_of(line)]
    amounts = {line.id: domain.remaining_of(line) for line in left}
    rest = sum(each.left for each in await granting.funds_of(tx, order))
    is_whole = not fund.left and rest == sum(amounts.values())
    if not is_whole:
        shares = order.money(covered).allocate([amounts[line.id] for line in left])
        amounts = {line.id: share.amount for line, share in zip(left, shares, strict=True) if share.amount}
    wish = Wish(
        reason=REASON,
        destination="instrument",
        actor_id=actor_id,
        charged_back=fund.id,
        is_of_one_fund=not is_whole,
    )
    refund = await granting.begin(
        tx, order, [line for line in left if line.id in amounts], amounts, wish, now=now
    )
    return refund.id


async def give_back_gifts(tx: Transaction, order_id: UUID, *, now: datetime) -> None:
    """Refund the gifts that nobody took while the dispute kept their money, once that is free; the order is locked."""
    order, lines = await granting.lock(tx, order_id, None)
    returned = await withdrawing.returned(tx, order_id)
    waiting = [line for line in lines if line.id in returned and domain.remaining_of(line)]
    if not waiting or order.status not in PAID:
        return
    left = sum(fund.left for fund in await granting.funds_of(tx, order))
    for line in waiting:
        # What another dispute keeps waits for its end.
        left -= domain.remaining_of(line)
        if left >= 0:
            await granting.grant(
                tx,
                order_id=order_id,
                line_ids=[line.id],
                reason=f"gift_{returned[line.id]}",
                destination="instrument",
                actor_id=None,
                now=now,
            )


async def _fund(tx: Transaction, order_id: UUID, payment_id: UUID) -> Fund | None:
    order = await orders.find_order(tx, order_id)
    if order is None or order.status not in {*PAID, "refunded"}:
        return None
    return next((fund for fund in await granting.funds_of(tx, order) if fund.payment_id == payment_id), None)
