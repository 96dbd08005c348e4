"""Giving a promo code back: a function that takes the transaction first, called when an order closes unpaid."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.payment.promo import repository


async def give_back(tx: Transaction, quote_id: UUID, *, now: datetime) -> bool:
    """Make the code of a quote free again, once; returns whether there was one to give back."""
    returned = await repository.return_redemption(tx, quote_id, now)
    if returned is None:
        return False
    await repository.uncount(tx, returned.promo_code_id, returned.account_id)
    return True
