"""SQL of the ledger: everything by sets, so that a purchase of many legs costs as many round trips as one of two."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg
import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.ledger.domain import Account, Balance, Transfer, accounts_of
from samovar.services.payment.ledger.errors import InsufficientFunds


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


class _Balance(Balance, frozen=True, kw_only=True):
    account_id: UUID


_COLUMNS = (
    "id, kind, debit_account_id, credit_account_id, amount, currency, code, cause_id, pending_id, expires_at"
)


async def open_accounts(tx: Transaction, transfers: Sequence[Transfer]) -> None:
    """Make the accounts that are not there yet, and lock the guarded ones that are debited, in the order of their ids.

    A credit needs no lock of its own here: `move_balances` takes it, and takes all in the same order.
    """
    accounts = accounts_of(transfers)
    await tx.execute(
        """
        INSERT INTO ledger_accounts (id, kind, owner, currency)
        SELECT id, kind, owner, currency FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
            AS named (id, kind, owner, currency)
        WHERE NOT EXISTS (SELECT FROM ledger_accounts known WHERE known.id = named.id)
        ORDER BY id
        ON CONFLICT DO NOTHING
        """,
        [account.id for account in accounts],
        [account.kind.value for account in accounts],
        [account.owner for account in accounts],
        [account.currency for account in accounts],
    )


async def insert_transfers(tx: Transaction, transfers: Sequence[Transfer], now: datetime) -> list[UUID]:
    """Write transfers; returns the ids of those that were not there before."""
    rows = await tx.fetch(
        """
        INSERT INTO ledger_transfers
            (id, kind, debit_account_id, credit_account_id, amount, currency, code, cause_id, expires_at, actor_id, reason, created_at)
        SELECT *, $12 FROM unnest(
            $1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::bigint[], $6::text[], $7::text[], $8::uuid[], $9::timestamptz[],
            $10::uuid[], $11::text[])
        ON CONFLICT (id) DO NOTHING
        RETURNING id
        """,
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
        into=_Id,
    )
    return [row.id for row in rows]


async def find_transfers(reader: Database | Transaction, ids: Sequence[UUID]) -> list[Row]:
    """Return the transfers with these ids, in no order."""
    return await reader.fetch(
        f"SELECT {_COLUMNS} FROM ledger_transfers WHERE id = ANY($1)",  # noqa: S608  a constant of this file
        ids,
        into=Row,
    )


async def move_balances(tx: Transaction, moves: dict[UUID, Balance]) -> None:
    """Add to the balances of guarded accounts, which it locks in the order of their ids.

    Raises:
        InsufficientFunds: One would be overdrawn.
    """
    ids = sorted(moves)
    try:
        await tx.execute(
            """
            WITH locked AS (
                INSERT INTO ledger_balances AS b (account_id)
                SELECT id FROM unnest($1::uuid[]) AS id ORDER BY id
                ON CONFLICT (account_id) DO UPDATE SET account_id = b.account_id
                RETURNING account_id
            )
            SELECT count(*) FROM locked
            """,
            ids,
        )
        await tx.execute(
            """
            UPDATE ledger_balances b SET
                debits_posted = b.debits_posted + m.debits_posted,
                credits_posted = b.credits_posted + m.credits_posted,
                debits_pending = b.debits_pending + m.debits_pending,
                credits_pending = b.credits_pending + m.credits_pending
            FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[])
                AS m (account_id, debits_posted, credits_posted, debits_pending, credits_pending)
            WHERE b.account_id = m.account_id
            """,
            ids,
            [moves[account_id].debits_posted for account_id in ids],
            [moves[account_id].credits_posted for account_id in ids],
            [moves[account_id].debits_pending for account_id in ids],
            [moves[account_id].credits_pending for account_id in ids],
        )
    except asyncpg.CheckViolationError as error:
        raise InsufficientFunds(str(error)) from error


async def insert_resolutions(
    tx: Transaction,
    *,
    ids: Sequence[UUID],
    pending_ids: Sequence[UUID],
    kinds: Sequence[str],
    amounts: Sequence[int],
    now: datetime,
) -> list[UUID]:
    """Write what resolves pending transfers; returns the ids of those that were not there before."""
    rows = await tx.fetch(
        """
        INSERT INTO ledger_transfers
            (id, kind, debit_account_id, credit_account_id, amount, currency, code, cause_id, pending_id, created_at)
        SELECT r.id, r.kind, p.debit_account_id, p.credit_account_id, r.amount, p.currency, p.code, p.cause_id, p.id, $5
        FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::bigint[]) AS r (id, pending_id, kind, amount)
        JOIN ledger_transfers p ON p.id = r.pending_id
        ON CONFLICT DO NOTHING
        RETURNING id
        """,
        ids,
        pending_ids,
        kinds,
        amounts,
        now,
        into=_Id,
    )
    return [row.id for row in rows]


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
    return {row.account_id: row for row in rows}


async def guarded_among(reader: Transaction, account_ids: Sequence[UUID], kinds: Sequence[str]) -> set[UUID]:
    """Return those of these accounts that are of one of these kinds."""
    rows = await reader.fetch(
        "SELECT id FROM ledger_accounts WHERE id = ANY($1) AND kind = ANY($2)", account_ids, kinds, into=_Id
    )
    return {row.id for row in rows}


class _Id(msgspec.Struct, frozen=True):
    id: UUID
