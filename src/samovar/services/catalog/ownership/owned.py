"""Which apps a person has, for every room that shows or decides by it. Library is the owner: this follows its events within a second.

owned = await owned.of(database, account_id, app_ids)
"""

from collections.abc import Collection
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.ownership import repository


async def of(reader: Database | Transaction, account_id: UUID | None, app_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these apps a person has; nobody has none."""
    if account_id is None or not app_ids:
        return set()
    return await repository.find_owned(reader, account_id, list(app_ids))
