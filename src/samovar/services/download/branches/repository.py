"""The SQL of branches."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.download.branches.schemas import Branch, BranchVersion, VersionKey

Reader = Database | Transaction

_COLUMNS = "name, build_id, previous_build_id, percent, is_stopped, password IS NOT NULL AS has_password, sequence, changed_at"


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a branch gives, and the hash of its password."""

    app_id: UUID
    name: str
    build_id: UUID
    previous_build_id: UUID | None
    percent: int
    is_stopped: bool
    password: str | None
    sequence: int
    changed_at: datetime


async def lock(tx: Transaction, app_id: UUID) -> None:
    """Let the branches of one app be changed one after the other."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('branches ' || $1, 0))", str(app_id))


async def list_of(reader: Reader, app_id: UUID, limit: int) -> list[Branch]:
    """Return the branches of an app by name."""
    return await reader.fetch(
        f"SELECT {_COLUMNS} FROM branches WHERE app_id = $1 ORDER BY name LIMIT $2",  # noqa: S608  constants
        app_id,
        limit,
        into=Branch,
    )


async def show(reader: Reader, app_id: UUID, name: str) -> Branch:
    """Return a branch that is there."""
    found = await reader.fetch(
        f"SELECT {_COLUMNS} FROM branches WHERE app_id = $1 AND name = $2",  # noqa: S608  constants
        app_id,
        name,
        into=Branch,
    )
    return found[0]


async def list_given(reader: Reader, app_id: UUID, limit: int) -> list[Given]:
    """Return what the branches of an app give, by name."""
    return await reader.fetch(
        """
        SELECT app_id, name, build_id, previous_build_id, percent, is_stopped, password, sequence, changed_at
        FROM branches WHERE app_id = $1 ORDER BY name LIMIT $2
        """,
        app_id,
        limit,
        into=Given,
    )


async def find(reader: Reader, app_id: UUID, name: str) -> Given | None:
    """Return what a branch gives."""
    return await reader.fetch_one(
        """
        SELECT app_id, name, build_id, previous_build_id, percent, is_stopped, password, sequence, changed_at
        FROM branches WHERE app_id = $1 AND name = $2
        """,
        app_id,
        name,
        into=Given,
    )


async def count(reader: Reader, app_id: UUID) -> int:
    """Return how many branches an app has."""
    found: int = await reader.fetch_value("SELECT count(*) FROM branches WHERE app_id = $1", app_id)
    return found


async def last_sequence(reader: Reader, app_id: UUID, name: str) -> int:
    """Return the number that a branch of this name had last, also one that was deleted; 0 for a new name."""
    found: int = await reader.fetch_value(
        "SELECT coalesce(max(sequence), 0)::bigint FROM branch_versions WHERE app_id = $1 AND name = $2",
        app_id,
        name,
    )
    return found


async def write(tx: Transaction, given: Given, *, account_id: UUID, note: str) -> Branch:
    """Keep what a branch gives from now on, and that it did."""
    await tx.execute(
        """
        INSERT INTO branch_versions (app_id, name, sequence, build_id, percent, is_stopped, account_id, changed_at, note)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        given.app_id,
        given.name,
        given.sequence,
        given.build_id,
        given.percent,
        given.is_stopped,
        account_id,
        given.changed_at,
        note,
    )
    written = await tx.fetch(
        f"""
        INSERT INTO branches (app_id, name, build_id, previous_build_id, percent, is_stopped, password, sequence, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (app_id, name) DO UPDATE SET build_id = excluded.build_id, previous_build_id = excluded.previous_build_id,
            percent = excluded.percent, is_stopped = excluded.is_stopped, password = excluded.password, sequence = excluded.sequence,
            changed_at = excluded.changed_at
        RETURNING {_COLUMNS}
        """,  # noqa: S608  constants
        given.app_id,
        given.name,
        given.build_id,
        given.previous_build_id,
        given.percent,
        given.is_stopped,
        given.password,
        given.sequence,
        given.changed_at,
        into=Branch,
    )
    return written[0]


async def delete(tx: Transaction, app_id: UUID, name: str) -> bool:
    """Delete a branch; its history stays. Returns whether there was one."""
    return bool(await tx.execute("DELETE FROM branches WHERE app_id = $1 AND name = $2", app_id, name))


async def versions(
    reader: Reader, app_id: UUID, name: str, after: VersionKey | None, limit: int
) -> list[BranchVersion]:
    """Return what a branch was, the newest first."""
    return await reader.fetch(
        """
        SELECT sequence, build_id, percent, is_stopped, account_id, changed_at, note FROM branch_versions
        WHERE app_id = $1 AND name = $2 AND ($3::bigint IS NULL OR sequence < $3) ORDER BY sequence DESC LIMIT $4
        """,
        app_id,
        name,
        after.sequence if after else None,
        limit,
        into=BranchVersion,
    )
