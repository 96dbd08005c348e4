"""The SQL of making and ending orders."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.domain import Order, OrderLine


class _Claim(msgspec.Struct, frozen=True):
    account_id: UUID
    package_id: UUID


class _Id(msgspec.Struct, frozen=True):
    id: UUID


async def paid_claims(tx: Transaction, lines: Sequence[OrderLine]) -> set[tuple[UUID, UUID]]:
    """Return which recipients have, by a paid order, which of these packages."""
    rows = await tx.fetch(
        """
        SELECT c.account_id, c.package_id
        FROM unnest($1::uuid[], $2::uuid[]) AS wanted (account_id, package_id)
        JOIN purchase_claims c USING (account_id, package_id)
        JOIN order_lines l ON l.id = c.line_id
        JOIN orders o ON o.id = l.order_id
        WHERE o.paid_at IS NOT NULL AND o.id <> $3
        """,
        [line.recipient_id for line in lines],
        [line.package_id for line in lines],
        lines[0].order_id,
        into=_Claim,
    )
    return {(row.account_id, row.package_id) for row in rows}


async def remember_request(tx: Transaction, order_id: UUID, key: str) -> None:
    """Keep which request made an order that is not answered yet."""
    await tx.execute("INSERT INTO order_requests (order_id, idempotency_key) VALUES ($1, $2)", order_id, key)


async def find_made(database: Database, account_id: UUID, quote_id: UUID, key: str) -> Order | None:
    """Return the order that an earlier attempt of the same request made, which died before it could answer."""
    return await database.fetch_one(
        """
        SELECT o.* FROM orders o JOIN order_requests r ON r.order_id = o.id
        WHERE o.quote_id = $1 AND o.account_id = $2 AND r.idempotency_key = $3
        """,
        quote_id,
        account_id,
        key,
        into=Order,
    )


async def overdue(database: Database, now: datetime, limit: int) -> list[UUID]:
    """Return orders whose time to be paid is over, the longest first."""
    rows = await database.fetch(
        """
        SELECT id FROM orders WHERE status IN ('created', 'pending') AND expires_at <= $1 ORDER BY expires_at LIMIT $2
        """,
        now,
        limit,
        into=_Id,
    )
    return [row.id for row in rows]


async def forget_request(tx: Transaction, order_id: UUID) -> None:
    """Forget which request made an order: it is answered in this transaction."""
    await tx.execute("DELETE FROM order_requests WHERE order_id = $1", order_id)
