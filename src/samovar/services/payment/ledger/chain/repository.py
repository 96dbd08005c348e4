"""SQL of the chain: what no open transaction can still write before, in the order of (written_in, seq)."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """How far the chain has come; `written_in` is text, as all numbers of transactions here."""

    block_number: int
    hash: bytes
    written_in: str
    seq: int


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer in full, with its place."""

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
    actor_id: UUID | None
    reason: str | None
    created_at: datetime
    written_in: str
    seq: int


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """A block as it is kept; see the migration."""

    number: int
    written_in: str
    seq: int
    transfers: int
    leaves: bytes
    hash: bytes


# `ORDER BY` names the column with its table: the output of the same name is text, in which 1000 comes before 999.
_LINK = """
    SELECT id, kind, debit_account_id, credit_account_id, amount, currency, code, cause_id, pending_id, expires_at, actor_id,
        reason, created_at, written_in::text AS written_in, seq
    FROM ledger_transfers t
"""
_POSITION = "SELECT block_number, hash, written_in::text AS written_in, seq FROM ledger_position"


async def lock_position(tx: Transaction) -> Position:
    """Return where the chain ends, which nobody else moves until this transaction is over."""
    found = await tx.fetch_one(f"{_POSITION} FOR UPDATE", into=Position)
    assert found is not None  # noqa: S101  the migration wrote it
    return found


async def find_position(reader: Database) -> Position:
    """Return where the chain ends."""
    found = await reader.fetch_one(_POSITION, into=Position)
    assert found is not None  # noqa: S101  the migration wrote it
    return found


async def is_ahead(reader: Database) -> bool:
    """Whether the chain's end is of a transaction that this server has not reached yet: its data came from another one."""
    return bool(
        await reader.fetch_value(
            "SELECT written_in >= pg_snapshot_xmax(pg_current_snapshot()) FROM ledger_position"
        )
    )


async def next_links(tx: Transaction, after: Position, limit: int) -> list[Link]:
    """Return the transfers after a position that nothing can come before any more."""
    return await tx.fetch(
        f"""
        {_LINK}
        WHERE (written_in, seq) > ($1::text::xid8, $2) AND written_in < pg_snapshot_xmin(pg_current_snapshot())
        ORDER BY t.written_in, t.seq LIMIT $3
        """,
        after.written_in,
        after.seq,
        limit,
        into=Link,
    )


async def links_between(reader: Database, after: Block | None, block: Block, limit: int) -> list[Link]:
    """Return the transfers that belong into a block now."""
    return await reader.fetch(
        f"""
        {_LINK}
        WHERE (written_in, seq) > ($1::text::xid8, $2) AND (written_in, seq) <= ($3::text::xid8, $4)
        ORDER BY t.written_in, t.seq LIMIT $5
        """,
        after.written_in if after else "0",
        after.seq if after else 0,
        block.written_in,
        block.seq,
        limit,
        into=Link,
    )


async def find_block(reader: Database, number: int) -> Block | None:
    """Return a block."""
    return await reader.fetch_one(
        "SELECT number, written_in::text AS written_in, seq, transfers, leaves, hash FROM ledger_blocks WHERE number = $1",
        number,
        into=Block,
    )


async def insert_block(tx: Transaction, block: Block, now: datetime) -> None:
    """Write a block and move the end of the chain there."""
    await tx.execute(
        """
        WITH written AS (
            INSERT INTO ledger_blocks (number, written_in, seq, transfers, leaves, hash, created_at)
            VALUES ($1, $2::text::xid8, $3, $4, $5, $6, $7)
        )
        UPDATE ledger_position SET block_number = $1, hash = $6, written_in = $2::text::xid8, seq = $3
        """,
        block.number,
        block.written_in,
        block.seq,
        block.transfers,
        block.leaves,
        block.hash,
        now,
    )


async def add_to_sums(tx: Transaction, after: Position, upto: Link) -> None:
    """Add what the transfers between two positions did to the sums of their accounts."""
    await tx.execute(
        """
        WITH part AS (
            SELECT * FROM ledger_effects
            WHERE (written_in, seq) > ($1::text::xid8, $2) AND (written_in, seq) <= ($3::text::xid8, $4)
        ),
        moved AS (
            SELECT debit_account_id AS account_id, posted AS dp, 0 AS cp, pending AS dw, 0 AS cw FROM part
            UNION ALL SELECT credit_account_id, 0, posted, 0, pending FROM part
        )
        INSERT INTO ledger_sums AS s
        SELECT account_id, sum(dp)::bigint, sum(cp)::bigint, sum(dw)::bigint, sum(cw)::bigint
        FROM moved GROUP BY account_id ORDER BY account_id
        ON CONFLICT (account_id) DO UPDATE SET
            debits_posted = s.debits_posted + excluded.debits_posted,
            credits_posted = s.credits_posted + excluded.credits_posted,
            debits_pending = s.debits_pending + excluded.debits_pending,
            credits_pending = s.credits_pending + excluded.credits_pending
        """,
        after.written_in,
        after.seq,
        upto.written_in,
        upto.seq,
    )
