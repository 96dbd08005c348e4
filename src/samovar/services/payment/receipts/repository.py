"""SQL of receipts: plans, how lines stand, what a person sees of them."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.receipts.domain import Item, LineState, Operation, Plan, ReceiptKind, State

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


async def account_of_advance(tx: Transaction, cause_id: UUID) -> UUID | None:
    """Return whose advance it was."""
    found: UUID | None = await tx.fetch_value(
        "SELECT account_id FROM receipts WHERE cause_id = $1 AND kind = 'advance'", cause_id
    )
    return found


async def receipts_of_order(reader: Database | Transaction, order_id: UUID) -> list[Receipt]:
    """Return the receipts of an order and their corrections, oldest first."""
    return await reader.fetch(
        f"SELECT {COLUMNS} FROM receipts WHERE order_id = $1 ORDER BY planned_at, id LIMIT 500",  # noqa: S608  of constants
        order_id,
        into=Receipt,
    )
