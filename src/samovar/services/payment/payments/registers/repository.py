"""SQL of registers."""

from collections.abc import Sequence
from datetime import date, datetime

from samovar.kit.database import Database, Transaction
from samovar.services.payment.payments.registers.domain import Movement, Register


async def movements(reader: Database, provider: str, since: datetime, until: datetime) -> list[Movement]:
    """Return what was captured and sent back through a provider in a span of time."""
    return await reader.fetch(
        """
        SELECT 'payment' AS kind, provider_payment_id AS id, captured AS amount, captured_at AS at
        FROM payments
        WHERE provider = $1 AND captured_at >= $2 AND captured_at < $3
        UNION ALL
        SELECT 'refund', r.provider_refund_id, r.amount, r.settled_at
        FROM payment_refunds r JOIN payments p ON p.id = r.payment_id
        WHERE p.provider = $1 AND r.state = 'done' AND r.settled_at >= $2 AND r.settled_at < $3
            AND r.provider_refund_id IS NOT NULL
        """,
        provider,
        since,
        until,
        into=Movement,
    )


async def known_movements(
    reader: Database, provider: str, payment_ids: Sequence[str], refund_ids: Sequence[str]
) -> list[Movement]:
    """Return what payments know of a provider's ids, whenever it was written down."""
    return await reader.fetch(
        """
        SELECT 'payment' AS kind, provider_payment_id AS id, captured AS amount, captured_at AS at
        FROM payments WHERE provider = $1 AND provider_payment_id = ANY($2) AND captured_at IS NOT NULL
        UNION ALL
        SELECT 'refund', r.provider_refund_id, r.amount, r.settled_at
        FROM payment_refunds r JOIN payments p ON p.id = r.payment_id
        WHERE p.provider = $1 AND r.provider_refund_id = ANY($3) AND r.state = 'done'
        """,
        provider,
        payment_ids,
        refund_ids,
        into=Movement,
    )


async def save_register(tx: Transaction, register: Register) -> None:
    """Write what a comparison came to, over an earlier one of the same day."""
    await tx.execute(
        """
        INSERT INTO provider_registers
            (provider, day, status, taken_there, taken_here, back_there, back_here, differences, found, checked_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (provider, day) DO UPDATE SET
            status = excluded.status, taken_there = excluded.taken_there, taken_here = excluded.taken_here,
            back_there = excluded.back_there, back_here = excluded.back_here, differences = excluded.differences,
            found = excluded.found, checked_at = excluded.checked_at
        """,
        register.provider,
        register.day,
        register.status,
        register.taken_there,
        register.taken_here,
        register.back_there,
        register.back_here,
        register.differences,
        register.found,
        register.checked_at,
    )


async def registers(
    reader: Database, before: tuple[date, str] | None, limit: int, *, differing: bool
) -> list[Register]:
    """Return comparisons, the newest day first."""
    day, provider = before or (None, None)
    return await reader.fetch(
        """
        SELECT * FROM provider_registers
        WHERE ($1::date IS NULL OR (day, provider) < ($1, $2)) AND (NOT $4 OR status IN ('differs', 'unread'))
        ORDER BY day DESC, provider DESC LIMIT $3
        """,
        day,
        provider,
        limit,
        differing,
        into=Register,
    )
