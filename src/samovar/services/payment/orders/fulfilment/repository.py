"""The SQL of fulfilment."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.domain import OrderLine


class _Id(msgspec.Struct, frozen=True):
    id: UUID


class Awaiting(msgspec.Struct, frozen=True):
    """A line that was bought before something in it was out."""

    id: UUID
    app_ids: tuple[UUID, ...]


async def mark_released(tx: Transaction, app_ids: Collection[UUID], now: datetime) -> int:
    """Remember those of these apps that came out for which something that was bought waits; returns how many are new."""
    return await tx.execute(
        """
        INSERT INTO released_apps (app_id, released_at)
        SELECT app_id, $2 FROM unnest($1::uuid[]) AS app_id
        WHERE EXISTS (
            SELECT FROM order_lines WHERE is_preorder AND delivered_at IS NULL AND app_ids @> ARRAY[app_id])
        ON CONFLICT DO NOTHING
        """,
        list(app_ids),
        now,
    )


async def awaited_apps(database: Database, after_id: UUID | None, limit: int) -> list[UUID]:
    """Return apps of lines that were bought before something in them was out, and may yet be given, in the order of their ids."""
    rows = await database.fetch(
        """
        SELECT DISTINCT app_id AS id
        FROM order_lines l JOIN orders o ON o.id = l.order_id, unnest(l.app_ids) AS app_id
        WHERE l.is_preorder AND l.delivered_at IS NULL AND l.refunded_at IS NULL AND o.closed_at IS NULL
            AND ($1::uuid IS NULL OR app_id > $1)
        ORDER BY app_id
        LIMIT $2
        """,
        after_id,
        limit,
        into=_Id,
    )
    return [row.id for row in rows]


async def awaiting(database: Database, after_id: UUID | None, limit: int) -> list[Awaiting]:
    """Return licensed lines with an app that came out, in the order of their ids."""
    return await database.fetch(
        """
        SELECT l.id, l.app_ids
        FROM order_lines l
        WHERE l.is_preorder AND l.delivered_at IS NULL AND l.licensed_at IS NOT NULL AND l.refunded_at IS NULL
            AND l.app_ids && ARRAY(SELECT app_id FROM released_apps)
            AND ($1::uuid IS NULL OR l.id > $1)
        ORDER BY l.id
        LIMIT $2
        """,
        after_id,
        limit,
        into=Awaiting,
    )


async def forget_released(tx: Transaction, before: datetime) -> int:
    """Forget apps that came out before, for which nothing waits any more."""
    return await tx.execute(
        """
        DELETE FROM released_apps r
        WHERE r.released_at < $1 AND NOT EXISTS (
            SELECT FROM order_lines l JOIN orders o ON o.id = l.order_id
            WHERE l.is_preorder AND l.delivered_at IS NULL AND l.refunded_at IS NULL AND o.closed_at IS NULL
                AND l.app_ids @> ARRAY[r.app_id])
        """,
        before,
    )


async def overdue_licences(
    database: Database, paid_before: datetime, asked_before: datetime, limit: int
) -> list[OrderLine]:
    """Return paid lines, of gifts those that were accepted, that have no licence though they should, the longest paid first."""
    return await database.fetch(
        """
        SELECT l.*
        FROM order_lines l
        JOIN orders o ON o.id = l.order_id
        WHERE l.licensed_at IS NULL AND l.refunded_at IS NULL AND l.refund_pending = 0
            AND o.status IN ('paid', 'partially_refunded') AND o.fulfilled_at IS NULL AND o.paid_at < $1
            AND (NOT l.is_gift OR EXISTS (
                SELECT FROM gifts g WHERE g.line_id = l.id AND g.state = 'accepted' AND g.resolved_at < $1
            ))
            AND NOT EXISTS (SELECT FROM licence_requests r WHERE r.line_id = l.id AND r.asked_at >= $2)
        ORDER BY o.paid_at, l.id
        LIMIT $3
        """,
        paid_before,
        asked_before,
        limit,
        into=OrderLine,
    )


async def remember_asked(tx: Transaction, line_ids: Collection[UUID], now: datetime) -> None:
    """Remember that library was asked for the licences of lines."""
    await tx.execute(
        """
        INSERT INTO licence_requests (line_id, asked_at) SELECT line_id, $2 FROM unnest($1::uuid[]) AS line_id
        ON CONFLICT (line_id) DO UPDATE SET asked_at = excluded.asked_at
        """,
        list(line_ids),
        now,
    )


async def undelivered(database: Database, limit: int) -> list[UUID]:
    """Return lines that have their licence and wait for nothing, and yet are not delivered: a refund of them came to nothing."""
    rows = await database.fetch(
        """
        SELECT l.id
        FROM order_lines l
        JOIN orders o ON o.id = l.order_id
        WHERE l.licensed_at IS NOT NULL AND l.delivered_at IS NULL AND NOT l.is_preorder AND l.refunded_at IS NULL
            AND l.refund_pending = 0 AND o.status IN ('paid', 'fulfilled', 'partially_refunded')
        ORDER BY l.id
        LIMIT $1
        """,
        limit,
        into=_Id,
    )
    return [row.id for row in rows]


async def release_claim_unless_refunded(tx: Transaction, line_id: UUID) -> bool:
    """Let the package of a line be bought again, unless a refund of the line does so itself."""
    return bool(
        await tx.execute(
            """
            DELETE FROM purchase_claims c USING order_lines l
            WHERE c.line_id = $1 AND l.id = c.line_id AND l.refund_pending = 0 AND l.refunded_at IS NULL
            """,
            line_id,
        )
    )
