"""SQL of the tiers, as finance keeps them."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.revenue.tiers.schemas import NewTierTable, TierTableView


async def tier_history(reader: Database | Transaction) -> list[TierTableView]:
    """Return every version of the tiers, the newest first."""
    return await reader.fetch(
        "SELECT * FROM tier_tables ORDER BY version DESC LIMIT 1000", into=TierTableView
    )


async def add_tiers(
    tx: Transaction, wanted: NewTierTable, *, actor_id: UUID, now: datetime
) -> TierTableView | None:
    """Add a version; none when another begins at that moment."""
    return await tx.fetch_one(
        """
        INSERT INTO tier_tables (currency, valid_from, tiers, actor_id, reason, created_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (currency, valid_from) DO NOTHING RETURNING *
        """,
        wanted.currency,
        wanted.valid_from,
        wanted.tiers,
        actor_id,
        wanted.reason,
        now,
        into=TierTableView,
    )
