"""The end of requests whose child, or whose family, is no more."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.account.family.requests import repository
from samovar.services.account.family.requests.domain import decided_event


async def take_back(tx: Transaction, family_id: UUID, account_ids: list[UUID] | None, now: datetime) -> None:
    """Take back what members of a family have asked for, all of them where none are named, and tell the others."""
    for request in await repository.cancel_open(tx, family_id, account_ids, now):
        await tx.publish(decided_event(request))
