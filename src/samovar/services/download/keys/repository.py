"""The SQL of developers' keys."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.download.keys.schemas import SigningKey

Reader = Database | Transaction

_COLUMNS = "encode(id, 'hex') AS id, public_key, name, added_by, added_at, revoked_at, introduction IS NOT NULL AS is_introduced"


class _Public(msgspec.Struct, frozen=True):
    public_key: bytes


class _Introduced(msgspec.Struct, frozen=True):
    introduction: bytes


async def lock(tx: Transaction, organisation_id: UUID) -> None:
    """Let the keys of one organisation be changed one after the other."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('build keys ' || $1, 0))", str(organisation_id)
    )


async def list_of(reader: Reader, organisation_id: UUID, limit: int) -> list[SigningKey]:
    """Return the keys of an organisation, revoked ones too, the newest first."""
    return await reader.fetch(
        f"SELECT {_COLUMNS} FROM build_keys WHERE organisation_id = $1 ORDER BY added_at DESC, id LIMIT $2",  # noqa: S608  constants
        organisation_id,
        limit,
        into=SigningKey,
    )


async def public_keys(
    reader: Reader, organisation_id: UUID, limit: int, *, build_id: UUID | None = None
) -> list[bytes]:
    """Return the keys that count, and those that counted when a build was completed."""
    rows = await reader.fetch(
        """
        SELECT public_key FROM build_keys
        WHERE organisation_id = $1
            AND (revoked_at IS NULL OR revoked_at >= (SELECT committed_at FROM builds WHERE id = $3))
        ORDER BY revoked_at IS NULL DESC, added_at DESC, id LIMIT $2
        """,
        organisation_id,
        limit,
        build_id,
        into=_Public,
    )
    return [row.public_key for row in rows]


async def insert(
    tx: Transaction,
    key_id: bytes,
    *,
    organisation_id: UUID,
    public_key: bytes,
    name: str,
    introduction: bytes | None,
    account_id: UUID,
    now: datetime,
) -> SigningKey | None:
    """Keep a key; none: somebody has it already."""
    return await tx.fetch_one(
        f"""
        INSERT INTO build_keys (id, organisation_id, public_key, name, added_by, added_at, introduction)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT DO NOTHING RETURNING {_COLUMNS}
        """,  # noqa: S608  constants
        key_id,
        organisation_id,
        public_key,
        name,
        account_id,
        now,
        introduction,
        into=SigningKey,
    )


async def keep_introduction(
    tx: Transaction, organisation_id: UUID, key_id: bytes, introduction: bytes
) -> SigningKey:
    """Keep the word of another key for one that is there already."""
    kept = await tx.fetch(
        f"UPDATE build_keys SET introduction = $3 WHERE organisation_id = $1 AND id = $2 RETURNING {_COLUMNS}",  # noqa: S608  constants
        organisation_id,
        key_id,
        introduction,
        into=SigningKey,
    )
    return kept[0]


async def introductions(reader: Reader, organisation_id: UUID, limit: int) -> list[bytes]:
    """Return the words of keys for one another, also of keys that were revoked since; the newest keys first."""
    rows = await reader.fetch(
        """
        SELECT introduction FROM build_keys WHERE organisation_id = $1 AND introduction IS NOT NULL
        ORDER BY added_at DESC, id LIMIT $2
        """,
        organisation_id,
        limit,
        into=_Introduced,
    )
    return [row.introduction for row in rows]


async def find(reader: Reader, organisation_id: UUID, key_id: bytes) -> SigningKey | None:
    """Return a key of an organisation."""
    return await reader.fetch_one(
        f"SELECT {_COLUMNS} FROM build_keys WHERE organisation_id = $1 AND id = $2",  # noqa: S608  constants
        organisation_id,
        key_id,
        into=SigningKey,
    )


async def revoke(
    tx: Transaction, organisation_id: UUID, key_id: bytes, *, account_id: UUID, now: datetime
) -> bool:
    """Let a key count no more; returns whether there is such a key."""
    return bool(
        await tx.execute(
            """
            UPDATE build_keys SET revoked_at = coalesce(revoked_at, $4), revoked_by = coalesce(revoked_by, $3)
            WHERE organisation_id = $1 AND id = $2
            """,
            organisation_id,
            key_id,
            account_id,
            now,
        )
    )
