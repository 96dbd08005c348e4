"""The SQL of ownership."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction


class _Owned(msgspec.Struct, frozen=True):
    app_id: UUID


async def find_owned(reader: Database | Transaction, account_id: UUID, app_ids: Sequence[UUID]) -> set[UUID]:
    """Return which of these apps a person has."""
    rows = await reader.fetch(
        "SELECT app_id FROM owned_apps WHERE account_id = $1 AND app_id = ANY($2::uuid[])",
        account_id,
        list(app_ids),
        into=_Owned,
    )
    return {row.app_id for row in rows}


async def lock_owner(tx: Transaction, account_id: UUID) -> None:
    """Let what is told of one person be written one after the other: what they own is derived from all of it."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('owned ' || $1, 0))", str(account_id))


async def put_licence(
    tx: Transaction,
    *,
    licence_id: UUID,
    account_id: UUID,
    app_ids: Sequence[UUID],
    granted_at: datetime,
    is_over: bool,
) -> bool:
    """Keep what was told of a licence; false when it was known, or over, already."""
    count = await tx.execute(
        """
        INSERT INTO held_licences (licence_id, account_id, app_ids, granted_at, is_over) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (licence_id) DO UPDATE SET is_over = true WHERE excluded.is_over AND NOT held_licences.is_over
        """,
        licence_id,
        account_id,
        list(app_ids),
        granted_at,
        is_over,
    )
    return count > 0


async def derive_owned(tx: Transaction, account_id: UUID, app_ids: Sequence[UUID]) -> None:
    """Write which of these apps a person has, from the licences that are not over."""
    await tx.execute(
        """
        WITH opened AS (
            SELECT app_id, min(h.granted_at) AS since
            FROM held_licences h, unnest(h.app_ids) AS app_id
            WHERE h.account_id = $1 AND NOT h.is_over AND app_id = ANY($2::uuid[])
            GROUP BY app_id
        ), lost AS (
            DELETE FROM owned_apps
            WHERE account_id = $1 AND app_id = ANY($2::uuid[]) AND app_id NOT IN (SELECT app_id FROM opened)
        )
        INSERT INTO owned_apps (account_id, app_id, since)
        SELECT $1, app_id, since FROM opened
        ON CONFLICT (account_id, app_id) DO UPDATE SET since = excluded.since WHERE owned_apps.since <> excluded.since
        """,
        account_id,
        list(app_ids),
    )
