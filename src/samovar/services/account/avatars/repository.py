"""The SQL of avatars."""

from datetime import datetime

import msgspec

from samovar.kit.database import Database, Transaction


class Stored(msgspec.Struct, frozen=True):
    """One size of a picture."""

    content: bytes


async def find_picture(database: Database, name: str, *, is_small: bool) -> bytes | None:
    """Return one size of a picture."""
    row = await database.fetch_one(
        "SELECT CASE WHEN $2 THEN small ELSE large END AS content FROM avatars WHERE hash = $1",
        name,
        is_small,
        into=Stored,
    )
    return row.content if row else None


async def upsert_picture(tx: Transaction, *, name: str, large: bytes, small: bytes, now: datetime) -> None:
    """Keep a picture; one that is there is only marked as chosen again, which saves it from being deleted."""
    await tx.execute(
        """
        INSERT INTO avatars (hash, large, small, chosen_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (hash) DO UPDATE SET chosen_at = excluded.chosen_at
        """,
        name,
        large,
        small,
        now,
    )


async def delete_unused(tx: Transaction, chosen_before: datetime, limit: int) -> int:
    """Delete up to `limit` pictures that no account shows; one that is being chosen at this moment stays."""
    return await tx.execute(
        """
        DELETE FROM avatars WHERE chosen_at < $1 AND hash = ANY(ARRAY(
            SELECT hash FROM avatars v
            WHERE chosen_at < $1 AND NOT EXISTS (SELECT FROM accounts a WHERE a.avatar = v.hash)
            LIMIT $2
        ))
        """,
        chosen_before,
        limit,
    )
