"""SQL of receipts: plans, how lines stand, money beside its receipts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.receipts.domain import (
    Advance,
    Item,
    LineState,
    Operation,
    Plan,
    ReceiptKind,
    State,
)

_STATES = "line_id, order_id, net, prepaid, refunded, is_closed"


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt as it is kept; see the migration."""

    id: UUID
    kind: ReceiptKind
    cause_id: UUID
    order_id: UUID | None
    account_id: UUID
    operation: Operation
    currency: str
    electronic: int
    offset_amount: int
    total: int
    items: tuple[Item, ...]
    state: State
    planned_at: datetime
    attempt: int
    tries: int
    next_try_at: datetime | None
    sent_at: datetime | None
    remote_id: str | None
    settled_at: datetime | None
    failure: str | None
    drive: str | None
    number: int | None
    sign: int | None
    registered_at: datetime | None
    link: str | None
    actor_id: UUID | None
    reason: str | None


# Money that providers took and gave back, each beside what its receipts say; $1 and $2: from when until when. A capture pays an order,
# fills a wallet, or fitted nothing and went back.
_TAKEN = """
    SELECT 'payment ' || payment.id AS subject, payment.captured AS money, coalesce((
        SELECT sum(receipt.electronic) FROM receipts AS receipt
        WHERE (receipt.kind = 'advance' AND receipt.cause_id IN (payment.id, payment.purpose_id))
            OR (receipt.kind = 'sale' AND receipt.cause_id = payment.purpose_id
                AND EXISTS (SELECT FROM orders WHERE orders.id = payment.purpose_id AND orders.payment_id = payment.id))
        ), 0)::bigint AS receipts
    FROM payments AS payment
    WHERE payment.captured > 0 AND payment.currency = 'RUB' AND payment.captured_at >= $1 AND payment.captured_at < $2
"""
_RETURNED = """
    SELECT 'refund ' || back.id AS subject, back.amount AS money,
        coalesce((SELECT receipt.electronic FROM receipts AS receipt
            WHERE receipt.kind = 'refund' AND receipt.cause_id = back.id), 0)::bigint AS receipts
    FROM (
        SELECT refund.id, refund.amount, refund.settled_at
        FROM payment_refunds AS refund JOIN payments ON payments.id = refund.payment_id
        WHERE refund.state = 'done' AND refund.kind <> 'asked' AND payments.currency = 'RUB'
        UNION ALL
        SELECT refund.id, sum(part.amount)::bigint, refund.settled_at
        FROM refunds AS refund JOIN refund_parts AS part ON part.refund_id = refund.id
        WHERE refund.status = 'settled' AND refund.currency = 'RUB' AND part.status = 'done'
            AND part.destination IN ('instrument', 'chargeback')
        GROUP BY refund.id
    ) AS back
    WHERE back.settled_at >= $1 AND back.settled_at < $2
"""


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Money beside its receipts, minor units."""

    subject: str
    money: int
    receipts: int


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """A day in sums."""

    captured: int
    returned: int
    sold: int
    refunded: int


class Count(msgspec.Struct, frozen=True, kw_only=True):
    """How many receipts are in a state."""

    state: State
    count: int


FOUND_MAX = 100
COLUMNS = ", ".join(Receipt.__struct_fields__)


async def insert_plans(tx: Transaction, plans: Sequence[Plan]) -> None:
    """Keep plans; one that is there already stays as it is."""
    if not plans:
        return
    await tx.execute(
        """
        INSERT INTO receipts (id, kind, cause_id, order_id, account_id, operation, currency, electronic, offset_amount, total, items,
            planned_at, next_try_at, actor_id, reason)
        SELECT id, kind, cause_id, order_id, account_id, operation, currency, electronic, offset_amount, electronic + offset_amount,
            items, planned_at, planned_at, actor_id, reason
        FROM jsonb_to_recordset($1::jsonb) AS plan (id uuid, kind text, cause_id uuid, order_id uuid, account_id uuid, operation text,
            currency text, electronic bigint, offset_amount bigint, items jsonb, planned_at timestamptz, actor_id uuid, reason text)
        ON CONFLICT DO NOTHING
        """,
        [{**msgspec.to_builtins(plan), "id": str(plan.id)} for plan in plans],
    )


async def insert_states(tx: Transaction, states: Sequence[LineState]) -> None:
    """Keep how the lines of a paid order begin; those that are there already stay as they are."""
    if not states:
        return
    await tx.execute(
        f"""
        INSERT INTO receipt_lines ({_STATES})
        SELECT {_STATES} FROM jsonb_to_recordset($1::jsonb) AS state (line_id uuid, order_id uuid, net bigint, prepaid bigint,
            refunded bigint, is_closed boolean)
        ON CONFLICT DO NOTHING
        """,  # noqa: S608  of constants
        [msgspec.to_builtins(state) for state in states],
    )


async def lock_states(tx: Transaction, line_ids: Sequence[UUID]) -> dict[UUID, LineState]:
    """Return how lines stand, for nobody else to change meanwhile."""
    found = await tx.fetch(
        f"SELECT {_STATES} FROM receipt_lines WHERE line_id = ANY($1) ORDER BY line_id FOR NO KEY UPDATE",  # noqa: S608  of constants
        line_ids,
        into=LineState,
    )
    return {state.line_id: state for state in found}


async def update_states(tx: Transaction, states: Sequence[LineState]) -> None:
    """Write how lines stand."""
    await tx.execute(
        """
        UPDATE receipt_lines SET prepaid = state.prepaid, refunded = state.refunded, is_closed = state.is_closed
        FROM jsonb_to_recordset($1::jsonb) AS state (line_id uuid, prepaid bigint, refunded bigint, is_closed boolean)
        WHERE receipt_lines.line_id = state.line_id
        """,
        [msgspec.to_builtins(state) for state in states],
    )


async def has_plan(tx: Transaction, cause_id: UUID, kind: ReceiptKind) -> bool:
    """Tell whether a receipt is planned."""
    return bool(
        await tx.fetch_value(
            "SELECT EXISTS (SELECT FROM receipts WHERE cause_id = $1 AND kind = $2)", cause_id, kind
        )
    )


async def find_advance(tx: Transaction, cause_id: UUID) -> Advance | None:
    """Return whose advance it was, and since when."""
    return await tx.fetch_one(
        "SELECT account_id, planned_at FROM receipts WHERE cause_id = $1 AND kind = 'advance'",
        cause_id,
        into=Advance,
    )


async def receipts_of_order(reader: Database | Transaction, order_id: UUID) -> list[Receipt]:
    """Return the receipts of an order and their corrections, oldest first."""
    return await reader.fetch(
        f"SELECT {COLUMNS} FROM receipts WHERE order_id = $1 ORDER BY planned_at, id LIMIT 500",  # noqa: S608  of constants
        order_id,
        into=Receipt,
    )


async def receipts_of_causes(reader: Database | Transaction, cause_ids: Sequence[UUID]) -> list[Receipt]:
    """Return the receipts that these things caused and their corrections, oldest first."""
    return await reader.fetch(
        f"""
        WITH own AS (SELECT id FROM receipts WHERE cause_id = ANY($1))
        SELECT {COLUMNS} FROM receipts WHERE id IN (SELECT id FROM own) OR cause_id IN (SELECT id FROM own)
        ORDER BY planned_at, id LIMIT 500
        """,  # noqa: S608  of constants
        list(cause_ids),
        into=Receipt,
    )


async def sums_between(database: Database, since: datetime, until: datetime) -> Sums:
    """Return the sums of a stretch of time."""
    found = await database.fetch_one(
        f"""
        WITH taken AS ({_TAKEN}), returned AS ({_RETURNED}), own AS (
            SELECT operation, sum(electronic)::bigint AS electronic FROM receipts
            WHERE planned_at >= $1 AND planned_at < $2 AND currency = 'RUB' AND kind NOT IN ('reversal', 'correction')
            GROUP BY operation)
        SELECT (SELECT coalesce(sum(money), 0)::bigint FROM taken) AS captured,
            (SELECT coalesce(sum(money), 0)::bigint FROM returned) AS returned,
            (SELECT coalesce(sum(electronic), 0)::bigint FROM own WHERE operation = 'sell') AS sold,
            (SELECT coalesce(sum(electronic), 0)::bigint FROM own WHERE operation = 'sell_refund') AS refunded
        """,  # noqa: S608  of constants
        since,
        until,
        into=Sums,
    )
    return found or Sums(captured=0, returned=0, sold=0, refunded=0)


async def differences(database: Database, since: datetime, until: datetime) -> list[Compared]:
    """Return money whose receipts are missing or say another sum, at most `FOUND_MAX`."""
    return await database.fetch(
        f"""
        SELECT subject, money, receipts FROM ({_TAKEN} UNION ALL {_RETURNED}) AS compared
        WHERE money <> receipts ORDER BY subject LIMIT {FOUND_MAX}
        """,  # noqa: S608  of constants
        since,
        until,
        into=Compared,
    )


async def count_states(database: Database, since: datetime, until: datetime) -> list[Count]:
    """Return how many receipts of a stretch of time are in each state."""
    return await database.fetch(
        "SELECT state, count(*) AS count FROM receipts WHERE planned_at >= $1 AND planned_at < $2 GROUP BY state",
        since,
        until,
        into=Count,
    )


async def orders_without_receipt(database: Database) -> list[Compared]:
    """Return paid orders of real money that should have a receipt of payment and have none, at most `FOUND_MAX`.

    What is given later and the wallet pays for has its receipt when it is given; an order that bonuses pay in part may be all such.
    """
    return await database.fetch(
        f"""
        SELECT 'order ' || orders.id AS subject, orders.wallet_amount + orders.provider_amount AS money, 0::bigint AS receipts
        FROM orders
        WHERE orders.paid_at IS NOT NULL AND orders.currency = 'RUB'
            AND (orders.provider_amount > 0 OR (orders.wallet_amount > 0 AND orders.bonus_amount = 0 AND EXISTS (
                SELECT FROM order_lines AS line
                WHERE line.order_id = orders.id AND line.final > 0 AND NOT line.is_preorder AND NOT line.is_gift)))
            AND NOT EXISTS (SELECT FROM receipts WHERE receipts.cause_id = orders.id AND receipts.kind = 'sale')
        ORDER BY orders.id LIMIT {FOUND_MAX}
        """,  # noqa: S608  of constants
        into=Compared,
    )


async def lines_not_closed(database: Database) -> list[Compared]:
    """Return lines that were given after they were paid, and have no receipt of full payment, at most `FOUND_MAX`."""
    return await database.fetch(
        f"""
        SELECT 'line ' || line.id AS subject, state.net AS money, 0::bigint AS receipts
        FROM receipt_lines AS state JOIN order_lines AS line ON line.id = state.line_id
        WHERE line.delivered_at IS NOT NULL AND (line.is_preorder OR line.is_gift) AND state.refunded < state.net
            AND NOT EXISTS (SELECT FROM receipts WHERE receipts.cause_id = line.id AND receipts.kind = 'delivery')
        ORDER BY line.id LIMIT {FOUND_MAX}
        """,  # noqa: S608  of constants
        into=Compared,
    )


async def unbalanced(database: Database) -> list[Compared]:
    """Return receipts whose lines do not add up to their total, at most `FOUND_MAX`."""
    return await database.fetch(
        f"""
        SELECT 'receipt ' || id AS subject, total AS money, lines AS receipts FROM (
            SELECT id, total,
                (SELECT sum((item ->> 'amount')::bigint)::bigint FROM jsonb_array_elements(items) AS item) AS lines
            FROM receipts) AS counted
        WHERE total <> lines ORDER BY id LIMIT {FOUND_MAX}
        """,  # noqa: S608  of constants
        into=Compared,
    )
