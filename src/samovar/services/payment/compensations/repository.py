"""SQL of compensations."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.compensations.domain import Compensation, CompensationStatus
from samovar.services.payment.compensations.schemas import CompensationKey

Reader = Database | Transaction


async def insert(tx: Transaction, made: Compensation) -> None:
    """Write a compensation."""
    await tx.execute(
        """
        INSERT INTO compensations (id, account_id, kind, amount, currency, reason, note, line_id, content_hash, status, proposer_id,
            proposed_at, expires_at, decided_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        """,
        made.id,
        made.account_id,
        made.kind,
        made.amount,
        made.currency,
        made.reason,
        made.note,
        made.line_id,
        made.content_hash,
        made.status,
        made.proposer_id,
        made.proposed_at,
        made.expires_at,
        made.decided_at,
    )


async def find(reader: Reader, compensation_id: UUID) -> Compensation | None:
    """Return a compensation."""
    return await reader.fetch_one(
        "SELECT * FROM compensations WHERE id = $1", compensation_id, into=Compensation
    )


async def lock(tx: Transaction, compensation_id: UUID) -> Compensation | None:
    """Return a compensation that nobody else decides meanwhile."""
    return await tx.fetch_one(
        "SELECT * FROM compensations WHERE id = $1 FOR UPDATE", compensation_id, into=Compensation
    )


async def decide(tx: Transaction, decided: Compensation) -> None:
    """Write what was decided."""
    await tx.execute(
        "UPDATE compensations SET status = $2, decider_id = $3, decided_at = $4, decision = $5 WHERE id = $1",
        decided.id,
        decided.status,
        decided.decider_id,
        decided.decided_at,
        decided.decision,
    )


async def list_compensations(
    reader: Reader,
    *,
    status: CompensationStatus | None,
    account_id: UUID | None,
    after: CompensationKey | None,
    limit: int,
) -> list[Compensation]:
    """Return compensations, the newest first."""
    return await reader.fetch(
        """
        SELECT * FROM compensations
        WHERE ($1::text IS NULL OR status = $1) AND ($2::uuid IS NULL OR account_id = $2)
            AND ($3::timestamptz IS NULL OR (proposed_at, id) < ($3, $4::uuid))
        ORDER BY proposed_at DESC, id DESC LIMIT $5
        """,
        status,
        account_id,
        after and after.proposed_at,
        after and after.id,
        limit,
        into=Compensation,
    )


async def expire(tx: Transaction, now: datetime, limit: int) -> int:
    """End proposals whose time is over; returns how many."""
    return await tx.execute(
        """
        UPDATE compensations SET status = 'expired', decided_at = $1 WHERE id IN (
            SELECT id FROM compensations WHERE status = 'proposed' AND expires_at <= $1 ORDER BY expires_at LIMIT $2
            FOR UPDATE SKIP LOCKED)
        """,
        now,
        limit,
    )


async def count_in(
    tx: Transaction, actor_id: UUID, day: date, how: Literal["alone", "approved"], amount: int, limit: int
) -> bool:
    """Count what one of the staff gives on a day; returns whether it is within the limit, and counts nothing where it is not."""
    alone, approved = (amount, 0) if how == "alone" else (0, amount)
    if amount > limit:
        return False
    counted = await tx.execute(
        """
        INSERT INTO compensation_days AS d (actor_id, day, alone, approved) VALUES ($1, $2, $3, $4)
        ON CONFLICT (actor_id, day) DO UPDATE SET alone = d.alone + $3, approved = d.approved + $4
            WHERE CASE WHEN $3 > 0 THEN d.alone + $3 ELSE d.approved + $4 END <= $5
        """,
        actor_id,
        day,
        alone,
        approved,
        limit,
    )
    return counted > 0


async def compensated_among(reader: Reader, line_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of these lines for which money was given."""
    rows = await reader.fetch(
        "SELECT line_id FROM compensations WHERE line_id = ANY($1) AND status = 'given'", line_ids, into=_Line
    )
    return {row.line_id for row in rows}


class _Line(msgspec.Struct, frozen=True):
    line_id: UUID
