"""The SQL of approvals."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.payment.children.domain import Approval


class _Id(msgspec.Struct, frozen=True):
    id: UUID


async def insert(tx: Transaction, approval: Approval) -> None:
    """Keep an approval; what is known of it stays."""
    await tx.execute(
        """
        INSERT INTO purchase_approvals (request_id, family_id, account_id, payer_id, package_id, approved_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (request_id) DO NOTHING
        """,
        approval.request_id,
        approval.family_id,
        approval.account_id,
        approval.payer_id,
        approval.package_id,
        approval.approved_at,
        approval.expires_at,
    )


async def lock_valid(
    tx: Transaction, *, family_id: UUID, account_id: UUID, package_ids: Collection[UUID], now: datetime
) -> list[Approval]:
    """Return a child's approvals for packages that have not expired, the oldest first, locked."""
    return await tx.fetch(
        """
        SELECT * FROM purchase_approvals
        WHERE account_id = $1 AND package_id = ANY($2) AND family_id = $3 AND expires_at > $4
        ORDER BY approved_at, request_id
        FOR NO KEY UPDATE
        """,
        account_id,
        list(package_ids),
        family_id,
        now,
        into=Approval,
    )


async def alive(tx: Transaction, order_ids: Collection[UUID]) -> set[UUID]:
    """Return which of these orders wait for their payment or were ever paid."""
    rows = await tx.fetch(
        """
        SELECT id FROM orders
        WHERE id = ANY($1) AND (paid_at IS NOT NULL OR status NOT IN ('canceled', 'expired', 'failed'))
        """,
        list(order_ids),
        into=_Id,
    )
    return {row.id for row in rows}


async def mark_used(tx: Transaction, request_ids: Collection[UUID], order_id: UUID) -> None:
    """Write which order used approvals."""
    await tx.execute(
        "UPDATE purchase_approvals SET order_id = $2 WHERE request_id = ANY($1)", list(request_ids), order_id
    )


async def delete_expired_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Forget approvals that expired before a moment; returns how many."""
    rows = await tx.fetch(
        """
        DELETE FROM purchase_approvals WHERE request_id IN (
            SELECT request_id FROM purchase_approvals WHERE expires_at < $1 ORDER BY expires_at LIMIT $2
        )
        RETURNING request_id AS id
        """,
        moment,
        limit,
        into=_Id,
    )
    return len(rows)
