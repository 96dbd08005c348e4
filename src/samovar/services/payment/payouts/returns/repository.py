"""SQL of payouts that came back."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.payment.payouts.domain import Payout


async def report(
    tx: Transaction, payout_id: UUID, *, actor_id: UUID, reason: str, now: datetime
) -> Payout | None:
    """Note who says that a locked payout came back, and why; what was said before is replaced."""
    return await tx.fetch_one(
        """
        UPDATE payouts SET return_reason = $2, return_reported_by = $3, return_reported_at = $4 WHERE id = $1 RETURNING *
        """,
        payout_id,
        reason,
        actor_id,
        now,
        into=Payout,
    )


async def confirm(tx: Transaction, payout_id: UUID, *, actor_id: UUID, now: datetime) -> Payout | None:
    """Note that a locked payout did come back."""
    return await tx.fetch_one(
        """
        UPDATE payouts SET status = 'rejected', failure = return_reason, return_confirmed_by = $2, closed_at = $3
        WHERE id = $1 RETURNING *
        """,
        payout_id,
        actor_id,
        now,
        into=Payout,
    )
