"""SQL of the checks of payouts."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.payment.payouts.domain import Payout


class Leg(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer of a payout, and how it was resolved if it was pending."""

    id: UUID
    amount: int
    resolution: str | None


async def payouts(tx: Transaction, after: UUID, limit: int) -> list[Payout]:
    """Return payouts in the order of their ids."""
    return await tx.fetch(
        "SELECT * FROM payouts WHERE id > $1 ORDER BY id LIMIT $2", after, limit, into=Payout
    )


async def legs(tx: Transaction, ids: Sequence[UUID]) -> dict[UUID, Leg]:
    """Return transfers by their ids."""
    rows = await tx.fetch(
        """
        SELECT t.id, t.amount, r.kind AS resolution FROM ledger_transfers t LEFT JOIN ledger_transfers r ON r.pending_id = t.id
        WHERE t.id = ANY($1)
        """,
        ids,
        into=Leg,
    )
    return {row.id: row for row in rows}
