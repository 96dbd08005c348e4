"""The SQL that several rooms of account share."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction


class _Id(msgspec.Struct, frozen=True):
    id: UUID


async def lock_accounts(tx: Transaction, account_ids: Iterable[UUID]) -> set[UUID]:
    """Hold accounts until the end of the transaction and return those that there are; an erased one is none.

    All who hold several take them here, at once and in the order of their ids, so that nobody waits in a circle.
    """
    rows = await tx.fetch(
        "SELECT id FROM accounts WHERE id = ANY($1) AND NOT is_erased ORDER BY id FOR NO KEY UPDATE",
        list(account_ids),
        into=_Id,
    )
    return {row.id for row in rows}
