"""What somebody has got leaves their wishlist, in the transaction that learns of it."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.catalog.attention import wishes as attention
from samovar.services.catalog.wishlist import repository


async def drop(tx: Transaction, account_id: UUID, app_ids: Sequence[UUID], at: datetime) -> None:
    """Take these apps off a wishlist, if they are on it; whoever adds one at this moment waits and is told that they have it.

    Args:
        tx: It learns of a licence.
        account_id: Who has it.
        app_ids: What it opens.
        at: When it was granted: reports count it on that day.
    """
    await repository.hold(tx, account_id)
    gone = await repository.delete_wishes(tx, account_id, app_ids)
    if gone:
        await repository.count(tx, account_id, wishes=-len(gone))
        await attention.count(tx, account_id, gone, "bought", at)
