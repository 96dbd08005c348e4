"""SQL of payments, of what is asked of providers, and of money on its way back."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.payments.domain import Call, CallKind, CallOutcome, Payment, Return, Stray
from samovar.services.payment.payments.errors import RefundBeyondCaptured


class _Id(msgspec.Struct, frozen=True):
    id: UUID


class _Name(msgspec.Struct, frozen=True):
    name: str


async def insert_payment(tx: Transaction, payment: Payment) -> bool:
    """Write a payment that is intended; returns whether it is new."""
    return bool(
        await tx.execute(
            """
            INSERT INTO payments
                (id, purpose, purpose_id, account_id, method, amount, currency, description, return_url, save_method,
                 saved_method_id, expires_at, created_at, next_check_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            ON CONFLICT (id) DO NOTHING
            """,
            payment.id,
            payment.purpose,
            payment.purpose_id,
            payment.account_id,
            payment.method,
            payment.amount,
            payment.currency,
            payment.description,
            payment.return_url,
            payment.save_method,
            payment.saved_method_id,
            payment.expires_at,
            payment.created_at,
            payment.next_check_at,
        )
    )


async def find_payment(reader: Database | Transaction, payment_id: UUID) -> Payment | None:
    """Return a payment."""
    return await reader.fetch_one("SELECT * FROM payments WHERE id = $1", payment_id, into=Payment)


async def find_payments(reader: Database | Transaction, payment_ids: Sequence[UUID]) -> list[Payment]:
    """Return payments, in no order."""
    return await reader.fetch("SELECT * FROM payments WHERE id = ANY($1)", payment_ids, into=Payment)


async def lock_payment(tx: Transaction, payment_id: UUID) -> Payment | None:
    """Return a payment that nobody else changes until this transaction ends. What it is for is locked before."""
    return await tx.fetch_one(
        "SELECT * FROM payments WHERE id = $1 FOR NO KEY UPDATE", payment_id, into=Payment
    )


async def find_by_remote(reader: Database | Transaction, provider: str, remote_id: str) -> Payment | None:
    """Return the payment that a provider knows by this id."""
    return await reader.fetch_one(
        "SELECT * FROM payments WHERE provider = $1 AND provider_payment_id = $2",
        provider,
        remote_id,
        into=Payment,
    )


async def save_payment(tx: Transaction, payment: Payment) -> None:
    """Write what has changed of a payment that is locked.

    Raises:
        RefundBeyondCaptured: More would go back than came in.
    """
    try:
        await tx.execute(
            """
            UPDATE payments SET
                state = $2, provider = $3, provider_payment_id = $4, confirmation_kind = $5, confirmation_url = $6,
                captured = $7, refund_pending = $8, refunded = $9, fee = $10, failure_code = $11, captured_at = $12,
                stopped_at = $13, next_check_at = $14, checks = $15, held_until = $16, version = version + 1
            WHERE id = $1
            """,
            payment.id,
            payment.state,
            payment.provider,
            payment.provider_payment_id,
            payment.confirmation_kind,
            payment.confirmation_url,
            payment.captured,
            payment.refund_pending,
            payment.refunded,
            payment.fee,
            payment.failure_code,
            payment.captured_at,
            payment.stopped_at,
            payment.next_check_at,
            payment.checks,
            payment.held_until,
        )
    except asyncpg.CheckViolationError as error:
        if error.constraint_name == "refunds_within_captured":
            raise RefundBeyondCaptured(str(error)) from error
        raise


async def stop_payments(tx: Transaction, purpose_id: UUID, now: datetime) -> int:
    """Mark all payments for one thing as wanted by nobody, to be looked at now; returns how many."""
    return await tx.execute(
        """
        UPDATE payments SET
            stopped_at = $2, version = version + 1, checks = 0,
            next_check_at = CASE WHEN state IN ('captured', 'canceled', 'failed') THEN next_check_at ELSE $2 END
        WHERE purpose_id = $1 AND stopped_at IS NULL
        """,
        purpose_id,
        now,
    )


async def wake_payment(tx: Transaction, payment_id: UUID, now: datetime) -> None:
    """Have a payment looked at now."""
    await tx.execute("UPDATE payments SET next_check_at = $2 WHERE id = $1", payment_id, now)


async def due_payments(reader: Database | Transaction, now: datetime, limit: int) -> list[UUID]:
    """Return payments that are to be looked at, those that wait longest first."""
    rows = await reader.fetch(
        """
        SELECT id FROM payments
        WHERE next_check_at <= $1 AND (held_until IS NULL OR held_until <= $1)
        ORDER BY next_check_at LIMIT $2
        """,
        now,
        limit,
        into=_Id,
    )
    return [row.id for row in rows]


async def payments_for(reader: Database | Transaction, purpose_id: UUID) -> list[Payment]:
    """Return all payments for one thing, oldest first."""
    return await reader.fetch(
        "SELECT * FROM payments WHERE purpose_id = $1 ORDER BY id", purpose_id, into=Payment
    )


async def strays_for(reader: Database | Transaction, purpose_id: UUID) -> list[Stray]:
    """Return what came in for one thing and fitted nothing, oldest first."""
    return await reader.fetch(
        """
        SELECT p.id AS payment_id, r.id AS return_id, r.kind, r.amount, p.captured_at AS came_at, r.settled_at AS returned_at
        FROM payments p JOIN payment_refunds r ON r.payment_id = p.id AND r.kind IN ('late', 'mismatch')
        WHERE p.purpose_id = $1
        ORDER BY p.id
        """,
        purpose_id,
        into=Stray,
    )


async def insert_call(tx: Transaction, call: Call) -> None:
    """Write a key before it is used."""
    await tx.execute(
        """
        INSERT INTO payment_calls (key, payment_id, refund_id, kind, provider, first_sent_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        call.key,
        call.payment_id,
        call.refund_id,
        call.kind,
        call.provider,
        call.first_sent_at,
    )


async def open_calls(
    tx: Transaction, payment_id: UUID, refund_id: UUID | None = None
) -> dict[CallKind, Call]:
    """Return the calls whose outcome is not known, by kind: those of a refund, or of the payment itself."""
    calls = await tx.fetch(
        """
        SELECT * FROM payment_calls
        WHERE payment_id = $1 AND refund_id IS NOT DISTINCT FROM $2 AND outcome = 'unknown'
        """,
        payment_id,
        refund_id,
        into=Call,
    )
    return {call.kind: call for call in calls}


async def open_refund_calls(reader: Database | Transaction, payment_id: UUID) -> dict[UUID, Call]:
    """Return the calls for refunds of a payment whose outcome is not known, by refund."""
    calls = await reader.fetch(
        """
        SELECT * FROM payment_calls WHERE payment_id = $1 AND refund_id IS NOT NULL AND kind = 'refund' AND outcome = 'unknown'
        """,
        payment_id,
        into=Call,
    )
    return {call.refund_id: call for call in calls if call.refund_id is not None}


async def count_try(tx: Transaction, key: UUID) -> None:
    """Note that a call goes out once more."""
    await tx.execute("UPDATE payment_calls SET tries = tries + 1 WHERE key = $1", key)


async def close_calls(
    tx: Transaction, payment_id: UUID, kinds: Sequence[CallKind], outcome: CallOutcome, now: datetime
) -> None:
    """Write the outcome of the open calls of some kinds of a payment."""
    await tx.execute(
        """
        UPDATE payment_calls SET outcome = $3, answered_at = $4
        WHERE payment_id = $1 AND refund_id IS NULL AND kind = ANY($2) AND outcome = 'unknown'
        """,
        payment_id,
        kinds,
        outcome,
        now,
    )


async def close_refund_call(tx: Transaction, refund_id: UUID, outcome: CallOutcome, now: datetime) -> None:
    """Write the outcome of the open call of a refund."""
    await tx.execute(
        "UPDATE payment_calls SET outcome = $2, answered_at = $3 WHERE refund_id = $1 AND outcome = 'unknown'",
        refund_id,
        outcome,
        now,
    )


async def providers_that_refused(tx: Transaction, payment_id: UUID, since: datetime) -> set[str]:
    """Return the providers that certainly made nothing of a payment, lately."""
    rows = await tx.fetch(
        """
        SELECT DISTINCT provider AS name FROM payment_calls
        WHERE payment_id = $1 AND kind = 'create' AND outcome = 'not_made' AND answered_at > $2
        """,
        payment_id,
        since,
        into=_Name,
    )
    return {row.name for row in rows}


async def insert_return(tx: Transaction, refund: Return) -> bool:
    """Write that money is to go back; returns whether that is new."""
    return bool(
        await tx.execute(
            """
            INSERT INTO payment_refunds (id, payment_id, amount, kind, created_at, next_check_at)
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING
            """,
            refund.id,
            refund.payment_id,
            refund.amount,
            refund.kind,
            refund.created_at,
            refund.next_check_at,
        )
    )


async def find_return(reader: Database | Transaction, refund_id: UUID) -> Return | None:
    """Return money on its way back."""
    return await reader.fetch_one("SELECT * FROM payment_refunds WHERE id = $1", refund_id, into=Return)


async def lock_return(tx: Transaction, refund_id: UUID) -> Return | None:
    """Return money on its way back, locked; its payment is locked before."""
    return await tx.fetch_one(
        "SELECT * FROM payment_refunds WHERE id = $1 FOR NO KEY UPDATE", refund_id, into=Return
    )


async def save_return(tx: Transaction, refund: Return) -> None:
    """Write what has changed of it."""
    await tx.execute(
        """
        UPDATE payment_refunds SET
            state = $2, provider_refund_id = $3, failure_code = $4, settled_at = $5, next_check_at = $6, checks = $7,
            held_until = $8
        WHERE id = $1
        """,
        refund.id,
        refund.state,
        refund.provider_refund_id,
        refund.failure_code,
        refund.settled_at,
        refund.next_check_at,
        refund.checks,
        refund.held_until,
    )


async def due_returns(reader: Database | Transaction, now: datetime, limit: int) -> list[UUID]:
    """Return what is to go back and waits for a look, longest first."""
    rows = await reader.fetch(
        """
        SELECT id FROM payment_refunds
        WHERE next_check_at <= $1 AND (held_until IS NULL OR held_until <= $1)
        ORDER BY next_check_at LIMIT $2
        """,
        now,
        limit,
        into=_Id,
    )
    return [row.id for row in rows]


async def returns_of(reader: Database | Transaction, payment_id: UUID) -> list[Return]:
    """Return all that goes or went back of a payment, oldest first."""
    return await reader.fetch(
        "SELECT * FROM payment_refunds WHERE payment_id = $1 ORDER BY created_at, id", payment_id, into=Return
    )


async def count_refund_calls(tx: Transaction, refund_id: UUID) -> int:
    """Return with how many keys a provider was asked for a refund."""
    count: int = await tx.fetch_value("SELECT count(*) FROM payment_calls WHERE refund_id = $1", refund_id)
    return count
