"""The SQL of launch tickets."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction


class StoredTicket(msgspec.Struct, frozen=True, kw_only=True):
    """A ticket, without what makes it one."""

    id: UUID
    account_id: UUID
    session_id: UUID
    game_id: UUID
    auth_time: datetime
    acr: str
    created_at: datetime
    expires_at: datetime
    redeemed_at: datetime | None = None


async def insert_ticket(tx: Transaction, ticket: StoredTicket, *, ticket_hash: bytes) -> None:
    """Add a ticket."""
    await tx.execute(
        """
        INSERT INTO launch_tickets
            (id, account_id, session_id, game_id, auth_time, acr, created_at, expires_at, ticket_hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        ticket.id,
        ticket.account_id,
        ticket.session_id,
        ticket.game_id,
        ticket.auth_time,
        ticket.acr,
        ticket.created_at,
        ticket.expires_at,
        ticket_hash,
    )


async def lock_ticket(tx: Transaction, ticket_hash: bytes) -> StoredTicket | None:
    """Return a ticket, for this transaction alone."""
    return await tx.fetch_one(
        """
        SELECT id, account_id, session_id, game_id, auth_time, acr, created_at, expires_at, redeemed_at
        FROM launch_tickets WHERE ticket_hash = $1 FOR UPDATE
        """,
        ticket_hash,
        into=StoredTicket,
    )


async def close_ticket(
    tx: Transaction, ticket_id: UUID, *, account_id: UUID, session_id: UUID, now: datetime
) -> None:
    """Note who redeemed a ticket."""
    await tx.execute(
        "UPDATE launch_tickets SET redeemed_at = $2, redeemed_by = $3, redeemed_in = $4 WHERE id = $1",
        ticket_id,
        now,
        account_id,
        session_id,
    )


async def delete_tickets_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` tickets that ran out before `moment`."""
    return await tx.execute(
        "DELETE FROM launch_tickets WHERE id IN (SELECT id FROM launch_tickets WHERE expires_at < $1 LIMIT $2)",
        moment,
        limit,
    )
