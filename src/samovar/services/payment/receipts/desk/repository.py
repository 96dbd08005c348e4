"""SQL of the desk: lists, and money beside its receipts."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.payment.receipts.desk.schemas import ReceiptKey
from samovar.services.payment.receipts.domain import State
from samovar.services.payment.receipts.repository import COLUMNS, Receipt


async def list_receipts(
    database: Database, state: State | None, before: ReceiptKey | None, limit: int
) -> list[Receipt]:
    """Return receipts, newest first."""
    return await database.fetch(
        f"""
        SELECT {COLUMNS} FROM receipts
        WHERE ($1::text IS NULL OR state = $1) AND ($2::timestamptz IS NULL OR (planned_at, id) < ($2, $3::uuid))
        ORDER BY planned_at DESC, id DESC LIMIT $4
        """,  # noqa: S608  of constants
        state,
        before.planned_at if before else None,
        before.id if before else None,
        limit,
        into=Receipt,
    )


async def find(database: Database, receipt_id: UUID) -> Receipt | None:
    """Return a receipt."""
    return await database.fetch_one(
        f"SELECT {COLUMNS} FROM receipts WHERE id = $1",  # noqa: S608  of constants
        receipt_id,
        into=Receipt,
    )


async def lock(tx: Transaction, receipt_id: UUID) -> Receipt | None:
    """Return a receipt that nobody else changes meanwhile."""
    return await tx.fetch_one(
        f"SELECT {COLUMNS} FROM receipts WHERE id = $1 FOR NO KEY UPDATE",  # noqa: S608  of constants
        receipt_id,
        into=Receipt,
    )


async def corrections_of(tx: Transaction, receipt_id: UUID) -> list[Receipt]:
    """Return the receipts that stand for another one, the reversal first."""
    return await tx.fetch(
        f"""
        SELECT {COLUMNS} FROM receipts WHERE cause_id = $1 AND kind IN ('reversal', 'correction') ORDER BY kind DESC
        """,  # noqa: S608  of constants
        receipt_id,
        into=Receipt,
    )


async def hand_in_anew(tx: Transaction, receipt_id: UUID, now: datetime) -> None:
    """Let a refused receipt be sent again, under a new id and made anew: what was wrong in it may be right by now."""
    await tx.execute(
        """
        UPDATE receipts SET state = 'planned', attempt = attempt + 1, tries = 0, next_try_at = $2, remote_id = NULL,
            settled_at = NULL, document = NULL
        WHERE id = $1
        """,
        receipt_id,
        now,
    )


async def mark_corrected(tx: Transaction, receipt_id: UUID, now: datetime) -> None:
    """Write that another receipt stands for this one."""
    await tx.execute(
        """
        UPDATE receipts SET state = 'corrected', settled_at = coalesce(settled_at, $2), next_try_at = NULL WHERE id = $1
        """,
        receipt_id,
        now,
    )
