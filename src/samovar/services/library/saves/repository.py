"""The SQL of saves."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.errors import Internal
from samovar.services.library.saves.domain import File, Version
from samovar.services.library.saves.schemas import SaveFile, SaveVersion

_SHOWN = """
    SELECT v.id AS version_id, v.parent_id, v.content_id, v.size_bytes, v.device_id, v.created_at, v.is_unresolved,
        v.id = f.current_version_id AS is_current
    FROM save_files f
    JOIN save_versions v ON v.account_id = f.account_id AND v.app_id = f.app_id AND v.path = f.path
    WHERE f.account_id = $1 AND f.app_id = $2 AND f.path = $3
"""


class Blob(msgspec.Struct, frozen=True, kw_only=True):
    """A content, and whether its bytes are in the store."""

    id: UUID
    is_stored: bool


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """What cannot be pruned of the saves of a game, one file left out."""

    files: int
    size_bytes: int


class _Id(msgspec.Struct, frozen=True):
    id: UUID


class _Path(msgspec.Struct, frozen=True):
    path: str


class _Found(Version, frozen=True, kw_only=True):
    is_current: bool


async def lock_game(tx: Transaction, account_id: UUID, app_id: UUID) -> None:
    """Let the saves of one account in one game be written one after the other."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('saves ' || $1 || $2, 0))",
        str(account_id),
        str(app_id),
    )


async def touch_blob(tx: Transaction, new_id: UUID, content_id: str, size_bytes: int, now: datetime) -> Blob:
    """Return the row of a content, new or not; for a day from now it is not waste."""
    blob = await tx.fetch_one(
        """
        INSERT INTO save_blobs (id, content_id, size_bytes, touched_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (content_id) WHERE dropped_at IS NULL DO UPDATE SET touched_at = excluded.touched_at
        RETURNING id, is_stored
        """,
        new_id,
        content_id,
        size_bytes,
        now,
        into=Blob,
    )
    if blob is None:
        raise Internal("an insert or an update returns its row")
    return blob


async def mark_stored(tx: Transaction, blob_id: UUID) -> None:
    """Note that the bytes of a content are in the store."""
    await tx.execute("UPDATE save_blobs SET is_stored = true WHERE id = $1 AND NOT is_stored", blob_id)


async def find_file(tx: Transaction, account_id: UUID, app_id: UUID, path: str) -> File | None:
    """Return a file with all its versions."""
    rows = await tx.fetch(
        """
        SELECT v.id, v.parent_id, v.content_id, v.size_bytes, v.is_unresolved, v.id = f.current_version_id AS is_current
        FROM save_files f
        JOIN save_versions v ON v.account_id = f.account_id AND v.app_id = f.app_id AND v.path = f.path
        WHERE f.account_id = $1 AND f.app_id = $2 AND f.path = $3
        ORDER BY v.id
        """,
        account_id,
        app_id,
        path,
        into=_Found,
    )
    if not rows:
        return None
    return File(current_id=next(one.id for one in rows if one.is_current), versions=tuple(rows))


async def paths(tx: Transaction, account_id: UUID, app_id: UUID) -> list[str]:
    """Return the names of all files of a game: there is a limit to them."""
    rows = await tx.fetch(
        "SELECT path FROM save_files WHERE account_id = $1 AND app_id = $2", account_id, app_id, into=_Path
    )
    return [row.path for row in rows]


async def usage(tx: Transaction, account_id: UUID, app_id: UUID, without: str) -> Usage:
    """Return what of a game's saves cannot be pruned: current versions and sides that nobody has settled."""
    found = await tx.fetch_one(
        """
        SELECT count(*) FILTER (WHERE v.id = f.current_version_id AND f.path <> $3) AS files,
            coalesce(sum(v.size_bytes) FILTER (WHERE f.path <> $3 OR v.is_unresolved), 0)::bigint AS size_bytes
        FROM save_files f
        JOIN save_versions v ON v.account_id = f.account_id AND v.app_id = f.app_id AND v.path = f.path
            AND (v.id = f.current_version_id OR v.is_unresolved)
        WHERE f.account_id = $1 AND f.app_id = $2
        """,
        account_id,
        app_id,
        without,
        into=Usage,
    )
    return found or Usage(files=0, size_bytes=0)


async def put_current(tx: Transaction, account_id: UUID, app_id: UUID, path: str, version_id: UUID) -> None:
    """Let a version be the current one of a file, which is made where there is none."""
    await tx.execute(
        """
        INSERT INTO save_files (account_id, app_id, path, current_version_id) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id, app_id, path) DO UPDATE SET current_version_id = excluded.current_version_id
        """,
        account_id,
        app_id,
        path,
        version_id,
    )


async def insert(
    tx: Transaction,
    account_id: UUID,
    app_id: UUID,
    path: str,
    version: Version,
    *,
    blob_id: UUID | None,
    device_id: str,
    now: datetime,
) -> None:
    """Keep a new version."""
    await tx.execute(
        """
        INSERT INTO save_versions (
            id, account_id, app_id, path, parent_id, blob_id, content_id, size_bytes, device_id, created_at, is_unresolved
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        """,
        version.id,
        account_id,
        app_id,
        path,
        version.parent_id,
        blob_id,
        version.content_id,
        version.size_bytes,
        device_id,
        now,
        version.is_unresolved,
    )


async def settle(tx: Transaction, version_ids: Sequence[UUID]) -> None:
    """Note that somebody has chosen: these are sides of a conflict no longer."""
    await tx.execute(
        "UPDATE save_versions SET is_unresolved = false WHERE id = ANY($1::uuid[]) AND is_unresolved",
        list(version_ids),
    )


async def prune(tx: Transaction, version_ids: Sequence[UUID]) -> None:
    """Forget versions."""
    await tx.execute("DELETE FROM save_versions WHERE id = ANY($1::uuid[])", list(version_ids))


async def prune_game(tx: Transaction, account_id: UUID, app_id: UUID, history_bytes_max: int) -> None:
    """Forget the oldest versions of a game whose newer ones have so many bytes already; none that is current or unsettled."""
    await tx.execute(
        """
        DELETE FROM save_versions WHERE id IN (
            SELECT id FROM (
                SELECT v.id, sum(v.size_bytes) OVER (ORDER BY v.id DESC) AS size_to_here
                FROM save_versions v
                JOIN save_files f ON f.account_id = v.account_id AND f.app_id = v.app_id AND f.path = v.path
                WHERE v.account_id = $1 AND v.app_id = $2 AND NOT v.is_unresolved AND v.id <> f.current_version_id
            ) history
            WHERE size_to_here > $3
        )
        """,
        account_id,
        app_id,
        history_bytes_max,
    )


async def list_files(
    database: Database, account_id: UUID, app_id: UUID, after: str | None, limit: int
) -> list[SaveFile]:
    """Return the files of a game in the order of their names."""
    return await database.fetch(
        """
        SELECT f.path, (
            SELECT jsonb_build_object(
                'version_id', v.id, 'parent_id', v.parent_id, 'content_id', v.content_id, 'size_bytes', v.size_bytes,
                'device_id', v.device_id, 'created_at', v.created_at, 'is_unresolved', v.is_unresolved, 'is_current', true
            ) FROM save_versions v WHERE v.id = f.current_version_id
        ) AS current, array(
            SELECT v.id FROM save_versions v
            WHERE v.account_id = f.account_id AND v.app_id = f.app_id AND v.path = f.path AND v.is_unresolved
            ORDER BY v.id
        ) AS unresolved
        FROM save_files f
        WHERE f.account_id = $1 AND f.app_id = $2 AND ($3::text IS NULL OR f.path COLLATE "C" > $3)
        ORDER BY f.path COLLATE "C"
        LIMIT $4
        """,
        account_id,
        app_id,
        after,
        limit,
        into=SaveFile,
    )


async def list_versions(
    database: Database, account_id: UUID, app_id: UUID, path: str, before: UUID | None, limit: int
) -> list[SaveVersion]:
    """Return the versions of a file, the newest first."""
    return await database.fetch(
        f"""
        {_SHOWN} AND ($4::uuid IS NULL OR v.id < $4)
        ORDER BY v.id DESC
        LIMIT $5
        """,
        account_id,
        app_id,
        path,
        before,
        limit,
        into=SaveVersion,
    )


async def find_version(
    reader: Database | Transaction, account_id: UUID, app_id: UUID, path: str, version_id: UUID | None
) -> SaveVersion | None:
    """Return a version of a file; the current one where none is named."""
    return await reader.fetch_one(
        f"{_SHOWN} AND v.id = coalesce($4, f.current_version_id)",
        account_id,
        app_id,
        path,
        version_id,
        into=SaveVersion,
    )


async def blob_of(database: Database, version_id: UUID) -> UUID | None:
    """Return where the content of a version lies."""
    found = await database.fetch_value("SELECT blob_id FROM save_versions WHERE id = $1", version_id)
    return found if isinstance(found, UUID) else None


async def drop_waste(tx: Transaction, untouched_since: datetime, now: datetime, limit: int) -> list[UUID]:
    """Mark contents that nothing refers to, and return them with those that were marked before."""
    rows = await tx.fetch(
        """
        UPDATE save_blobs SET dropped_at = coalesce(dropped_at, $2)
        WHERE id IN (
            SELECT b.id FROM save_blobs b
            WHERE b.touched_at < $1 AND NOT EXISTS (SELECT FROM save_versions v WHERE v.blob_id = b.id)
            ORDER BY b.touched_at, b.id
            LIMIT $3
            FOR UPDATE SKIP LOCKED
        )
        RETURNING id
        """,
        untouched_since,
        now,
        limit,
        into=_Id,
    )
    return [row.id for row in rows]


async def forget_blobs(tx: Transaction, blob_ids: Sequence[UUID]) -> None:
    """Forget contents whose bytes are deleted."""
    await tx.execute(
        "DELETE FROM save_blobs WHERE id = ANY($1::uuid[]) AND dropped_at IS NOT NULL", list(blob_ids)
    )
