"""The SQL of logins that come and go."""

from datetime import datetime
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.auth.domain import Login


class HeldLogin(Login, frozen=True, kw_only=True):
    """A login, and whose it is."""

    account_id: UUID
    verified_at: datetime | None


async def lock_login(tx: Transaction, login: str) -> HeldLogin | None:
    """Return a login, for this transaction alone."""
    return await tx.fetch_one(
        "SELECT kind, login AS value, account_id, verified_at FROM logins WHERE login = $1 FOR UPDATE",
        login,
        into=HeldLogin,
    )


async def insert_login(
    tx: Transaction, login: Login, account_id: UUID, *, verified_at: datetime, now: datetime
) -> bool:
    """Give an account a login; false when somebody has it."""
    return bool(
        await tx.execute(
            """
            INSERT INTO logins (login, kind, account_id, created_at, verified_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT DO NOTHING
            """,
            login.value,
            login.kind,
            account_id,
            now,
            verified_at,
        )
    )


async def remove_login(tx: Transaction, former_id: UUID, account_id: UUID, login: str, now: datetime) -> bool:
    """Take a login from an account and keep it for a while among the former ones; false when it is not the account's."""
    return bool(
        await tx.execute(
            """
            WITH removed AS (
                DELETE FROM logins WHERE login = $3 AND account_id = $2 RETURNING login, kind, account_id, verified_at, created_at
            )
            INSERT INTO former_logins (id, account_id, login, kind, verified_at, created_at, removed_at)
            SELECT $1, account_id, login, kind, verified_at, created_at, $4 FROM removed
            """,
            former_id,
            account_id,
            login,
            now,
        )
    )


async def count_logins(tx: Transaction, account_id: UUID) -> int:
    """Return how many logins an account has."""
    count: int = await tx.fetch_value("SELECT count(*) FROM logins WHERE account_id = $1", account_id)
    return count


async def remove_added_since(tx: Transaction, account_id: UUID, since: datetime) -> int:
    """Take the logins from an account that it got at or after `since`, those of its registration aside."""
    return await tx.execute(
        """
        DELETE FROM logins l USING accounts a
        WHERE l.account_id = $1 AND a.id = $1 AND l.created_at >= $2 AND l.created_at > a.created_at
        """,
        account_id,
        since,
    )


async def restore_removed_since(tx: Transaction, account_id: UUID, since: datetime) -> int:
    """Give an account the logins back that it lost at or after `since`, where nobody else has them now."""
    return await tx.execute(
        """
        WITH former AS (
            DELETE FROM former_logins WHERE account_id = $1 AND removed_at >= $2 RETURNING login, kind, verified_at, created_at
        )
        INSERT INTO logins (login, kind, account_id, created_at, verified_at)
        SELECT DISTINCT ON (login) login, kind, $1, created_at, verified_at FROM former WHERE created_at < $2
        ON CONFLICT DO NOTHING
        """,
        account_id,
        since,
    )


async def delete_former_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` former logins that were removed before `moment`."""
    return await tx.execute(
        "DELETE FROM former_logins WHERE id IN (SELECT id FROM former_logins WHERE removed_at < $1 LIMIT $2)",
        moment,
        limit,
    )
