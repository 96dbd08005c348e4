"""The SQL of votes."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.catalog.reviews.domain import Vote


class CastVote(msgspec.Struct, frozen=True):
    """What somebody thinks of a review."""

    review_id: UUID
    value: Vote


async def find_vote(tx: Transaction, review_id: UUID, account_id: UUID) -> Vote | None:
    """Return what an account thinks of a review."""
    found: Vote | None = await tx.fetch_value(
        "SELECT value FROM review_votes WHERE review_id = $1 AND account_id = $2", review_id, account_id
    )
    return found


async def put_vote(
    tx: Transaction, review_id: UUID, account_id: UUID, value: Vote | None, now: datetime
) -> None:
    """Keep a vote, or take it away."""
    if value is None:
        await tx.execute(
            "DELETE FROM review_votes WHERE review_id = $1 AND account_id = $2", review_id, account_id
        )
        return
    await tx.execute(
        """
        INSERT INTO review_votes (review_id, account_id, value, voted_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (review_id, account_id) DO UPDATE SET value = excluded.value, voted_at = excluded.voted_at
        """,
        review_id,
        account_id,
        value,
        now,
    )
