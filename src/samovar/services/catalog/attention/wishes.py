"""Counts what happens to wishlists, in the transaction that changes them.

await wishes.count(tx, account_id, [app_id], "added", clock.now())
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from samovar.kit.clock import MOSCOW
from samovar.kit.database import Transaction
from samovar.services.catalog.attention import repository
from samovar.services.catalog.attention.schemas import WishChange

# So many may change the list of one game at once without waiting for each other.
SHARDS = 16


async def count(
    tx: Transaction, account_id: UUID, app_ids: Sequence[UUID], change: WishChange, now: datetime
) -> None:
    """Count a change of somebody's list; of whom is not kept."""
    if app_ids:
        shard = account_id.int % SHARDS
        await repository.count_wishes(tx, app_ids, change, day=now.astimezone(MOSCOW).date(), shard=shard)
