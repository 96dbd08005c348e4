"""Taking out of a cart what was bought. A function that takes the transaction first."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.payment.cart import repository
from samovar.services.payment.domain import OrderLine


async def remove(tx: Transaction, account_id: UUID, lines: Sequence[OrderLine]) -> None:
    """Take out what an order has lines of; what is meant for somebody else stays, as does the rest of the cart."""
    if await repository.hold_known(tx, account_id):
        await repository.delete_bought(tx, account_id, lines)
