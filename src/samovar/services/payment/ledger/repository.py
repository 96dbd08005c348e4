"""SQL of the ledger. To move money is one statement, however many legs there are, so that its locks are held for one round trip.

Such a statement first locks the balances that it moves, in the order of their ids, and only then writes transfers: so there is no
deadlock, and the transfers of a guarded account stand in `seq` as they came to hold.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import asyncpg
import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.ledger.domain import Account, Balance, Transfer, accounts_of
from samovar.services.payment.ledger.errors import InsufficientFunds

T = TypeVar("T")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer as it is kept."""

    id: UUID
    kind: str
    debit_account_id: UUID
    credit_account_id: UUID
    amount: int
    currency: str
    code: str
    cause_id: UUID
    pending_id: UUID | None
    expires_at: datetime | None


class _Balance(msgspec.Struct, frozen=True, kw_only=True):
    account_id: UUID
    debits_posted: int
    credits_posted: int
    debits_pending: int
    credits_pending: int

    def balance(self) -> Balance:
        return Balance(self.debits_posted, self.credits_posted, self.debits_pending, self.credits_pending)


_COLUMNS = (
    "id, kind, debit_account_id, credit_account_id, amount, currency, code, cause_id, pending_id, expires_at"
)
_OVERDRAFT = "no_overdraft"
# A balance that is not there yet is written after those that are: what a new account has, is what the moves give it.
_POST = """
    WITH opened AS (
        INSERT INTO ledger_accounts (id, kind, owner, currency)
        SELECT id, kind, owner, currency FROM unnest($13::uuid[], $14::text[], $15::text[], $16::text[])
            AS named (id, kind, owner, currency)
        WHERE NOT EXISTS (SELECT FROM ledger_accounts known WHERE known.id = named.id)
        ON CONFLICT DO NOTHING
    ),
    moves AS (
        SELECT * FROM unnest($17::uuid[], $18::bigint[], $19::bigint[], $20::bigint[], $21::bigint[])
            AS m (account_id, debits_posted, credits_posted, debits_pending, credits_pending)
    ),
    locked AS (
        SELECT account_id FROM ledger_balances WHERE account_id = ANY($17) ORDER BY account_id FOR NO KEY UPDATE
    ),
    written AS (
        INSERT INTO ledger_transfers
            (id, kind, debit_account_id, credit_account_id, amount, currency, code, cause_id, expires_at, actor_id, reason, created_at)
        SELECT t.*, $12 FROM unnest(
            $1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::text[], $8::uuid[], $9::timestamptz[],
            $10::uuid[], $11::text[]) AS t
        WHERE (SELECT count(*) FROM locked) >= 0
        ON CONFLICT (id) DO NOTHING
        RETURNING id
    ),
    moved AS (
        UPDATE ledger_balances b SET
            debits_posted = b.debits_posted + m.debits_posted,
            credits_posted = b.credits_posted + m.credits_posted,
            debits_pending = b.debits_pending + m.debits_pending,
            credits_pending = b.credits_pending + m.credits_pending
        FROM moves m
        WHERE b.account_id = m.account_id AND (SELECT count(*) FROM written) = cardinality($1)
        RETURNING b.account_id
    ),
    added AS (
        INSERT INTO ledger_balances AS b (account_id, debits_posted, credits_posted, debits_pending, credits_pending)
        SELECT m.* FROM moves m
        WHERE (SELECT count(*) FROM written) = cardinality($1) AND (SELECT count(*) FROM moved) >= 0
            AND m.account_id NOT IN (SELECT account_id FROM locked)
        ORDER BY m.account_id
        ON CONFLICT (account_id) DO UPDATE SET
            debits_posted = b.debits_posted + excluded.debits_posted,
            credits_posted = b.credits_posted + excluded.credits_posted,
            debits_pending = b.debits_pending + excluded.debits_pending,
            credits_pending = b.credits_pending + excluded.credits_pending
    )
    SELECT count(*) FROM written
"""
_RESOLVE = """
    WITH pending AS (
        SELECT * FROM ledger_transfers WHERE id = $1 AND kind = 'pending'
    ),
    locked AS (
        SELECT account_id FROM ledger_balances
        WHERE account_id IN (SELECT debit_account_id FROM pending UNION ALL SELECT credit_account_id FROM pending)
        ORDER BY account_id FOR NO KEY UPDATE
    ),
    written AS (
        INSERT INTO ledger_transfers
            (id, kind, debit_account_id, credit_account_id, amount, currency, code, cause_id, pending_id, created_at)
        SELECT $2, $3, p.debit_account_id, p.credit_account_id, coalesce($4, p.amount), p.currency, p.code, p.cause_id, p.id, $5
        FROM pending p
        WHERE (SELECT count(*) FROM locked) >= 0
            AND coalesce($4, p.amount) BETWEEN 1 AND p.amount AND ($3 <> 'expire' OR p.expires_at <= $5)
        ON CONFLICT DO NOTHING
        RETURNING CASE kind WHEN 'post' THEN amount ELSE 0 END AS posted
    ),
    moved AS (
        UPDATE ledger_balances b SET
            debits_posted = b.debits_posted + CASE b.account_id WHEN p.debit_account_id THEN w.posted ELSE 0 END,
            debits_pending = b.debits_pending - CASE b.account_id WHEN p.debit_account_id THEN p.amount ELSE 0 END,
            credits_posted = b.credits_posted + CASE b.account_id WHEN p.credit_account_id THEN w.posted ELSE 0 END,
            credits_pending = b.credits_pending - CASE b.account_id WHEN p.credit_account_id THEN p.amount ELSE 0 END
        FROM pending p, written w
        WHERE b.account_id IN (p.debit_account_id, p.credit_account_id)
    )
    SELECT count(*) FROM written
"""


async def post(
    tx: Transaction, transfers: Sequence[Transfer], moves: Mapping[UUID, Balance], now: datetime
) -> int:
    """Open accounts, write transfers and move guarded balances; returns how many transfers are new.

    Balances move only if all are new.

    Raises:
        InsufficientFunds: A guarded account would be overdrawn.
    """
    accounts = accounts_of(transfers)
    moved = sorted(moves)
    try:
        written: int = await tx.fetch_value(
            _POST,
            [transfer.id for transfer in transfers],
            ["pending" if transfer.is_pending else "posted" for transfer in transfers],
            [transfer.debit.id for transfer in transfers],
            [transfer.credit.id for transfer in transfers],
            [transfer.amount.amount for transfer in transfers],
            [transfer.amount.currency for transfer in transfers],
            [transfer.code for transfer in transfers],
            [transfer.cause_id for transfer in transfers],
            [transfer.expires_at for transfer in transfers],
            [transfer.actor_id for transfer in transfers],
            [transfer.reason for transfer in transfers],
            now,
            [account.id for account in accounts],
            [account.kind.value for account in accounts],
            [account.owner for account in accounts],
            [account.currency for account in accounts],
            moved,
            [moves[account_id].debits_posted for account_id in moved],
            [moves[account_id].credits_posted for account_id in moved],
            [moves[account_id].debits_pending for account_id in moved],
            [moves[account_id].credits_pending for account_id in moved],
        )
    except asyncpg.CheckViolationError as error:
        if error.constraint_name != _OVERDRAFT:
            raise
        raise InsufficientFunds(str(error)) from error
    return written


async def resolve(
    tx: Transaction, *, pending_id: UUID, resolution_id: UUID, kind: str, amount: int | None, now: datetime
) -> bool:
    """Write what resolves a pending transfer, and move the balances; returns whether that was written.

    It is not if there is no such transfer, it is resolved, the amount is no part of it, or its time to expire has not come.
    """
    return bool(await tx.fetch_value(_RESOLVE, pending_id, resolution_id, kind, amount, now))


async def find_transfers(reader: Database | Transaction, ids: Sequence[UUID]) -> list[Row]:
    """Return the transfers with these ids, in no order."""
    return await reader.fetch(
        f"SELECT {_COLUMNS} FROM ledger_transfers WHERE id = ANY($1)",  # noqa: S608  a constant of this file
        ids,
        into=Row,
    )


async def find_balances(reader: Database | Transaction, accounts: Sequence[Account]) -> dict[UUID, Balance]:
    """Return the balances of guarded accounts; one that nothing went through is not among them."""
    rows = await reader.fetch(
        """
        SELECT account_id, debits_posted, credits_posted, debits_pending, credits_pending
        FROM ledger_balances WHERE account_id = ANY($1)
        """,
        [account.id for account in accounts],
        into=_Balance,
    )
    return {row.account_id: row.balance() for row in rows}


async def fold_balances(reader: Database | Transaction, accounts: Sequence[Account]) -> dict[UUID, Balance]:
    """Return the balances of any accounts: the sums at the end of the chain and what came since, of one snapshot."""
    rows = await reader.fetch(
        """
        WITH upto AS MATERIALIZED (SELECT written_in, seq FROM ledger_position)
        SELECT a.account_id,
            (coalesce(s.debits_posted, 0) + d.posted)::bigint AS debits_posted,
            (coalesce(s.credits_posted, 0) + c.posted)::bigint AS credits_posted,
            (coalesce(s.debits_pending, 0) + d.pending)::bigint AS debits_pending,
            (coalesce(s.credits_pending, 0) + c.pending)::bigint AS credits_pending
        FROM unnest($1::uuid[]) AS a (account_id)
        LEFT JOIN ledger_sums s ON s.account_id = a.account_id
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(posted), 0) AS posted, coalesce(sum(pending), 0) AS pending FROM ledger_effects e
            WHERE e.debit_account_id = a.account_id
                AND (e.written_in, e.seq) > ((SELECT written_in FROM upto), (SELECT seq FROM upto))
        ) AS d
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(posted), 0) AS posted, coalesce(sum(pending), 0) AS pending FROM ledger_effects e
            WHERE e.credit_account_id = a.account_id
                AND (e.written_in, e.seq) > ((SELECT written_in FROM upto), (SELECT seq FROM upto))
        ) AS c
        """,
        [account.id for account in accounts],
        into=_Balance,
    )
    return {row.account_id: row.balance() for row in rows}


async def find_overdue(reader: Database, now: datetime, limit: int) -> list[UUID]:
    """Return pending transfers whose time is over and that nothing resolves, the longest overdue first."""
    found = await reader.fetch_value(
        """
        SELECT array_agg(id) FROM (
            SELECT p.id FROM ledger_transfers p
            WHERE p.expires_at > (SELECT expired_until FROM ledger_position) AND p.expires_at <= $1
                AND NOT EXISTS (SELECT FROM ledger_transfers r WHERE r.pending_id = p.id)
            ORDER BY p.expires_at LIMIT $2
        ) AS overdue
        """,
        now,
        limit,
    )
    return list(found or ())


async def note_expired(database: Database, until: datetime) -> None:
    """Remember until when all pending transfers are resolved, so that the next search begins there."""
    async with database.transaction() as tx:
        await tx.execute("UPDATE ledger_position SET expired_until = $1 WHERE expired_until < $1", until)


async def caused_by(
    reader: Database | Transaction, cause_ids: Sequence[UUID], limit: int, *, into: type[T]
) -> list[T]:
    """Return the transfers of causes with their accounts by name, in the order in which they were written."""
    return await reader.fetch(
        """
        SELECT t.id, t.kind, t.code, t.cause_id, t.amount, t.currency, t.created_at,
            d.kind AS debit_kind, d.owner AS debit_owner, c.kind AS credit_kind, c.owner AS credit_owner
        FROM ledger_transfers t
        JOIN ledger_accounts d ON d.id = t.debit_account_id
        JOIN ledger_accounts c ON c.id = t.credit_account_id
        WHERE t.cause_id = ANY($1::uuid[])
        ORDER BY t.seq
        LIMIT $2
        """,
        list(cause_ids),
        limit,
        into=into,
    )
