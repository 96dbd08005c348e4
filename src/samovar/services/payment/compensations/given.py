"""For which purchases money was given, for those who judge refunds."""

from collections.abc import Sequence
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.compensations import repository


async def among(reader: Database | Transaction, line_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of these lines that support has compensated."""
    return await repository.compensated_among(reader, line_ids)
