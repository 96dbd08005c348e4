"""Where the money of lines went: for the page of an order, and for whoever must explain it."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.revenue import repository
from samovar.services.payment.revenue.schemas import LineSplit


async def splits_of(reader: Database | Transaction, line_ids: Sequence[UUID]) -> list[LineSplit]:
    """Return the splits of lines, in no order; a line that is not delivered, or cost nothing, is not among them."""
    return await repository.find_splits(reader, line_ids)
