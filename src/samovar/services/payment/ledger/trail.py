"""What the ledger says of causes: for pages that explain where money went."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.ledger import repository
from samovar.services.payment.ledger.domain import Kind

TRANSFERS_MAX = 2_000


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One transfer, with its two accounts by name.

    Attributes:
        kind: `posted`, `pending`, or what became of a pending one: `post`, `void`, `expire`.
    """

    id: UUID
    kind: str
    code: str
    cause_id: UUID
    amount: int
    currency: str
    debit_kind: Kind
    debit_owner: str
    credit_kind: Kind
    credit_owner: str
    created_at: datetime


async def trail_of(reader: Database | Transaction, cause_ids: Sequence[UUID]) -> list[Step]:
    """Return the transfers that these things caused, in the order in which they were written; at most `TRANSFERS_MAX`."""
    return await repository.caused_by(reader, cause_ids, TRANSFERS_MAX, into=Step)
