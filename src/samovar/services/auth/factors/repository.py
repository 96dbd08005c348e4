"""The SQL of sign-ins that wait for the second factor."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction

_CHALLENGE = """
    SELECT id, account_id, token_hash, amr, attempts, expires_at, answered_at FROM challenges WHERE id = $1
"""


class Challenge(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in that waits for the second factor."""

    id: UUID
    account_id: UUID
    token_hash: bytes
    amr: tuple[str, ...]
    attempts: int
    expires_at: datetime
    answered_at: datetime | None

    def __repr__(self) -> str:
        return f"Challenge({self.id})"


async def insert_challenge(
    tx: Transaction,
    challenge_id: UUID,
    account_id: UUID,
    *,
    token_hash: bytes,
    amr: tuple[str, ...],
    now: datetime,
    expires_at: datetime,
) -> None:
    """Add a challenge."""
    await tx.execute(
        """
        INSERT INTO challenges (id, account_id, token_hash, amr, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        challenge_id,
        account_id,
        token_hash,
        amr,
        now,
        expires_at,
    )


async def find_challenge(database: Database, challenge_id: UUID) -> Challenge | None:
    """Return a challenge."""
    return await database.fetch_one(_CHALLENGE, challenge_id, into=Challenge)


async def lock_challenge(tx: Transaction, challenge_id: UUID) -> Challenge | None:
    """Return a challenge, for this transaction alone."""
    return await tx.fetch_one(f"{_CHALLENGE} FOR UPDATE", challenge_id, into=Challenge)


async def count_attempt(tx: Transaction, challenge_id: UUID) -> None:
    """Count a wrong answer."""
    await tx.execute("UPDATE challenges SET attempts = attempts + 1 WHERE id = $1", challenge_id)


async def close_challenge(tx: Transaction, challenge_id: UUID, now: datetime) -> None:
    """Note that a challenge was met: it opens nothing more."""
    await tx.execute("UPDATE challenges SET answered_at = $2 WHERE id = $1", challenge_id, now)


async def close_challenges_of(tx: Transaction, account_id: UUID, now: datetime) -> None:
    """Let none of the challenges of an account open anything any more."""
    await tx.execute(
        "UPDATE challenges SET answered_at = $2 WHERE account_id = $1 AND answered_at IS NULL",
        account_id,
        now,
    )


async def delete_challenges_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` challenges that ran out before `moment`."""
    return await tx.execute(
        "DELETE FROM challenges WHERE id IN (SELECT id FROM challenges WHERE expires_at < $1 LIMIT $2)",
        moment,
        limit,
    )
