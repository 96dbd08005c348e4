"""The SQL of ownership."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.ownership.domain import Licence
from samovar.services.library.contract.events import LicenceGranted, LicenceRevoked


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
    told: LicenceGranted | LicenceRevoked,
    *,
    revoked_at: datetime | None = None,
    revoke_reason: str | None = None,
) -> bool:
    """Keep what was told of a licence; false when it was known, or over, already. Its end is for good."""
    count = await tx.execute(
        """
        INSERT INTO held_licences (licence_id, account_id, app_ids, kind, granted_at, revoked_at, revoke_reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (licence_id) DO UPDATE SET revoked_at = excluded.revoked_at, revoke_reason = excluded.revoke_reason
        WHERE excluded.revoked_at IS NOT NULL AND held_licences.revoked_at IS NULL
        """,
        told.licence_id,
        told.account_id,
        list(told.app_ids),
        told.kind,
        told.granted_at,
        revoked_at,
        revoke_reason,
    )
    return count > 0


async def list_licences(
    reader: Database | Transaction, account_id: UUID, app_ids: Sequence[UUID]
) -> list[Licence]:
    """Return a person's licences to these apps, one row an app and licence."""
    return await reader.fetch(
        """
        SELECT app_id, h.kind, h.revoked_at, h.revoke_reason FROM held_licences h, unnest(h.app_ids) AS app_id
        WHERE h.account_id = $1 AND app_id = ANY($2::uuid[])
        """,
        account_id,
        list(app_ids),
        into=Licence,
    )


async def derive_owned(tx: Transaction, account_id: UUID, app_ids: Sequence[UUID]) -> None:
    """Write which of these apps a person has, from the licences that are not over."""
    await tx.execute(
        """
        WITH opened AS (
            SELECT app_id, min(h.granted_at) AS since
            FROM held_licences h, unnest(h.app_ids) AS app_id
            WHERE h.account_id = $1 AND h.revoked_at IS NULL AND app_id = ANY($2::uuid[])
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
