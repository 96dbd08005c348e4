"""The SQL of search."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.database import Transaction


async def mark_changed(tx: Transaction, app_ids: Sequence[UUID]) -> None:
    """Remember that these apps have changed. Given in the order of the ids, two of these do not wait for each other."""
    await tx.execute(
        """
        INSERT INTO search_changes (app_id)
        SELECT id FROM unnest($1::uuid[]) AS changed (id)
        ON CONFLICT (app_id) DO UPDATE SET seq = nextval('search_changes_seq')
        """,
        list(app_ids),
    )
