"""SQL of top-ups."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.payments.topping_up.domain import TopUp

# What namespaces the lock that makes top-ups of one account go one after another: `top`.
_LOCK_SPACE = 0x746F70


async def hold_account(tx: Transaction, account_id: UUID) -> None:
    """Let no other top-up of an account be made until this transaction ends, so that its limit is counted once."""
    await tx.execute("SELECT pg_advisory_xact_lock($1, hashtext($2::text))", _LOCK_SPACE, str(account_id))


async def insert_top_up(tx: Transaction, top_up: TopUp) -> None:
    """Write a top-up."""
    await tx.execute(
        """
        INSERT INTO top_ups (id, account_id, payment_id, method, amount, currency, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        top_up.id,
        top_up.account_id,
        top_up.payment_id,
        top_up.method,
        top_up.amount,
        top_up.currency,
        top_up.created_at,
        top_up.expires_at,
    )


async def find_top_up(reader: Database | Transaction, top_up_id: UUID) -> TopUp | None:
    """Return a top-up."""
    return await reader.fetch_one("SELECT * FROM top_ups WHERE id = $1", top_up_id, into=TopUp)


async def lock_top_up(tx: Transaction, top_up_id: UUID) -> TopUp | None:
    """Return a top-up, locked; whoever changes one takes it before its payment."""
    return await tx.fetch_one("SELECT * FROM top_ups WHERE id = $1 FOR NO KEY UPDATE", top_up_id, into=TopUp)


async def save_top_up(tx: Transaction, top_up: TopUp) -> None:
    """Write what has changed of it."""
    await tx.execute(
        "UPDATE top_ups SET status = $2, failure_code = $3, credited_at = $4, refunded_at = $5 WHERE id = $1",
        top_up.id,
        top_up.status,
        top_up.failure_code,
        top_up.credited_at,
        top_up.refunded_at,
    )


async def top_ups_of(
    reader: Database | Transaction, account_id: UUID, before: UUID | None, limit: int
) -> list[TopUp]:
    """Return the top-ups of an account, the newest first, those before an id."""
    return await reader.fetch(
        """
        SELECT * FROM top_ups WHERE account_id = $1 AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3
        """,
        account_id,
        before,
        limit,
        into=TopUp,
    )


async def paid_in_since(reader: Database | Transaction, account_id: UUID, since: datetime) -> int:
    """Return what an account has paid in, or is about to, since a moment."""
    total: int = await reader.fetch_value(
        """
        SELECT coalesce(sum(amount), 0)::bigint FROM top_ups
        WHERE account_id = $1 AND created_at >= $2 AND status IN ('pending', 'credited', 'refunding')
        """,
        account_id,
        since,
    )
    return total


async def begun_before(reader: Database | Transaction, account_id: UUID, count: int) -> datetime | None:
    """Return when an account began the `count`-th of its last top-ups; none where it has not begun so many."""
    found: datetime | None = await reader.fetch_value(
        "SELECT created_at FROM top_ups WHERE account_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1",
        account_id,
        count - 1,
    )
    return found


async def credits_after(reader: Database | Transaction, wallet_id: UUID, transfer_id: UUID) -> int:
    """Return what came into a wallet after one transfer did, less the later top-ups that have left it again.

    The way out and back of an earlier top-up, or of the same one, changes nothing of what came later.
    """
    total: int = await reader.fetch_value(
        """
        SELECT coalesce(sum(CASE WHEN later.credit_account_id = $1 THEN later.amount ELSE -later.amount END), 0)::bigint
        FROM ledger_transfers first
        JOIN ledger_transfers later ON later.seq > first.seq AND later.kind IN ('posted', 'post')
            AND (later.credit_account_id = $1 OR later.debit_account_id = $1)
        LEFT JOIN payment_refunds back ON back.id = later.cause_id AND back.kind = 'top_up'
        LEFT JOIN top_ups returned ON returned.payment_id = back.payment_id
        WHERE first.id = $2 AND CASE
            WHEN returned.id IS NULL THEN later.credit_account_id = $1
            ELSE EXISTS (
                SELECT 1 FROM ledger_transfers paid_in
                WHERE paid_in.cause_id = returned.id AND paid_in.credit_account_id = $1 AND paid_in.seq > first.seq
            )
        END
        """,
        wallet_id,
        transfer_id,
    )
    return total


async def refunds_tried(tx: Transaction, payment_id: UUID) -> int:
    """Return how often the money of a top-up was to go back and was refused."""
    count: int = await tx.fetch_value(
        "SELECT count(*) FROM payment_refunds WHERE payment_id = $1 AND kind = 'top_up' AND state = 'refused'",
        payment_id,
    )
    return count


async def is_disputed(tx: Transaction, payment_id: UUID) -> bool:
    """Return whether the payer's bank disputes the payment of a top-up, or has taken it back; the top-up is locked."""
    found: bool = await tx.fetch_value(
        "SELECT EXISTS (SELECT FROM chargebacks WHERE payment_id = $1 AND status <> 'won')", payment_id
    )
    return found


async def find_requested(tx: Transaction, account_id: UUID, key: str) -> TopUp | None:
    """Return the top-up that a request made whose answer was never given."""
    return await tx.fetch_one(
        """
        SELECT t.* FROM top_up_requests r JOIN top_ups t ON t.id = r.top_up_id
        WHERE r.account_id = $1 AND r.request_key = $2
        """,
        account_id,
        key,
        into=TopUp,
    )


async def remember_request(tx: Transaction, top_up: TopUp, key: str) -> None:
    """Write which request made a top-up."""
    await tx.execute(
        """
        INSERT INTO top_up_requests (account_id, request_key, top_up_id) VALUES ($1, $2, $3)
        ON CONFLICT DO NOTHING
        """,
        top_up.account_id,
        key,
        top_up.id,
    )


async def forget_request(tx: Transaction, top_up_id: UUID) -> None:
    """Forget which request made a top-up: its answer is given now."""
    await tx.execute("DELETE FROM top_up_requests WHERE top_up_id = $1", top_up_id)
