"""The SQL of developers' answers."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction


async def put_answer(tx: Transaction, review_id: UUID, *, actor_id: UUID, text: str, now: datetime) -> bool:
    """Keep an answer; a changed one keeps the day of the first. False when it stands there already."""
    return bool(
        await tx.execute(
            """
            INSERT INTO review_answers (review_id, actor_id, text, answered_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (review_id) DO UPDATE
            SET actor_id = excluded.actor_id, text = excluded.text, edited_at = excluded.answered_at
            WHERE review_answers.text <> excluded.text
            """,
            review_id,
            actor_id,
            text,
            now,
        )
    )


async def delete_answer(tx: Transaction, review_id: UUID) -> bool:
    """Delete an answer; false when there is none."""
    return bool(await tx.execute("DELETE FROM review_answers WHERE review_id = $1", review_id))
