"""The SQL of builds and of what they consist of."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.download.builds.schemas import Build, BuildKey

Reader = Database | Transaction

_COLUMNS = """
    id, app_id, number, state, note, made_by, made_at, expires_at, committed_at, encode(manifest_id, 'hex') AS manifest_id, size_bytes, files
"""


class Opened(msgspec.Struct, frozen=True, kw_only=True):
    """A build that is being written to.

    Attributes:
        manifest: The envelope, of a build that is complete.
    """

    id: UUID
    app_id: UUID
    organisation_id: UUID
    state: str
    expires_at: datetime | None
    manifest: bytes | None


class _Id(msgspec.Struct, frozen=True):
    id: bytes


async def insert(
    tx: Transaction,
    build_id: UUID,
    *,
    app_id: UUID,
    organisation_id: UUID,
    note: str,
    account_id: UUID,
    now: datetime,
    expires_at: datetime,
) -> Build:
    """Begin a build."""
    made = await tx.fetch(
        f"""
        INSERT INTO builds (id, app_id, organisation_id, state, note, made_by, made_at, expires_at)
        VALUES ($1, $2, $3, 'uploading', $4, $5, $6, $7) RETURNING {_COLUMNS}
        """,  # noqa: S608  constants
        build_id,
        app_id,
        organisation_id,
        note,
        account_id,
        now,
        expires_at,
        into=Build,
    )
    return made[0]


async def lock_app(tx: Transaction, app_id: UUID) -> None:
    """Let builds of one app be begun and get their numbers one after the other."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('builds ' || $1, 0))", str(app_id))


async def count_uploads(tx: Transaction, app_id: UUID) -> int:
    """Return how many builds of an app are on the way."""
    found: int = await tx.fetch_value(
        "SELECT count(*) FROM builds WHERE app_id = $1 AND state = 'uploading'", app_id
    )
    return found


async def find(reader: Reader, build_id: UUID) -> Build | None:
    """Return a build."""
    return await reader.fetch_one(
        f"SELECT {_COLUMNS} FROM builds WHERE id = $1",  # noqa: S608  constants
        build_id,
        into=Build,
    )


async def list_of_app(reader: Reader, app_id: UUID, after: BuildKey | None, limit: int) -> list[Build]:
    """Return builds of an app, the newest first."""
    return await reader.fetch(
        f"""
        SELECT {_COLUMNS} FROM builds
        WHERE app_id = $1 AND ($2::timestamptz IS NULL OR (made_at, id) < ($2, $3))
        ORDER BY made_at DESC, id DESC LIMIT $4
        """,  # noqa: S608  constants
        app_id,
        after.made_at if after else None,
        after.id if after else None,
        limit,
        into=Build,
    )


async def find_opened(reader: Reader, build_id: UUID) -> Opened | None:
    """Return what an upload is about."""
    return await reader.fetch_one(
        "SELECT id, app_id, organisation_id, state, expires_at, manifest FROM builds WHERE id = $1",
        build_id,
        into=Opened,
    )


async def lock(tx: Transaction, build_id: UUID) -> Opened | None:
    """Return the same; nobody writes to it until the end of the transaction."""
    return await tx.fetch_one(
        "SELECT id, app_id, organisation_id, state, expires_at, manifest FROM builds WHERE id = $1 FOR UPDATE",
        build_id,
        into=Opened,
    )


async def missing(reader: Reader, app_id: UUID, chunk_ids: Sequence[bytes]) -> set[bytes]:
    """Return the chunks that an app does not have in the store."""
    rows = await reader.fetch(
        """
        SELECT w.id FROM unnest($2::bytea[]) AS w (id)
        WHERE NOT EXISTS (SELECT FROM chunks c WHERE c.app_id = $1 AND c.id = w.id)
        """,
        app_id,
        list(chunk_ids),
        into=_Id,
    )
    return {row.id for row in rows}


async def packs_of(reader: Reader, app_id: UUID, chunk_ids: Sequence[bytes]) -> set[bytes]:
    """Return the packs in which chunks of an app lie."""
    rows = await reader.fetch(
        "SELECT DISTINCT pack_id AS id FROM chunks WHERE app_id = $1 AND id = ANY($2::bytea[])",
        app_id,
        list(chunk_ids),
        into=_Id,
    )
    return {row.id for row in rows}


async def stored_bytes(reader: Reader, app_id: UUID) -> int:
    """Return how much the builds of an app take in the store; what is made of them in the background is not counted."""
    found: int = await reader.fetch_value(
        """
        SELECT coalesce(sum(size_bytes), 0)::bigint FROM (
            SELECT size_bytes FROM packs WHERE app_id = $1 AND replaced_at IS NULL
            UNION ALL SELECT size_bytes FROM objects WHERE app_id = $1 AND kind IN ('trees', 'manifests')
        ) AS kept
        """,
        app_id,
    )
    return found


async def has_pack(reader: Reader, app_id: UUID, pack_id: bytes) -> bool:
    """Return whether an app has a pack."""
    found: bool = await reader.fetch_value(
        "SELECT EXISTS (SELECT FROM packs WHERE app_id = $1 AND id = $2)", app_id, pack_id
    )
    return found


async def insert_pack(
    tx: Transaction,
    app_id: UUID,
    pack_id: bytes,
    *,
    size_bytes: int,
    pack_index: bytes,
    chunk_ids: Sequence[bytes],
    now: datetime,
) -> bool:
    """Keep what is in a pack; returns whether it is new."""
    await insert_object(tx, app_id, "packs", pack_id, size_bytes, now)
    is_new = await tx.execute(
        "INSERT INTO packs (app_id, id, size_bytes, pack_index) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
        app_id,
        pack_id,
        size_bytes,
        pack_index,
    )
    # In the order of their ids: two packs with the same chunks wait for each other and do not cross.
    await tx.execute(
        """
        INSERT INTO chunks (app_id, id, pack_id) SELECT $1, id, $3 FROM unnest($2::bytea[]) AS c (id) ORDER BY id
        ON CONFLICT DO NOTHING
        """,
        app_id,
        list(chunk_ids),
        pack_id,
    )
    return bool(is_new)


async def insert_object(
    tx: Transaction, app_id: UUID, kind: str, object_id: bytes, size_bytes: int, now: datetime
) -> None:
    """Keep that an object of an app is in the store; once more is once."""
    await tx.execute(
        """
        INSERT INTO objects (app_id, kind, id, size_bytes, stored_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (app_id, kind, id) DO UPDATE SET stored_at = excluded.stored_at
        """,
        app_id,
        kind,
        object_id,
        size_bytes,
        now,
    )


async def complete(
    tx: Transaction,
    build_id: UUID,
    *,
    manifest: bytes,
    manifest_id: bytes,
    tree: bytes,
    size_bytes: int,
    files: int,
    now: datetime,
) -> Build:
    """Say that a build is whole, and give it its number."""
    done = await tx.fetch(
        f"""
        UPDATE builds b SET state = 'ready', expires_at = NULL, manifest = $2, manifest_id = $3, tree = $4, size_bytes = $5, files = $6,
            committed_at = $7, number = (SELECT coalesce(max(number), 0) + 1 FROM builds o WHERE o.app_id = b.app_id)
        WHERE id = $1 RETURNING {_COLUMNS}
        """,  # noqa: S608  constants
        build_id,
        manifest,
        manifest_id,
        tree,
        size_bytes,
        files,
        now,
        into=Build,
    )
    return done[0]


async def keep_packs(tx: Transaction, build_id: UUID, pack_ids: Sequence[bytes]) -> None:
    """Keep which packs a build consists of."""
    await tx.execute(
        "INSERT INTO build_packs (build_id, pack_id) SELECT $1, id FROM unnest($2::bytea[]) AS p (id) ON CONFLICT DO NOTHING",
        build_id,
        list(pack_ids),
    )


async def drop_expired(tx: Transaction, now: datetime) -> int:
    """Give up the uploads whose time is over; returns how many."""
    return await tx.execute(
        "UPDATE builds SET state = 'dropped' WHERE state = 'uploading' AND expires_at <= $1", now
    )
