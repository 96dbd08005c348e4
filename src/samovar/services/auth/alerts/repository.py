"""The SQL of alerts and holds."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """What an account was told of."""

    id: UUID
    account_id: UUID
    what: str
    happened_at: datetime
    expires_at: datetime
    answered_at: datetime | None


class HoldRow(msgspec.Struct, frozen=True):
    """The hold of an account."""

    account_id: UUID
    held_until: datetime
    reason: str


async def insert_alert(tx: Transaction, alert: Alert, token_hash: bytes) -> None:
    """Add an alert."""
    await tx.execute(
        """
        INSERT INTO alerts (id, account_id, token_hash, what, happened_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        """,
        alert.id,
        alert.account_id,
        token_hash,
        alert.what,
        alert.happened_at,
        alert.expires_at,
    )


async def find_alert(database: Database, token_hash: bytes) -> Alert | None:
    """Return the alert of a token."""
    return await database.fetch_one(
        """
        SELECT id, account_id, what, happened_at, expires_at, answered_at FROM alerts WHERE token_hash = $1
        """,
        token_hash,
        into=Alert,
    )


async def lock_alert(tx: Transaction, token_hash: bytes) -> Alert | None:
    """Return the alert of a token, for this transaction alone."""
    return await tx.fetch_one(
        """
        SELECT id, account_id, what, happened_at, expires_at, answered_at
        FROM alerts WHERE token_hash = $1 FOR UPDATE
        """,
        token_hash,
        into=Alert,
    )


async def close_alert(tx: Transaction, alert_id: UUID, now: datetime) -> None:
    """Note that an alert was answered."""
    await tx.execute("UPDATE alerts SET answered_at = $2 WHERE id = $1", alert_id, now)


async def delete_alerts_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` alerts that ran out before `moment`."""
    return await tx.execute(
        "DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE expires_at < $1 LIMIT $2)", moment, limit
    )


async def hold_account(tx: Transaction, account_id: UUID, *, until: datetime, reason: str) -> datetime:
    """Hold an account until a moment, or longer if it is held longer already; return until when."""
    held_until: datetime = await tx.fetch_value(
        """
        UPDATE accounts SET held_until = greatest(held_until, $2), hold_reason = $3 WHERE id = $1
        RETURNING held_until
        """,
        account_id,
        until,
        reason,
    )
    return held_until


async def void_password(tx: Transaction, account_id: UUID) -> None:
    """Let the password open nothing until a new one was set by mail."""
    await tx.execute("UPDATE accounts SET password_is_void = true WHERE id = $1", account_id)


async def list_holds(database: Database, account_ids: list[UUID], now: datetime) -> list[HoldRow]:
    """Return the holds of those of the accounts that are held."""
    return await database.fetch(
        """
        SELECT id AS account_id, held_until, hold_reason AS reason
        FROM accounts WHERE id = ANY($1) AND held_until > $2
        """,
        account_ids,
        now,
        into=HoldRow,
    )
