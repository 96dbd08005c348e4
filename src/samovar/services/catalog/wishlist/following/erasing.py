"""Forgetting a person: nobody is followed by them any more. Their lists go by themselves."""

from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.catalog.wishlist.following import repository


async def forget(tx: Transaction, account_id: UUID) -> None:
    """Take a person out of the counts of followers. Doing it twice is as good as once."""
    await repository.forget_follower(tx, account_id)
