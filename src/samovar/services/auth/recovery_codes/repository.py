"""The SQL of recovery codes."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction


async def insert_codes(tx: Transaction, account_id: UUID, code_hashes: list[bytes], now: datetime) -> None:
    """Add codes."""
    await tx.execute(
        """
        INSERT INTO recovery_codes (account_id, code_hash, created_at)
        SELECT $1, code_hash, $3 FROM unnest($2::bytea[]) AS code_hash
        """,
        account_id,
        code_hashes,
        now,
    )


async def retire_codes(tx: Transaction, account_id: UUID, now: datetime) -> None:
    """Take all codes of an account out of use; they may be called back for a while."""
    await tx.execute(
        """
        WITH gone AS (
            DELETE FROM recovery_codes WHERE account_id = $1 RETURNING account_id, code_hash, created_at, used_at
        )
        INSERT INTO former_recovery_codes (account_id, code_hash, created_at, used_at, removed_at)
        SELECT account_id, code_hash, created_at, used_at, $2 FROM gone
        """,
        account_id,
        now,
    )


async def delete_codes_since(tx: Transaction, account_id: UUID, since: datetime) -> int:
    """Forget the codes that an account got at or after a moment; return how many."""
    return await tx.execute(
        "DELETE FROM recovery_codes WHERE account_id = $1 AND created_at >= $2", account_id, since
    )


async def restore_codes(tx: Transaction, account_id: UUID, since: datetime) -> int:
    """Use the codes again that an account had just before a moment; one that was used stays used. Return how many."""
    return await tx.execute(
        """
        WITH former AS (
            DELETE FROM former_recovery_codes WHERE account_id = $1 AND removed_at >= $2
            RETURNING account_id, code_hash, created_at, used_at
        )
        INSERT INTO recovery_codes (account_id, code_hash, created_at, used_at)
        SELECT account_id, code_hash, created_at, used_at FROM former WHERE created_at < $2
        """,
        account_id,
        since,
    )


async def delete_former_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` codes that were taken out of use before a moment."""
    return await tx.execute(
        """
        DELETE FROM former_recovery_codes WHERE (account_id, code_hash) IN (
            SELECT account_id, code_hash FROM former_recovery_codes WHERE removed_at < $1 LIMIT $2
        )
        """,
        moment,
        limit,
    )


async def use_code(tx: Transaction, account_id: UUID, code_hash: bytes, now: datetime) -> bool:
    """Use up a code; false when the account has no such code, or it was used."""
    return bool(
        await tx.execute(
            """
            UPDATE recovery_codes SET used_at = $3
            WHERE account_id = $1 AND code_hash = $2 AND used_at IS NULL
            """,
            account_id,
            code_hash,
            now,
        )
    )


async def count_codes_left(tx: Transaction, account_id: UUID) -> int:
    """Return how many codes of an account still work."""
    return int(
        await tx.fetch_value(
            "SELECT count(*) FROM recovery_codes WHERE account_id = $1 AND used_at IS NULL", account_id
        )
    )
