"""The SQL of the queue."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.download.queue.schemas import Download, DownloadChange, QueueKey

Reader = Database | Transaction

_COLUMNS = """
    id, app_id AS game_id, device_id, branch, build_id, from_build_id AS from_build, state, position, size_bytes, download_bytes, done_bytes,
    failure, made_at, changed_at, (
        SELECT bytes_per_s FROM device_limits l WHERE l.account_id = downloads.account_id AND l.device_id = downloads.device_id
    ) AS limit_bytes_per_s
"""


async def lock_device(tx: Transaction, account_id: UUID, device_id: str) -> None:
    """Let the queue of one device be changed one after the other."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('queue ' || $1 || ' ' || $2, 0))",
        str(account_id),
        device_id,
    )


async def count(tx: Transaction, account_id: UUID, device_id: str) -> int:
    """Return how many downloads a device has."""
    found: int = await tx.fetch_value(
        "SELECT count(*) FROM downloads WHERE account_id = $1 AND device_id = $2", account_id, device_id
    )
    return found


async def find_by_game(reader: Reader, account_id: UUID, device_id: str, app_id: UUID) -> Download | None:
    """Return the download of a game to a device."""
    return await reader.fetch_one(
        f"SELECT {_COLUMNS} FROM downloads WHERE account_id = $1 AND device_id = $2 AND app_id = $3",  # noqa: S608  constants
        account_id,
        device_id,
        app_id,
        into=Download,
    )


async def put(tx: Transaction, account_id: UUID, wanted: Download) -> Download:
    """Keep a download; one of the same game on the device becomes it, and is done with nothing yet if it is for other builds or was over."""
    kept = await tx.fetch(
        f"""
        INSERT INTO downloads (
            id, account_id, device_id, app_id, branch, from_build_id, build_id, state, position, size_bytes, download_bytes, done_bytes,
            made_at, changed_at
        )
        SELECT $1, $2, $3, $4, $5, $6, $7, 'queued',
            (SELECT coalesce(max(position), 0) + 1 FROM downloads WHERE account_id = $2 AND device_id = $3), $8, $9, 0, $10, $10
        ON CONFLICT (account_id, device_id, app_id) DO UPDATE SET
            done_bytes = CASE WHEN downloads.build_id = excluded.build_id AND downloads.from_build_id IS NOT DISTINCT FROM excluded.from_build_id
                AND downloads.state <> 'done' THEN downloads.done_bytes ELSE 0 END,
            branch = excluded.branch, from_build_id = excluded.from_build_id, build_id = excluded.build_id, state = 'queued', failure = NULL,
            size_bytes = excluded.size_bytes, download_bytes = excluded.download_bytes, changed_at = excluded.changed_at
        RETURNING {_COLUMNS}
        """,  # noqa: S608  constants
        wanted.id,
        account_id,
        wanted.device_id,
        wanted.game_id,
        wanted.branch,
        wanted.from_build,
        wanted.build_id,
        wanted.size_bytes,
        wanted.download_bytes,
        wanted.changed_at,
        into=Download,
    )
    return kept[0]


async def find(reader: Reader, account_id: UUID, download_id: UUID) -> Download | None:
    """Return a download."""
    return await reader.fetch_one(
        f"SELECT {_COLUMNS} FROM downloads WHERE id = $1 AND account_id = $2",  # noqa: S608  constants
        download_id,
        account_id,
        into=Download,
    )


async def list_of(
    reader: Reader, account_id: UUID, device_id: str | None, after: QueueKey | None, limit: int
) -> list[Download]:
    """Return the downloads of an account, or of one device, in their order."""
    return await reader.fetch(
        f"""
        SELECT {_COLUMNS} FROM downloads
        WHERE account_id = $1 AND ($2::text IS NULL OR device_id = $2) AND ($3::bigint IS NULL OR (position, id) > ($3, $4))
        ORDER BY position, id LIMIT $5
        """,  # noqa: S608  constants
        account_id,
        device_id,
        after.position if after else None,
        after.id if after else None,
        limit,
        into=Download,
    )


async def make_room(tx: Transaction, account_id: UUID, download: Download, position: int) -> None:
    """Move what stands at a place of a device's queue, and behind it, one place back, unless nothing else stands there."""
    await tx.execute(
        """
        UPDATE downloads SET position = position + 1
        WHERE account_id = $1 AND device_id = $2 AND id <> $3 AND position >= $4 AND EXISTS (
            SELECT 1 FROM downloads WHERE account_id = $1 AND device_id = $2 AND id <> $3 AND position = $4
        )
        """,
        account_id,
        download.device_id,
        download.id,
        position,
    )


async def change(
    tx: Transaction, account_id: UUID, download_id: UUID, wanted: DownloadChange, now: datetime
) -> Download | None:
    """Write what a client says of a download; progress never goes back, nor beyond the whole."""
    return await tx.fetch_one(
        f"""
        UPDATE downloads SET state = coalesce($3, state), position = coalesce($4, position),
            done_bytes = least(download_bytes, greatest(done_bytes, coalesce($5, done_bytes))),
            failure = CASE WHEN coalesce($3, state) = 'failed' THEN coalesce($6, failure) END, changed_at = $7
        WHERE id = $1 AND account_id = $2 RETURNING {_COLUMNS}
        """,  # noqa: S608  constants
        download_id,
        account_id,
        wanted.state,
        wanted.position,
        wanted.done_bytes,
        wanted.failure,
        now,
        into=Download,
    )


async def limit(tx: Transaction, account_id: UUID, device_id: str, bytes_per_s: int | None) -> None:
    """Keep how fast a device may fetch."""
    if bytes_per_s is None:
        await tx.execute(
            "DELETE FROM device_limits WHERE account_id = $1 AND device_id = $2", account_id, device_id
        )
        return
    await tx.execute(
        """
        INSERT INTO device_limits (account_id, device_id, bytes_per_s) VALUES ($1, $2, $3)
        ON CONFLICT (account_id, device_id) DO UPDATE SET bytes_per_s = excluded.bytes_per_s
        """,
        account_id,
        device_id,
        bytes_per_s,
    )


async def delete(tx: Transaction, account_id: UUID, download_id: UUID) -> bool:
    """Take a download out of the queue; returns whether it was there."""
    return bool(
        await tx.execute("DELETE FROM downloads WHERE id = $1 AND account_id = $2", download_id, account_id)
    )
