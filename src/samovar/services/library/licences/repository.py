"""The SQL of licences."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.library.licences.domain import EXPIRED, Licence, LicenceKind
from samovar.services.library.licences.schemas import Held

_LICENCES = """
    SELECT id, account_id, package_id, app_ids, kind, source, source_id, granted_at, expires_at, revoked_at, revoke_reason
    FROM licences
"""


class _Id(msgspec.Struct, frozen=True):
    id: UUID


class _Checked(msgspec.Struct, frozen=True):
    app_id: UUID
    played_s: int | None
    granted_at: datetime | None
    kind: LicenceKind | None


class _Period(msgspec.Struct, frozen=True):
    begun_at: datetime
    ended_at: datetime | None


async def check(
    database: Database, account_id: UUID, app_ids: Sequence[UUID], now: datetime
) -> dict[UUID, Held]:
    """Return what an account has, or had, of these apps; what it never had is left out."""
    # Reads of one index each: joined, an account with thousands of licences would be read whole.
    rows = await database.fetch(
        """
        SELECT app_id, played_s + brought_s AS played_s, NULL::timestamptz AS granted_at, NULL::text AS kind
        FROM library_entries
        WHERE account_id = $1 AND app_id = ANY($2::uuid[])
        UNION ALL
        SELECT app_id, NULL, granted_at, kind
        FROM licence_apps
        WHERE account_id = $1 AND app_id = ANY($2::uuid[]) AND (expires_at IS NULL OR expires_at > $3)
        UNION ALL
        SELECT DISTINCT app_id, NULL::bigint, NULL::timestamptz, 'family'
        FROM licence_apps
        WHERE account_id = ANY(ARRAY(
                SELECT m.account_id
                FROM family_members mine
                JOIN family_members m ON m.family_id = mine.family_id AND m.is_member AND m.account_id <> $1
                WHERE mine.account_id = $1 AND mine.is_member
            )) AND app_id = ANY($2::uuid[]) AND kind IN ('purchase', 'gift', 'key', 'grant')
            AND (expires_at IS NULL OR expires_at > $3)
        """,
        account_id,
        list(app_ids),
        now,
        into=_Checked,
    )
    played_s = {row.app_id: row.played_s for row in rows if row.kind is None}
    since: dict[UUID, datetime] = {}
    kinds: dict[UUID, tuple[LicenceKind, ...]] = {}
    for row in rows:
        if row.granted_at:
            since[row.app_id] = min(since.get(row.app_id, row.granted_at), row.granted_at)
        if row.kind:
            known = kinds.get(row.app_id, ())
            kinds[row.app_id] = known if row.kind in known else (*known, row.kind)
    return {
        app_id: Held(since=since.get(app_id), kinds=kinds.get(app_id, ()), played_s=played_s.get(app_id))
        for app_id in played_s.keys() | kinds.keys()
    }


async def opened(tx: Transaction, account_id: UUID, app_ids: Sequence[UUID], now: datetime) -> set[UUID]:
    """Return which of these apps a licence of the account opens."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT app_id AS id FROM licence_apps
        WHERE account_id = $1 AND app_id = ANY($2::uuid[]) AND (expires_at IS NULL OR expires_at > $3)
        """,
        account_id,
        list(app_ids),
        now,
        into=_Id,
    )
    return {row.id for row in rows}


async def granted(tx: Transaction, account_id: UUID, app_id: UUID, now: datetime) -> bool:
    """Return whether a licence by an operator's hand opens an app."""
    return bool(
        await tx.fetch_value(
            """
            SELECT true FROM licence_apps
            WHERE account_id = $1 AND app_id = $2 AND kind = 'grant' AND (expires_at IS NULL OR expires_at > $3)
            LIMIT 1
            """,
            account_id,
            app_id,
            now,
        )
    )


async def kept(tx: Transaction, account_id: UUID, app_ids: Sequence[UUID]) -> set[UUID]:
    """Return which of these apps a licence that does not end by itself opens."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT app_id AS id FROM licence_apps
        WHERE account_id = $1 AND app_id = ANY($2::uuid[]) AND expires_at IS NULL AND kind NOT IN ('trial', 'family')
        """,
        account_id,
        list(app_ids),
        into=_Id,
    )
    return {row.id for row in rows}


async def periods(tx: Transaction, account_id: UUID, app_id: UUID) -> list[tuple[datetime, datetime | None]]:
    """Return from when to when each licence of an account opened an app; what was over from the beginning is left out."""
    rows = await tx.fetch(
        """
        SELECT granted_at AS begun_at, least(expires_at, revoked_at) AS ended_at FROM licences
        WHERE account_id = $1 AND $2 = ANY(app_ids) AND revoked_at IS DISTINCT FROM granted_at
        """,
        account_id,
        app_id,
        into=_Period,
    )
    return [(row.begun_at, row.ended_at) for row in rows]


async def list_licences(
    database: Database, account_id: UUID | None, after_id: UUID | None, limit: int
) -> list[Licence]:
    """Return licences in the order of their ids, revoked ones too; of all accounts when none is named."""
    condition = "account_id = $3" if account_id else "$3::uuid IS NULL"
    return await database.fetch(
        f"""
        {_LICENCES}
        WHERE {condition} AND ($1::uuid IS NULL OR id > $1)
        ORDER BY id
        LIMIT $2
        """,
        after_id,
        limit,
        account_id,
        into=Licence,
    )


async def find_by_source(tx: Transaction, source: str, source_id: str) -> Licence | None:
    """Return what a source has granted under a name of its own; nobody changes it until the end of the transaction."""
    return await tx.fetch_one(
        f"{_LICENCES} WHERE source = $1 AND source_id = $2 FOR NO KEY UPDATE",
        source,
        source_id,
        into=Licence,
    )


async def find(tx: Transaction, licence_id: UUID) -> Licence | None:
    """Return a licence; nobody changes it until the end of the transaction."""
    return await tx.fetch_one(f"{_LICENCES} WHERE id = $1 FOR NO KEY UPDATE", licence_id, into=Licence)


async def insert(tx: Transaction, licences: Sequence[Licence]) -> set[UUID]:
    """Keep new licences, and those that are over from the beginning; return those whose source had no such name before.

    Where another transaction is just taking a name, this waits for its end.
    """
    rows = await tx.fetch(
        """
        INSERT INTO licences (
            id, account_id, package_id, app_ids, kind, source, source_id, granted_at, expires_at, revoked_at, revoke_reason
        )
        SELECT id, account_id, package_id, app_ids, kind, source, source_id, granted_at, expires_at, revoked_at, revoke_reason
        FROM jsonb_to_recordset($1) AS wanted (
            id uuid, account_id uuid, package_id uuid, app_ids uuid[], kind text, source text, source_id text,
            granted_at timestamptz, expires_at timestamptz, revoked_at timestamptz, revoke_reason text
        )
        ORDER BY source, source_id
        ON CONFLICT (source, source_id) DO NOTHING
        RETURNING id
        """,
        licences,
        into=_Id,
    )
    new = [row.id for row in rows]
    await tx.execute(
        """
        INSERT INTO library_entries (account_id, app_id)
        SELECT DISTINCT account_id, app_id FROM licences, unnest(app_ids) AS app_id
        WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL
        ORDER BY account_id, app_id
        ON CONFLICT DO NOTHING
        """,
        new,
    )
    await tx.execute(
        """
        INSERT INTO licence_apps (account_id, app_id, licence_id, kind, granted_at, expires_at)
        SELECT account_id, app_id, id, kind, granted_at, expires_at
        FROM licences, unnest(app_ids) AS app_id
        WHERE id = ANY($1::uuid[]) AND revoked_at IS NULL
        """,
        new,
    )
    return set(new)


async def lock_by_sources(tx: Transaction, source: str, source_ids: Sequence[str]) -> list[Licence]:
    """Return what a source has granted under these names; nobody changes it until the end of the transaction."""
    return await tx.fetch(
        f"{_LICENCES} WHERE source = $1 AND source_id = ANY($2::text[]) ORDER BY source_id FOR NO KEY UPDATE",
        source,
        list(source_ids),
        into=Licence,
    )


async def revoke(tx: Transaction, licence_ids: Sequence[UUID], reason: str, now: datetime) -> None:
    """End licences."""
    await tx.execute(
        "UPDATE licences SET revoked_at = $2, revoke_reason = $3 WHERE id = ANY($1::uuid[])",
        list(licence_ids),
        now,
        reason,
    )
    await tx.execute("DELETE FROM licence_apps WHERE licence_id = ANY($1::uuid[])", list(licence_ids))


async def expire(tx: Transaction, now: datetime, limit: int) -> list[Licence]:
    """End licences whose time is over, the earliest first, and return them."""
    ended = await tx.fetch(
        """
        UPDATE licences SET revoked_at = $1, revoke_reason = $3
        WHERE id IN (
            SELECT id FROM licences
            WHERE expires_at <= $1 AND revoked_at IS NULL
            ORDER BY expires_at, id
            LIMIT $2
            FOR NO KEY UPDATE SKIP LOCKED
        )
        RETURNING id, account_id, package_id, app_ids, kind, source, source_id, granted_at, expires_at, revoked_at,
            revoke_reason
        """,
        now,
        limit,
        EXPIRED,
        into=Licence,
    )
    await tx.execute(
        "DELETE FROM licence_apps WHERE licence_id = ANY($1::uuid[])", [licence.id for licence in ended]
    )
    return ended
