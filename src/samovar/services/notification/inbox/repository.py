"""The SQL of the inbox."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.notification.inbox.schemas import UnreadCount


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A notification, with the names of what it is about as they are now; none where nobody knows them."""

    id: UUID
    kind: str
    app_id: UUID | None
    person_id: UUID | None
    organisation_id: UUID | None
    facts: dict[str, Any]
    happened_at: datetime
    read_at: datetime | None
    slug: str | None
    title: str | None
    display_name: str | None
    avatar_url: str | None
    organisation: str | None


async def list_rows(
    database: Database, account_id: UUID, *, before: UUID | None, is_unread: bool, limit: int
) -> list[Row]:
    """Return what somebody was told, the latest first; `before` that one."""
    return await database.fetch(
        """
        SELECT n.id, n.kind, coalesce(n.app_id, k.app_id) AS app_id, n.person_id, n.organisation_id, n.facts,
               n.happened_at, n.read_at, a.slug, a.title, p.display_name, p.avatar_url, o.name AS organisation
        FROM (
            SELECT * FROM notifications
            WHERE account_id = $1 AND NOT is_withdrawn AND ($2::uuid IS NULL OR id < $2)
              AND (NOT $3 OR read_at IS NULL)
            ORDER BY id DESC LIMIT $4
        ) n
        LEFT JOIN package_apps k ON k.package_id = n.package_id
        LEFT JOIN app_names a ON a.app_id = coalesce(n.app_id, k.app_id)
        LEFT JOIN people p ON p.account_id = n.person_id
        LEFT JOIN organisation_names o ON o.organisation_id = n.organisation_id
        ORDER BY n.id DESC
        """,
        account_id,
        before,
        is_unread,
        limit,
        into=Row,
    )


async def count_unread(database: Database, account_id: UUID) -> UnreadCount:
    """Return how many notifications somebody has not read, and the latest of all."""
    found = await database.fetch_one(
        """
        SELECT (SELECT count(*) FROM notifications WHERE account_id = $1 AND read_at IS NULL AND NOT is_withdrawn) AS unread,
               (SELECT id FROM notifications WHERE account_id = $1 AND NOT is_withdrawn ORDER BY id DESC LIMIT 1) AS latest_id
        """,
        account_id,
        into=UnreadCount,
    )
    return found or UnreadCount(0, None)


async def mark_read(
    tx: Transaction, account_id: UUID, *, ids: Sequence[UUID] | None, up_to: UUID | None, now: datetime
) -> int:
    """Mark notifications of somebody as read; return how many were unread."""
    return await tx.execute(
        """
        UPDATE notifications SET read_at = $4
        WHERE account_id = $1 AND read_at IS NULL AND NOT is_withdrawn
          AND (id = ANY($2::uuid[]) OR id <= $3::uuid)
        """,
        account_id,
        list(ids) if ids is not None else None,
        up_to,
        now,
    )


async def delete_older(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` notifications that are older."""
    return await tx.execute(
        "DELETE FROM notifications WHERE id = ANY(ARRAY(SELECT id FROM notifications WHERE told_at < $1 LIMIT $2))",
        moment,
        limit,
    )
