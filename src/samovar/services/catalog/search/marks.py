"""What other rooms call when something that search shows has changed: the page, a price, a score, a weight of a tag.

async with database.transaction() as tx:
…
await marks.mark(tx, [app_id])
"""

from collections.abc import Collection
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.catalog.contract.events import SearchChanged
from samovar.services.catalog.search import repository

IDS_PER_EVENT_MAX = 500


async def mark(tx: Transaction, app_ids: Collection[UUID]) -> None:
    """Have every search index read these apps again, within two seconds of the commit."""
    ordered = sorted(set(app_ids))
    if not ordered:
        return
    await repository.mark_changed(tx, ordered)
    for start in range(0, len(ordered), IDS_PER_EVENT_MAX):
        await tx.publish(SearchChanged(app_ids=tuple(ordered[start : start + IDS_PER_EVENT_MAX])))
