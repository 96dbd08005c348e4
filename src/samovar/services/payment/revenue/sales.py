"""What is to be split: every delivered line, once. The splitter takes it from here a moment later."""

from collections.abc import Sequence
from datetime import datetime

from samovar.kit.database import Transaction
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.revenue import repository


async def record(tx: Transaction, order: Order, lines: Sequence[OrderLine], *, now: datetime) -> None:
    """Put delivered lines into the queue of what is to be split. The same again changes nothing; a free one is not there.

    Nothing that many sales share is locked, so that a release day has no row that all wait for.
    """
    sold = [line for line in lines if line.final > 0]
    if sold:
        await repository.record_sales(tx, order, sold, delivered_at=now)
