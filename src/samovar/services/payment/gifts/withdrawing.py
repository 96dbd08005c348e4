"""Gifts that nobody has taken, for whoever gives their money back: functions that take the transaction first."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.payment.gifts import repository


async def withdraw(tx: Transaction, line_ids: Sequence[UUID], *, now: datetime) -> list[UUID]:
    """End the waiting of the gifts of these lines, so that they are never accepted; return the lines whose gift that was.

    The lock of the order is the caller's. A gift that was accepted stays so: its licence is taken back as any other.
    """
    waiting = await repository.gifts_of_lines(tx, line_ids)
    gone = await repository.resolve(tx, [gift.id for gift in waiting], "returned", "withdrawn", now)
    await tx.publish_many([gift.returned("withdrawn", now) for gift in gone])
    return [gift.line_id for gift in gone]


async def returned(tx: Transaction, order_id: UUID) -> dict[UUID, str]:
    """Return the lines of an order whose gifts nobody took, and why: `declined`, `expired` or `withdrawn`."""
    return {gift.line_id: gift.reason or "" for gift in await repository.returned_of_order(tx, order_id)}
