"""SQL that all rooms share: orders and their lines, as they are read and locked."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.domain import Order, OrderLine


async def find_order(reader: Database | Transaction, order_id: UUID) -> Order | None:
    """Return an order."""
    return await reader.fetch_one("SELECT * FROM orders WHERE id = $1", order_id, into=Order)


async def lock_order(tx: Transaction, order_id: UUID) -> Order | None:
    """Return an order that nobody else can change until this transaction ends: whoever changes one takes it first."""
    return await tx.fetch_one("SELECT * FROM orders WHERE id = $1 FOR NO KEY UPDATE", order_id, into=Order)


async def lines_of(reader: Database | Transaction, order_ids: Sequence[UUID]) -> list[OrderLine]:
    """Return the lines of orders, each order's in their order."""
    return await reader.fetch(
        "SELECT * FROM order_lines WHERE order_id = ANY($1) ORDER BY order_id, position",
        order_ids,
        into=OrderLine,
    )


async def find_lines(reader: Database | Transaction, line_ids: Sequence[UUID]) -> list[OrderLine]:
    """Return lines by their ids."""
    return await reader.fetch(
        "SELECT * FROM order_lines WHERE id = ANY($1) ORDER BY order_id, position", line_ids, into=OrderLine
    )
