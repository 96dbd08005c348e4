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


async def delete_codes(tx: Transaction, account_id: UUID) -> None:
    """Forget all codes of an account."""
    await tx.execute("DELETE FROM recovery_codes WHERE account_id = $1", account_id)


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
