"""The SQL of telling clients."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """A client that is to be told that a grant is over, and by when.

    Attributes:
        attempts: How many there have been, this one included.
    """

    id: UUID
    client_id: str
    account_id: UUID
    grant_id: UUID
    uri: str
    attempts: int = 0
    expires_at: datetime


async def insert_notices(tx: Transaction, notices: Sequence[Notice], now: datetime) -> None:
    """Promise to tell clients."""
    await tx.execute(
        """
        INSERT INTO logout_notices (id, client_id, account_id, grant_id, uri, next_attempt_at, expires_at)
        SELECT n.*, $6, $7
        FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[]) AS n
        """,
        [notice.id for notice in notices],
        [notice.client_id for notice in notices],
        [notice.account_id for notice in notices],
        [notice.grant_id for notice in notices],
        [notice.uri for notice in notices],
        now,
        max(notice.expires_at for notice in notices),
    )


async def claim_notices(
    tx: Transaction, *, now: datetime, leased_until: datetime, limit: int
) -> list[Notice]:
    """Take notices that are due; nobody else gets them before `leased_until`."""
    return await tx.fetch(
        """
        UPDATE logout_notices SET attempts = attempts + 1, next_attempt_at = $2
        WHERE id IN (
            SELECT id FROM logout_notices WHERE state = 'waiting' AND next_attempt_at <= $1
            ORDER BY next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED
        )
        RETURNING id, client_id, account_id, grant_id, uri, attempts, expires_at
        """,
        now,
        leased_until,
        limit,
        into=Notice,
    )


async def settle_notice(
    tx: Transaction, notice_id: UUID, *, state: str, error: str | None, now: datetime
) -> None:
    """Note how it ended."""
    await tx.execute(
        "UPDATE logout_notices SET state = $2, last_error = $3, settled_at = $4 WHERE id = $1 AND state = 'waiting'",
        notice_id,
        state,
        error,
        now,
    )


async def postpone_notice(tx: Transaction, notice: Notice, *, error: str, again_at: datetime) -> None:
    """Let it be tried again."""
    await tx.execute(
        """
        UPDATE logout_notices SET last_error = $3, next_attempt_at = $4
        WHERE id = $1 AND attempts = $2 AND state = 'waiting'
        """,
        notice.id,
        notice.attempts,
        error,
        again_at,
    )


async def delete_notices_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` notices that were settled before `moment`."""
    return await tx.execute(
        "DELETE FROM logout_notices WHERE id IN (SELECT id FROM logout_notices WHERE settled_at < $1 LIMIT $2)",
        moment,
        limit,
    )
