"""SQL of the wallet's history."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.services.payment.ledger.domain import CODES, OTHER
from samovar.services.payment.wallet.schemas import EntryFilters


class EntryRow(msgspec.Struct, frozen=True, kw_only=True):
    """A transfer as it changed what may be spent, and what could be afterwards."""

    id: UUID
    money: str
    code: str
    step: str
    cause_id: UUID
    created_at: datetime
    change: int
    balance: int


async def list_entries(
    reader: Database,
    account_id: UUID,
    filters: EntryFilters,
    *,
    since: datetime | None,
    until: datetime | None,
    after: UUID | None,
    limit: int,
) -> list[EntryRow]:
    """Return lines of a history, the newest first, from after that transfer on; the balance counts the lines left out too."""
    return await reader.fetch(
        """
        SELECT id, money, code, step, cause_id, created_at, change, balance FROM (
            SELECT id, money, code, step, cause_id, created_at, seq, change,
                (sum(change) OVER (PARTITION BY money ORDER BY seq))::bigint AS balance
            FROM wallet_entries WHERE account_id = $1 AND currency = $2
        ) AS history
        WHERE ($3::text IS NULL OR money = $3)
            AND ($4::text IS NULL OR code = $4 OR ($4 = $13 AND code <> ALL($12::text[])))
            AND CASE $5::text WHEN 'in' THEN change > 0 WHEN 'out' THEN change < 0 ELSE true END
            AND ($6::timestamptz IS NULL OR created_at >= $6)
            AND ($7::timestamptz IS NULL OR created_at < $7)
            AND ($8::bigint IS NULL OR abs(change) >= $8)
            AND ($9::bigint IS NULL OR abs(change) <= $9)
            AND ($10::uuid IS NULL OR seq < (SELECT seq FROM ledger_transfers WHERE id = $10))
        ORDER BY seq DESC LIMIT $11
        """,
        account_id,
        filters.currency,
        filters.money,
        filters.code,
        filters.direction,
        since,
        until,
        filters.amount_min,
        filters.amount_max,
        after,
        limit,
        sorted(CODES),
        OTHER,
        into=EntryRow,
    )
