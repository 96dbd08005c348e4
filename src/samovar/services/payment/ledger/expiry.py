"""Pending transfers whose time is over: what they set aside goes back."""

from datetime import datetime, timedelta
from uuid import UUID

from samovar.kit.database import Database
from samovar.services.payment.ledger import posting, repository
from samovar.services.payment.ledger.errors import AlreadyResolved

AT_ONCE_MAX = 200
# How long a transaction may be open that sets money aside only for a moment: the search begins so far back.
LAG = timedelta(hours=1)


async def expire_overdue(database: Database, *, now: datetime) -> int:
    """Expire at most `AT_ONCE_MAX` of them, each in a transaction of its own; returns how many were found."""
    found = await repository.find_overdue(database, now, AT_ONCE_MAX)
    for transfer_id in found:
        await _expire(database, transfer_id, now)
    if len(found) < AT_ONCE_MAX:
        await repository.note_expired(database, now - LAG)
    return len(found)


async def _expire(database: Database, transfer_id: UUID, now: datetime) -> None:
    try:
        async with database.transaction() as tx:
            await posting.expire(tx, transfer_id, now=now)
    except AlreadyResolved:
        return  # Posted or voided since it was found.
