"""The SQL of setting passwords: those that were replaced, requests to reset, permissions to reset."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction

_RESET = "SELECT id, account_id, login, code_hash, attempts, expires_at, used_at FROM password_resets"


class ResetRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody has forgotten a password."""

    id: UUID
    login: str
    address: str
    requested_at: datetime


class NewReset(msgspec.Struct, frozen=True, kw_only=True):
    """A permission to set a new password, about to be given: by a token or by a code."""

    id: UUID
    account_id: UUID
    login: str
    token_hash: bytes | None = None
    code_hash: bytes | None = None
    created_at: datetime
    expires_at: datetime


class Reset(msgspec.Struct, frozen=True, kw_only=True):
    """A permission to set a new password."""

    id: UUID
    account_id: UUID
    login: str
    code_hash: bytes | None
    attempts: int
    expires_at: datetime
    used_at: datetime | None

    def __repr__(self) -> str:
        return f"Reset({self.id})"


async def insert_request(tx: Transaction, request: ResetRequest) -> None:
    """Note that somebody has forgotten a password."""
    await tx.execute(
        "INSERT INTO reset_requests (id, login, address, requested_at) VALUES ($1, $2, $3, $4)",
        request.id,
        request.login,
        request.address,
        request.requested_at,
    )


async def take_requests(tx: Transaction, limit: int) -> list[ResetRequest]:
    """Take up to `limit` requests out, those that no other process is taking."""
    return await tx.fetch(
        """
        DELETE FROM reset_requests WHERE id IN (
            SELECT id FROM reset_requests ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED
        )
        RETURNING id, login, address, requested_at
        """,
        limit,
        into=ResetRequest,
    )


async def insert_reset(tx: Transaction, reset: NewReset) -> None:
    """Add a permission."""
    await tx.execute(
        """
        INSERT INTO password_resets (id, account_id, login, token_hash, code_hash, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        """,
        reset.id,
        reset.account_id,
        reset.login,
        reset.token_hash,
        reset.code_hash,
        reset.created_at,
        reset.expires_at,
    )


async def find_reset_by_token(database: Database, token_hash: bytes) -> Reset | None:
    """Return the permission of a token."""
    return await database.fetch_one(f"{_RESET} WHERE token_hash = $1", token_hash, into=Reset)


async def find_reset_by_login(database: Database, login: str) -> Reset | None:
    """Return the latest permission by code that was sent to a login."""
    return await database.fetch_one(
        f"{_RESET} WHERE login = $1 AND code_hash IS NOT NULL ORDER BY created_at DESC LIMIT 1",
        login,
        into=Reset,
    )


async def lock_reset(tx: Transaction, reset_id: UUID) -> Reset | None:
    """Return a permission, for this transaction alone."""
    return await tx.fetch_one(f"{_RESET} WHERE id = $1 FOR UPDATE", reset_id, into=Reset)


async def count_attempt(tx: Transaction, reset_id: UUID) -> None:
    """Count a wrong code."""
    await tx.execute("UPDATE password_resets SET attempts = attempts + 1 WHERE id = $1", reset_id)


async def use_resets(tx: Transaction, account_id: UUID, now: datetime) -> None:
    """Void all permissions of an account: a password was set."""
    await tx.execute(
        "UPDATE password_resets SET used_at = $2 WHERE account_id = $1 AND used_at IS NULL", account_id, now
    )


async def delete_resets_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` permissions that ran out before `moment`."""
    return await tx.execute(
        "DELETE FROM password_resets WHERE id IN (SELECT id FROM password_resets WHERE expires_at < $1 LIMIT $2)",
        moment,
        limit,
    )


async def set_password(tx: Transaction, account_id: UUID, password_hash: str) -> None:
    """Give an account another password."""
    await tx.execute(
        "UPDATE accounts SET password_hash = $2, password_is_void = false WHERE id = $1",
        account_id,
        password_hash,
    )


async def keep_former(
    tx: Transaction, former_id: UUID, account_id: UUID, password_hash: str, now: datetime
) -> None:
    """Keep a password that was replaced, for a while."""
    await tx.execute(
        "INSERT INTO former_passwords (id, account_id, password_hash, replaced_at) VALUES ($1, $2, $3, $4)",
        former_id,
        account_id,
        password_hash,
        now,
    )


async def restore_former(tx: Transaction, account_id: UUID, since: datetime) -> int:
    """Let the password be again what it was just before `since`; 0 when it has not changed after that."""
    return await tx.execute(
        """
        UPDATE accounts a SET password_hash = f.password_hash
        FROM (
            SELECT password_hash FROM former_passwords WHERE account_id = $1 AND replaced_at >= $2
            ORDER BY replaced_at LIMIT 1
        ) f
        WHERE a.id = $1
        """,
        account_id,
        since,
    )


async def delete_former_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` passwords that were replaced before `moment`."""
    return await tx.execute(
        "DELETE FROM former_passwords WHERE id IN (SELECT id FROM former_passwords WHERE replaced_at < $1 LIMIT $2)",
        moment,
        limit,
    )
