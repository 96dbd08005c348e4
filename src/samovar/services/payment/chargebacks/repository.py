"""SQL of chargebacks."""

from uuid import UUID

import asyncpg

from samovar.kit.database import Database, Transaction
from samovar.services.payment.chargebacks.domain import Chargeback, ChargebackStatus
from samovar.services.payment.chargebacks.errors import ChargebackKnown
from samovar.services.payment.chargebacks.schemas import ChargebackKey

Reader = Database | Transaction


async def insert(tx: Transaction, opened: Chargeback) -> None:
    """Write a chargeback.

    Raises:
        ChargebackKnown: The dispute of this name is written down already.
    """
    try:
        await tx.execute(
            """
            INSERT INTO chargebacks (id, payment_id, account_id, provider, case_id, amount, currency, covered, from_wallet,
                reason, note, status, actor_id, opened_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'opened', $12, $13)
            """,
            opened.id,
            opened.payment_id,
            opened.account_id,
            opened.provider,
            opened.case_id,
            opened.amount,
            opened.currency,
            opened.covered,
            opened.from_wallet,
            opened.reason,
            opened.note,
            opened.actor_id,
            opened.opened_at,
        )
    except asyncpg.UniqueViolationError as error:
        raise ChargebackKnown(str(error)) from error


async def decide(tx: Transaction, decided: Chargeback) -> None:
    """Write how it ended."""
    await tx.execute(
        "UPDATE chargebacks SET status = $2, refund_id = $3, decider_id = $4, decided_at = $5, note = $6 WHERE id = $1",
        decided.id,
        decided.status,
        decided.refund_id,
        decided.decider_id,
        decided.decided_at,
        decided.note,
    )


async def find(reader: Reader, chargeback_id: UUID) -> Chargeback | None:
    """Return a chargeback."""
    return await reader.fetch_one("SELECT * FROM chargebacks WHERE id = $1", chargeback_id, into=Chargeback)


async def lock(tx: Transaction, chargeback_id: UUID) -> Chargeback | None:
    """Return a chargeback that nobody else decides meanwhile; the order is locked before."""
    return await tx.fetch_one(
        "SELECT * FROM chargebacks WHERE id = $1 FOR UPDATE", chargeback_id, into=Chargeback
    )


async def is_known(reader: Reader, provider: str, case_id: str) -> bool:
    """Return whether a dispute of this name is written down already."""
    known: bool = await reader.fetch_value(
        "SELECT EXISTS (SELECT FROM chargebacks WHERE provider = $1 AND case_id = $2)", provider, case_id
    )
    return known


async def disputed(reader: Reader, payment_id: UUID) -> int:
    """Return how much of a payment banks have taken back, or dispute."""
    amount: int = await reader.fetch_value(
        "SELECT coalesce(sum(amount), 0)::bigint FROM chargebacks WHERE payment_id = $1 AND status <> 'won'",
        payment_id,
    )
    return amount


async def in_wallet(reader: Reader, payment_id: UUID) -> int:
    """Return what of an order's payment its payer was given in the wallet and no dispute has asked back: refunds, and late money."""
    amount: int = await reader.fetch_value(
        """
        SELECT (
            coalesce((
                SELECT sum(part.amount) FROM refund_parts part JOIN refund_funds fund ON fund.id = part.fund_id
                WHERE fund.payment_id = $1 AND part.destination = 'wallet' AND part.status = 'done' AND part.twice_at IS NULL
            ), 0)
            + coalesce((
                SELECT sum(r.amount) FROM payment_refunds r JOIN stuck_money_steps s ON s.return_id = r.id AND s.step = 'moved'
                WHERE r.payment_id = $1
            ), 0)
            - coalesce((SELECT sum(from_wallet) FROM chargebacks WHERE payment_id = $1 AND status <> 'won'), 0)
        )::bigint
        """,
        payment_id,
    )
    return max(0, amount)


async def from_wallet(reader: Reader, payment_id: UUID) -> int:
    """Return what the payer's wallet has given for disputes of a payment, or keeps for them."""
    amount: int = await reader.fetch_value(
        "SELECT coalesce(sum(from_wallet), 0)::bigint FROM chargebacks WHERE payment_id = $1 AND status <> 'won'",
        payment_id,
    )
    return amount


async def list_chargebacks(
    reader: Reader, *, status: ChargebackStatus | None, after: ChargebackKey | None, limit: int
) -> list[Chargeback]:
    """Return chargebacks, the newest first."""
    return await reader.fetch(
        """
        SELECT * FROM chargebacks
        WHERE ($1::text IS NULL OR status = $1) AND ($2::timestamptz IS NULL OR (opened_at, id) < ($2, $3::uuid))
        ORDER BY opened_at DESC, id DESC LIMIT $4
        """,
        status,
        after and after.opened_at,
        after and after.id,
        limit,
        into=Chargeback,
    )
