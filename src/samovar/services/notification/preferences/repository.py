"""The SQL of preferences."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction


class Muted(msgspec.Struct, frozen=True):
    """A category that somebody does not want to be told of."""

    category: str


async def list_muted(connection: Database | Transaction, account_id: UUID) -> frozenset[str]:
    """Return what somebody has muted."""
    rows = await connection.fetch(
        "SELECT category FROM muted_categories WHERE account_id = $1", account_id, into=Muted
    )
    return frozenset(row.category for row in rows)


async def put_muted(tx: Transaction, account_id: UUID, categories: Sequence[str], now: datetime) -> None:
    """Let these be all that somebody has muted."""
    await tx.execute(
        """
        WITH heard AS (
            DELETE FROM muted_categories WHERE account_id = $1 AND category <> ALL($2::text[])
        )
        INSERT INTO muted_categories (account_id, category, muted_at)
        SELECT $1, category, $3 FROM unnest($2::text[]) AS m (category) ORDER BY category
        ON CONFLICT DO NOTHING
        """,
        account_id,
        list(categories),
        now,
    )


async def lock(tx: Transaction, account_id: UUID) -> None:
    """Let the changes of one person's preferences follow one another."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1::text, 9001))", str(account_id))
