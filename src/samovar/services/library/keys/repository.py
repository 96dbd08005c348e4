"""The SQL of keys."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.library.keys.domain import Key
from samovar.services.library.keys.schemas import BatchKey, KeyBatch

_KEYS = """
    SELECT k.id, k.batch_id, b.package_id, k.redeemed_at, b.expires_at, b.revoked_at
    FROM activation_keys k JOIN key_batches b ON b.id = k.batch_id
"""
_BATCHES = """
    SELECT b.id AS batch_id, b.package_id, b.purpose AS kind, b.size AS count, b.note, b.created_by, b.created_at, b.expires_at,
        b.revoked_at,
        (SELECT count(*) FROM activation_keys k WHERE k.batch_id = b.id AND k.redeemed_at IS NOT NULL) AS redeemed
    FROM key_batches b
"""


async def lock_package(tx: Transaction, package_id: UUID) -> None:
    """Let batches of one package be made one after the other: together they keep to a limit."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('keys ' || $1, 0))", str(package_id))


async def lock_redeemer(tx: Transaction, account_id: UUID) -> None:
    """Let one account redeem one key at a time: what it has by the first decides about the second."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('redeem ' || $1, 0))", str(account_id))


async def count_unused(tx: Transaction, package_id: UUID, now: datetime) -> int:
    """Return how many keys of a package can still be redeemed."""
    count = await tx.fetch_value(
        """
        SELECT coalesce(sum(b.size), 0) - (
            SELECT count(*) FROM activation_keys k JOIN key_batches o ON o.id = k.batch_id
            WHERE o.package_id = $1 AND o.revoked_at IS NULL AND (o.expires_at IS NULL OR o.expires_at > $2)
                AND k.redeemed_at IS NOT NULL
        )
        FROM key_batches b
        WHERE b.package_id = $1 AND b.revoked_at IS NULL AND (b.expires_at IS NULL OR b.expires_at > $2)
        """,
        package_id,
        now,
    )
    return int(count)


async def insert_batch(
    tx: Transaction,
    batch: KeyBatch,
    organisation_id: UUID | None,
    key_ids: Sequence[UUID],
    hashes: Sequence[bytes],
) -> None:
    """Keep a batch with its keys."""
    await tx.execute(
        """
        INSERT INTO key_batches (id, package_id, organisation_id, purpose, size, note, created_by, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        batch.batch_id,
        batch.package_id,
        organisation_id,
        batch.kind,
        batch.count,
        batch.note,
        batch.created_by,
        batch.created_at,
        batch.expires_at,
    )
    await tx.execute(
        """
        INSERT INTO activation_keys (id, batch_id, code_hash)
        SELECT id, $1, code_hash FROM unnest($2::uuid[], $3::bytea[]) AS new (id, code_hash)
        """,
        batch.batch_id,
        list(key_ids),
        list(hashes),
    )


async def list_batches(
    database: Database, package_id: UUID, after: BatchKey | None, limit: int
) -> list[KeyBatch]:
    """Return batches of a package, the newest first."""
    return await database.fetch(
        f"""
        {_BATCHES}
        WHERE b.package_id = $1 AND ($2::timestamptz IS NULL OR (b.created_at, b.id) < ($2, $3::uuid))
        ORDER BY b.created_at DESC, b.id DESC
        LIMIT $4
        """,
        package_id,
        after.created_at if after else None,
        after.batch_id if after else None,
        limit,
        into=KeyBatch,
    )


async def list_of_organisation(
    database: Database, organisation_id: UUID, after: BatchKey | None, limit: int
) -> list[KeyBatch]:
    """Return batches of all packages of an organisation, the newest first."""
    return await database.fetch(
        f"""
        {_BATCHES}
        WHERE b.organisation_id = $1 AND ($2::timestamptz IS NULL OR (b.created_at, b.id) < ($2, $3::uuid))
        ORDER BY b.created_at DESC, b.id DESC
        LIMIT $4
        """,
        organisation_id,
        after.created_at if after else None,
        after.batch_id if after else None,
        limit,
        into=KeyBatch,
    )


async def find_batch(database: Database, package_id: UUID, batch_id: UUID) -> KeyBatch | None:
    """Return a batch of a package."""
    return await database.fetch_one(
        f"{_BATCHES} WHERE b.id = $1 AND b.package_id = $2", batch_id, package_id, into=KeyBatch
    )


async def revoke_batch(tx: Transaction, package_id: UUID, batch_id: UUID, now: datetime) -> KeyBatch | None:
    """Take back the keys of a batch that nobody has redeemed; one that is taken back stays as it is."""
    await tx.execute(
        "UPDATE key_batches SET revoked_at = $3 WHERE id = $1 AND package_id = $2 AND revoked_at IS NULL",
        batch_id,
        package_id,
        now,
    )
    return await tx.fetch_one(
        f"{_BATCHES} WHERE b.id = $1 AND b.package_id = $2", batch_id, package_id, into=KeyBatch
    )


async def find(reader: Database | Transaction, code_hash: bytes) -> Key | None:
    """Return the key whose code has this hash."""
    return await reader.fetch_one(f"{_KEYS} WHERE k.code_hash = $1", code_hash, into=Key)


async def lock(tx: Transaction, key_id: UUID) -> Key | None:
    """Return a key; nobody redeems it, and nobody takes its batch back, until the end of the transaction."""
    return await tx.fetch_one(
        f"{_KEYS} WHERE k.id = $1 FOR NO KEY UPDATE OF k FOR SHARE OF b", key_id, into=Key
    )


async def redeem(tx: Transaction, key_id: UUID, account_id: UUID, licence_id: UUID, now: datetime) -> None:
    """Note who has redeemed a key."""
    await tx.execute(
        "UPDATE activation_keys SET redeemed_at = $2, account_id = $3, licence_id = $4 WHERE id = $1",
        key_id,
        now,
        account_id,
        licence_id,
    )
