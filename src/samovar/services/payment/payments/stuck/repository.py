"""SQL of money that waits for a person."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.payments.stuck.schemas import Step, StuckKey, StuckKind

_STUCK = """
    SELECT r.id, 'late_money' AS kind, p.account_id, r.amount, p.currency, coalesce(r.failure_code, 'refused') AS reason,
        r.created_at AS since, p.id AS payment_id, p.provider,
        coalesce('proposed' = (
            SELECT s.step FROM stuck_money_steps s WHERE s.return_id = r.id ORDER BY s.taken_at DESC, s.id DESC LIMIT 1
        ), false) AS is_proposed
    FROM payment_refunds r JOIN payments p ON p.id = r.payment_id
    WHERE r.state = 'refused' AND r.kind IN ('late', 'mismatch')
        AND NOT EXISTS (SELECT FROM stuck_money_steps s WHERE s.return_id = r.id AND s.step = 'moved')
    UNION ALL
    SELECT f.id, 'refund', f.account_id, sum(part.amount)::bigint, f.currency, coalesce(max(part.notice_code), 'refused'),
        f.moved_at, NULL::uuid, NULL::text, false
    FROM refunds f JOIN refund_parts part ON part.refund_id = f.id AND part.status = 'held'
    WHERE f.status = 'paying' GROUP BY f.id
    UNION ALL
    SELECT id, 'receipt', account_id, total, currency, coalesce(failure, 'refused'), planned_at, NULL::uuid, NULL::text, false
    FROM receipts WHERE state = 'refused'
    UNION ALL
    SELECT r.id, 'unknown_refund', p.account_id, r.amount, p.currency, 'unanswered', c.first_sent_at, p.id, p.provider, false
    FROM payment_calls c JOIN payment_refunds r ON r.id = c.refund_id JOIN payments p ON p.id = r.payment_id
    WHERE c.outcome = 'unknown' AND c.kind = 'refund' AND r.state IN ('sent', 'unknown') AND c.first_sent_at < $1
"""


class StuckRow(msgspec.Struct, frozen=True, kw_only=True):
    """Money that waits for a person, as it is found."""

    id: UUID
    kind: StuckKind
    account_id: UUID
    amount: int
    currency: str
    reason: str
    since: datetime
    payment_id: UUID | None
    provider: str | None
    is_proposed: bool


class StuckCount(msgspec.Struct, frozen=True, kw_only=True):
    """How much of a kind waits, and since when."""

    kind: StuckKind
    count: int
    oldest: datetime


class TakenStep(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody did about it."""

    step: Step
    actor_id: UUID


class Disputed(msgspec.Struct, frozen=True, kw_only=True):
    """What banks take back of a payment.

    Attributes:
        is_open: A dispute is not over.
        lost: What they keep, beyond what the wallet has given for it.
    """

    is_open: bool
    lost: int


async def list_stuck(
    reader: Database, after: StuckKey | None, limit: int, *, unanswered_since: datetime
) -> list[StuckRow]:
    """Return what waits for a person, the longest first.

    Args:
        reader: Where to read.
        after: Where the page before ended.
        limit: How much at most.
        unanswered_since: What was asked for before that, and nobody knows of, waits for one, too.
    """
    return await reader.fetch(
        f"""
        SELECT * FROM ({_STUCK}) AS stuck
        WHERE $2::timestamptz IS NULL OR (since, id) > ($2, $3::uuid) ORDER BY since, id LIMIT $4
        """,  # noqa: S608  constants
        unanswered_since,
        after and after.since,
        after and after.id,
        limit,
        into=StuckRow,
    )


async def count_stuck(reader: Database, *, unanswered_since: datetime) -> list[StuckCount]:
    """Return how much of each kind waits; see `list_stuck`."""
    return await reader.fetch(
        f"SELECT kind, count(*) AS count, min(since) AS oldest FROM ({_STUCK}) AS stuck GROUP BY kind",  # noqa: S608  constants
        unanswered_since,
        into=StuckCount,
    )


async def disputed(tx: Transaction, payment_id: UUID) -> Disputed:
    """Return what banks take back of a payment; it is locked."""
    found = await tx.fetch_one(
        """
        SELECT coalesce(bool_or(status = 'opened'), false) AS is_open,
            coalesce(sum(amount - from_wallet) FILTER (WHERE status = 'lost'), 0)::bigint AS lost
        FROM chargebacks WHERE payment_id = $1
        """,
        payment_id,
        into=Disputed,
    )
    return found or Disputed(is_open=False, lost=0)


async def steps_of(tx: Transaction, return_id: UUID) -> list[TakenStep]:
    """Return what was done about it, the first step first."""
    return await tx.fetch(
        "SELECT step, actor_id FROM stuck_money_steps WHERE return_id = $1 ORDER BY taken_at, id LIMIT 1000",
        return_id,
        into=TakenStep,
    )


async def take_step(
    tx: Transaction,
    step_id: UUID,
    *,
    return_id: UUID,
    step: Step,
    actor_id: UUID,
    note: str,
    now: datetime,
) -> None:
    """Write down what somebody does about it, and why."""
    await tx.execute(
        """
        INSERT INTO stuck_money_steps (id, return_id, step, actor_id, note, taken_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        step_id,
        return_id,
        step,
        actor_id,
        note,
        now,
    )
