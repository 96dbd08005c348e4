"""The SQL of what is left over."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction

Reader = Database | Transaction


class _Id(msgspec.Struct, frozen=True):
    id: UUID


class Leftover(msgspec.Struct, frozen=True):
    """An object that nothing names."""

    kind: str
    id: bytes


class Ages(NamedTuple):
    """Before when something must have been left to go on to the next stage."""

    stored: datetime
    left: datetime
    ended: datetime


async def drop_uploads(tx: Transaction, now: datetime, limit: int) -> list[UUID]:
    """Give up uploads whose time is over; returns them, and those whose nodes were not deleted the last time."""
    await tx.execute(
        """
        UPDATE builds SET state = 'dropped' WHERE id IN (
            SELECT id FROM builds WHERE state = 'uploading' AND expires_at < $1 ORDER BY expires_at LIMIT $2
            FOR UPDATE SKIP LOCKED
        )
        """,
        now,
        limit,
    )
    rows = await tx.fetch(
        "SELECT id FROM builds WHERE state = 'dropped' AND expires_at IS NOT NULL LIMIT $1", limit, into=_Id
    )
    return [row.id for row in rows]


async def forget_uploads(tx: Transaction, build_ids: Sequence[UUID]) -> None:
    """Keep that nothing of these uploads is in the store, their packs apart."""
    await tx.execute("UPDATE builds SET expires_at = NULL WHERE id = ANY($1::uuid[])", list(build_ids))


async def app_with_waste(reader: Reader, stored_before: datetime) -> UUID | None:
    """Return an app with packs that no build needs and to which nothing is being uploaded."""
    found: UUID | None = await reader.fetch_value(
        """
        SELECT p.app_id FROM packs p JOIN objects o ON o.app_id = p.app_id AND o.kind = 'packs' AND o.id = p.id
        WHERE o.stored_at < $1 AND NOT EXISTS (SELECT FROM build_packs b WHERE b.pack_id = p.id)
            AND NOT EXISTS (SELECT FROM builds u WHERE u.app_id = p.app_id AND u.state = 'uploading')
        LIMIT 1
        """,
        stored_before,
    )
    return found


async def leave_packs(
    tx: Transaction, app_id: UUID, stored_before: datetime, now: datetime, limit: int
) -> int:
    """Forget packs of an app that no build needs: from then on their chunks are missing, unless they lie elsewhere. Returns how many.

    While something is uploaded to the app, none: the client was told that it need not send what is there.
    """
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('builds ' || $1, 0))", str(app_id))
    left: int = await tx.fetch_value(
        """
        WITH left_over AS (
            SELECT p.id FROM packs p JOIN objects o ON o.app_id = p.app_id AND o.kind = 'packs' AND o.id = p.id
            WHERE p.app_id = $1 AND o.stored_at < $2
                AND NOT EXISTS (SELECT FROM build_packs b WHERE b.pack_id = p.id)
                AND NOT EXISTS (SELECT FROM builds u WHERE u.app_id = $1 AND u.state = 'uploading')
            LIMIT $4
        ), no_chunks AS (
            DELETE FROM chunks WHERE app_id = $1 AND pack_id IN (SELECT id FROM left_over)
        ), no_packs AS (
            DELETE FROM packs WHERE app_id = $1 AND id IN (SELECT id FROM left_over)
        ), no_objects AS (
            DELETE FROM objects o WHERE o.app_id = $1 AND o.kind = 'packs' AND o.id IN (SELECT id FROM left_over)
                AND NOT EXISTS (SELECT FROM delta_objects d WHERE d.app_id = $1 AND d.kind = 'packs' AND d.id = o.id)
            RETURNING o.id
        ), wasted AS (
            INSERT INTO waste (kind, id, since) SELECT 'packs', id, $3 FROM no_objects
            ON CONFLICT (kind, id) DO UPDATE SET since = excluded.since
        )
        SELECT count(*) FROM left_over
        """,
        app_id,
        stored_before,
        now,
        limit,
    )
    return left


async def leave_plans(
    tx: Transaction, *, unused_since: datetime, stored_before: datetime, now: datetime, limit: int
) -> int:
    """Forget plans that nobody has used since then, and the objects of plans that were made anew. Returns how many."""
    left: int = await tx.fetch_value(
        """
        WITH unused AS (
            DELETE FROM plans WHERE ctid IN (
                SELECT ctid FROM plans WHERE coalesce(used_at, made_at) < $1 LIMIT $4 FOR UPDATE SKIP LOCKED
            ) RETURNING app_id, plan_id
        ), gone AS (
            DELETE FROM objects o WHERE (o.app_id, o.kind, o.id) IN (
                SELECT o.app_id, o.kind, o.id FROM objects o
                WHERE o.kind = 'plans' AND o.stored_at < $2
                    AND NOT EXISTS (SELECT FROM plans p WHERE p.app_id = o.app_id AND p.plan_id = o.id)
                LIMIT $4 FOR UPDATE SKIP LOCKED
            ) RETURNING o.kind, o.id
        ), wasted AS (
            INSERT INTO waste (kind, id, since) SELECT DISTINCT kind, id, $3::timestamptz FROM gone
            ON CONFLICT (kind, id) DO UPDATE SET since = excluded.since
        )
        SELECT (SELECT count(*) FROM unused) + (SELECT count(*) FROM gone)
        """,
        unused_since,
        stored_before,
        now,
        limit,
    )
    return left


async def begin(tx: Transaction, left_before: datetime, now: datetime, limit: int) -> list[Leftover]:
    """Return objects whose bytes may go: nothing names them, in no app."""
    return await tx.fetch(
        """
        UPDATE waste w SET begun_at = coalesce(w.begun_at, $2)
        WHERE w.ended_at IS NULL AND (w.kind, w.id) IN (
            SELECT kind, id FROM waste WHERE since < $1 AND ended_at IS NULL ORDER BY since LIMIT $3
        ) AND NOT EXISTS (SELECT FROM objects o WHERE o.kind = w.kind AND o.id = w.id)
        RETURNING w.kind, w.id
        """,
        left_before,
        now,
        limit,
        into=Leftover,
    )


async def end(tx: Transaction, gone: Sequence[Leftover], now: datetime) -> None:
    """Keep that bytes are gone."""
    await tx.execute(
        """
        UPDATE waste SET ended_at = $3
        WHERE (kind, id) IN (SELECT * FROM unnest($1::text[], $2::bytea[])) AND begun_at IS NOT NULL
        """,
        [one.kind for one in gone],
        [one.id for one in gone],
        now,
    )


async def forget(tx: Transaction, left_before: datetime, ended_before: datetime) -> None:
    """Forget what is long gone, and what something names again."""
    await tx.execute(
        """
        DELETE FROM waste w WHERE w.ended_at < $2 OR (
            w.since < $1 AND w.begun_at IS NULL
            AND EXISTS (SELECT FROM objects o WHERE o.kind = w.kind AND o.id = w.id)
        )
        """,
        left_before,
        ended_before,
    )


async def count_waiting(reader: Reader) -> int:
    """Return how many objects nothing names any more, whose bytes are still there."""
    found: int = await reader.fetch_value(
        """
        SELECT count(*) FROM waste w WHERE w.ended_at IS NULL
            AND NOT EXISTS (SELECT FROM objects o WHERE o.kind = w.kind AND o.id = w.id)
        """
    )
    return found
