"""The SQL of gifts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.gifts.domain import Gift, GiftState, Reason

Reader = Database | Transaction


class GiftKey(msgspec.Struct, frozen=True):
    """Where a page of gifts ends."""

    id: UUID


async def insert_gifts(tx: Transaction, gifts: Sequence[Gift]) -> list[Gift]:
    """Keep gifts, and return those that are new: of each line there is one."""
    return await tx.fetch(
        """
        INSERT INTO gifts (id, line_id, order_id, sender_id, recipient_id, package_id, app_ids, names, message, state, sent_at,
            expires_at)
        SELECT id, line_id, order_id, sender_id, recipient_id, package_id,
            ARRAY(SELECT jsonb_array_elements_text(app_ids)::uuid), names, message, 'sent', sent_at, expires_at
        FROM jsonb_to_recordset($1::jsonb) AS made (id uuid, line_id uuid, order_id uuid, sender_id uuid, recipient_id uuid,
            package_id uuid, app_ids jsonb, names jsonb, message text, sent_at timestamptz, expires_at timestamptz)
        ON CONFLICT (line_id) DO NOTHING
        RETURNING *
        """,
        gifts,
        into=Gift,
    )


async def find_gift(reader: Reader, gift_id: UUID) -> Gift | None:
    """Return a gift."""
    return await reader.fetch_one("SELECT * FROM gifts WHERE id = $1", gift_id, into=Gift)


async def gifts_of_lines(tx: Transaction, line_ids: Sequence[UUID]) -> list[Gift]:
    """Return the gifts of lines that still wait, those of one order after another."""
    return await tx.fetch(
        "SELECT * FROM gifts WHERE line_id = ANY($1) AND state = 'sent' ORDER BY order_id, id",
        list(line_ids),
        into=Gift,
    )


async def returned_of_order(tx: Transaction, order_id: UUID) -> list[Gift]:
    """Return the gifts of an order that nobody took."""
    return await tx.fetch(
        "SELECT * FROM gifts WHERE order_id = $1 AND state = 'returned' ORDER BY id", order_id, into=Gift
    )


async def resolve(
    tx: Transaction, gift_ids: Sequence[UUID], state: GiftState, reason: Reason | None, now: datetime
) -> list[Gift]:
    """End the waiting of gifts; those that wait no longer are left out."""
    return await tx.fetch(
        """
        UPDATE gifts SET state = $2, reason = $3, resolved_at = $4 WHERE id = ANY($1) AND state = 'sent' RETURNING *
        """,
        list(gift_ids),
        state,
        reason,
        now,
        into=Gift,
    )


async def list_received(
    database: Database, account_id: UUID, state: GiftState | None, after: GiftKey | None, limit: int
) -> list[Gift]:
    """Return gifts for somebody, the latest first."""
    return await database.fetch(
        """
        SELECT * FROM gifts
        WHERE recipient_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR id < $3)
        ORDER BY id DESC LIMIT $4
        """,
        account_id,
        state,
        after.id if after else None,
        limit,
        into=Gift,
    )


async def list_sent(
    database: Database, account_id: UUID, state: GiftState | None, after: GiftKey | None, limit: int
) -> list[Gift]:
    """Return gifts from somebody, the latest first."""
    return await database.fetch(
        """
        SELECT * FROM gifts
        WHERE sender_id = $1 AND ($2::text IS NULL OR state = $2) AND ($3::uuid IS NULL OR id < $3)
        ORDER BY id DESC LIMIT $4
        """,
        account_id,
        state,
        after.id if after else None,
        limit,
        into=Gift,
    )


async def list_overdue(database: Database, now: datetime, limit: int) -> list[Gift]:
    """Return gifts that have waited long enough, the oldest first."""
    return await database.fetch(
        "SELECT * FROM gifts WHERE state = 'sent' AND expires_at <= $1 ORDER BY expires_at LIMIT $2",
        now,
        limit,
        into=Gift,
    )


class Misplaced(msgspec.Struct, frozen=True):
    """A line whose gift is not what it should be."""

    line_id: UUID
    detail: str


async def misplaced(database: Database, limit: int) -> list[Misplaced]:
    """Return paid gifts that were never sent, and gifts that opened something without having been accepted."""
    return await database.fetch(
        """
        SELECT l.id AS line_id, CASE WHEN g.id IS NULL THEN 'paid, and no gift was sent'
            ELSE 'it is ' || g.state || ', and opened something' END AS detail
        FROM order_lines l JOIN orders o ON o.id = l.order_id LEFT JOIN gifts g ON g.line_id = l.id
        WHERE l.is_gift AND o.paid_at IS NOT NULL AND o.status <> 'failed'
            AND (g.id IS NULL OR (g.state <> 'accepted' AND l.licensed_at IS NOT NULL))
        LIMIT $1
        """,
        limit,
        into=Misplaced,
    )
