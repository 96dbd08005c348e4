"""The SQL of releases."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction


class Waiting(msgspec.Struct, frozen=True):
    """Somebody who has bought an app before it was out."""

    account_id: UUID


class Preorder(msgspec.Struct, frozen=True):
    """An app that somebody has bought before it was out."""

    app_id: UUID
    account_id: UUID
    line_id: UUID


async def put(tx: Transaction, preorders: Sequence[Preorder], bought_at: datetime) -> None:
    """Keep who waits, except for lines that were taken back already and for whoever was forgotten."""
    await tx.execute(
        """
        WITH wanted AS (
            SELECT * FROM jsonb_to_recordset($1) AS p (app_id uuid, account_id uuid, line_id uuid)
        ), awaited AS (
            INSERT INTO awaited_apps (app_id) SELECT DISTINCT app_id FROM wanted ORDER BY app_id
            ON CONFLICT DO NOTHING
        )
        INSERT INTO preorders (app_id, account_id, line_id, bought_at)
        SELECT w.app_id, w.account_id, w.line_id, $2 FROM wanted w
        WHERE NOT EXISTS (SELECT FROM lost_lines l WHERE l.line_id = w.line_id)
          AND NOT EXISTS (SELECT FROM forgotten f WHERE f.id = w.account_id)
        ON CONFLICT DO NOTHING
        """,
        list(preorders),
        bought_at,
    )


async def remove_lines(tx: Transaction, line_ids: Sequence[UUID], lost_at: datetime) -> None:
    """Let nobody wait by these lines any more, nor later."""
    await tx.execute(
        """
        WITH lost AS (
            INSERT INTO lost_lines (line_id, lost_at) SELECT id, $2 FROM unnest($1::uuid[]) AS l (id)
            ON CONFLICT DO NOTHING
        )
        DELETE FROM preorders WHERE line_id = ANY($1::uuid[])
        """,
        list(line_ids),
        lost_at,
    )


async def is_out(tx: Transaction, app_ids: Sequence[UUID]) -> bool:
    """Return whether all these apps can be played, as far as is known."""
    return bool(
        await tx.fetch_value(
            "SELECT count(*) = cardinality($1::uuid[]) FROM app_names WHERE app_id = ANY($1::uuid[]) AND is_out",
            list(app_ids),
        )
    )


async def find_released(tx: Transaction) -> UUID | None:
    """Return an app that has come out and that somebody waits for."""
    found: UUID | None = await tx.fetch_value(
        """
        SELECT w.app_id FROM awaited_apps w JOIN app_names a ON a.app_id = w.app_id
        WHERE a.is_out AND EXISTS (SELECT FROM preorders p WHERE p.app_id = w.app_id) LIMIT 1
        """
    )
    return found


async def take_waiting(tx: Transaction, app_id: UUID, limit: int) -> list[UUID]:
    """Return the next of those who wait, who wait no longer then."""
    rows = await tx.fetch(
        """
        DELETE FROM preorders WHERE app_id = $1 AND account_id = ANY(ARRAY(
            SELECT account_id FROM preorders WHERE app_id = $1 ORDER BY account_id LIMIT $2 FOR UPDATE SKIP LOCKED
        ))
        RETURNING account_id
        """,
        app_id,
        limit,
        into=Waiting,
    )
    return [row.account_id for row in rows]


async def delete_old_lost_lines(tx: Transaction, before: datetime, limit: int) -> int:
    """Forget up to `limit` lines that were lost so long ago that their purchase cannot come any more."""
    return await tx.execute(
        "DELETE FROM lost_lines WHERE line_id = ANY(ARRAY(SELECT line_id FROM lost_lines WHERE lost_at < $1 LIMIT $2))",
        before,
        limit,
    )
