"""What somebody has got leaves their wishlist, in the transaction that learns of it."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.catalog.wishlist import repository


async def drop(tx: Transaction, account_id: UUID, app_ids: Sequence[UUID]) -> None:
    """Take these apps off a wishlist, if they are on it; whoever adds one at this moment waits and is told that they have it."""
    await repository.hold(tx, account_id)
    gone = await repository.delete_wishes(tx, account_id, app_ids)
    if gone:
        await repository.count(tx, account_id, wishes=-gone)
