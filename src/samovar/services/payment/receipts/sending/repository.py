"""SQL of sending: what is due, and what became of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.payment.receipts.repository import COLUMNS, Receipt
from samovar.services.payment.receipts.sending.documents import Document, Supplier


class Due(Receipt, frozen=True, kw_only=True):
    """A receipt whose turn it is, with what was sent of it before."""

    document: Document | None


class Backlog(msgspec.Struct, frozen=True, kw_only=True):
    """What is on its way, and what nobody takes."""

    waiting: int
    late: int
    refused: int
    oldest_at: datetime | None


async def claim_due(tx: Transaction, now: datetime, until: datetime, limit: int) -> list[Due]:
    """Return receipts whose turn it is; nobody else gets them before `until`."""
    return await tx.fetch(
        f"""
        UPDATE receipts SET next_try_at = $2 WHERE id IN (
            SELECT id FROM receipts WHERE next_try_at <= $1 ORDER BY next_try_at, id LIMIT $3 FOR UPDATE SKIP LOCKED)
        RETURNING {COLUMNS}, document
        """,  # noqa: S608  of constants
        now,
        until,
        limit,
        into=Due,
    )


async def suppliers_of(reader: Database | Transaction, organisation_ids: Sequence[UUID]) -> list[Supplier]:
    """Return who organisations are, as the register has them."""
    return await reader.fetch(
        "SELECT organisation_id, name, inn FROM payees WHERE organisation_id = ANY($1)",
        organisation_ids,
        into=Supplier,
    )


async def write_documents(tx: Transaction, documents: Mapping[UUID, Document]) -> None:
    """Keep what will be sent, before it is."""
    await tx.execute(
        """
        UPDATE receipts SET document = made.document
        FROM jsonb_to_recordset($1::jsonb) AS made (id uuid, document jsonb)
        WHERE receipts.id = made.id AND receipts.document IS NULL
        """,
        [{"id": str(key), "document": msgspec.to_builtins(one)} for key, one in documents.items()],
    )


async def update(tx: Transaction, receipt: Receipt, *, was_attempt: int) -> bool:
    """Write what became of a receipt, unless somebody else did meanwhile."""
    return bool(
        await tx.execute(
            """
            UPDATE receipts SET state = $3, attempt = $4, tries = $5, next_try_at = $6, sent_at = $7, remote_id = $8, settled_at = $9,
                failure = $10, drive = $11, number = $12, sign = $13, registered_at = $14, link = $15
            WHERE id = $1 AND attempt = $2 AND state IN ('planned', 'sent')
            """,
            receipt.id,
            was_attempt,
            receipt.state,
            receipt.attempt,
            receipt.tries,
            receipt.next_try_at,
            receipt.sent_at,
            receipt.remote_id,
            receipt.settled_at,
            receipt.failure,
            receipt.drive,
            receipt.number,
            receipt.sign,
            receipt.registered_at,
            receipt.link,
        )
    )


async def put_off(database: Database, ids: Sequence[UUID], until: datetime) -> None:
    """Let receipts wait: the service is away."""
    async with database.transaction() as tx:
        await tx.execute(
            "UPDATE receipts SET next_try_at = $2 WHERE id = ANY($1) AND state IN ('planned', 'sent')",
            ids,
            until,
        )


async def measure(database: Database, late_before: datetime) -> Backlog:
    """Return how much waits, and since when."""
    found = await database.fetch_one(
        """
        SELECT count(*) FILTER (WHERE state <> 'refused') AS waiting,
            count(*) FILTER (WHERE state <> 'refused' AND planned_at < $1) AS late,
            count(*) FILTER (WHERE state = 'refused') AS refused,
            min(planned_at) FILTER (WHERE state <> 'refused') AS oldest_at
        FROM receipts WHERE state IN ('planned', 'sent', 'refused')
        """,
        late_before,
        into=Backlog,
    )
    return found or Backlog(waiting=0, late=0, refused=0, oldest_at=None)
