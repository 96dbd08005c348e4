"""The SQL of auth."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.auth.domain import Login, SessionState
from samovar.services.auth.schemas import PublicKey

_KEYS = """
    SELECT kid, public_jwk, private_key_sealed, signs_from, created_at FROM signing_keys ORDER BY signs_from, kid
"""


class Account(msgspec.Struct, frozen=True):
    """An account as signing in sees it."""

    id: UUID
    password_hash: str
    roles: tuple[str, ...]
    tokens_not_before: datetime | None

    def __repr__(self) -> str:
        return f"Account({self.id})"


class NewSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session about to begin."""

    id: UUID
    account_id: UUID
    amr: tuple[str, ...]
    acr: str
    started_at: datetime
    expires_at: datetime
    seed: bytes


class Session(SessionState, frozen=True, kw_only=True):
    """A session with what its next tokens say."""

    id: UUID
    account_id: UUID
    amr: tuple[str, ...]
    acr: str
    authenticated_at: datetime
    seed: bytes
    access_token_sealed: bytes | None
    roles: tuple[str, ...]
    tokens_not_before: datetime | None

    def __repr__(self) -> str:
        return f"Session({self.id})"


class StoredKey(msgspec.Struct, frozen=True):
    """A key pair for signing, its private half encrypted."""

    kid: str
    public_jwk: PublicKey
    private_key_sealed: bytes
    signs_from: datetime
    created_at: datetime


class LiveSession(msgspec.Struct, frozen=True):
    """A session that is not over."""

    id: UUID
    account_id: UUID


async def find_account(database: Database, login: Login) -> Account | None:
    """Return the account that has this login."""
    return await database.fetch_one(
        """
        SELECT a.id, a.password_hash, a.roles, a.tokens_not_before
        FROM logins l JOIN accounts a ON a.id = l.account_id
        WHERE l.login = $1
        """,
        login.value,
        into=Account,
    )


async def lock_account(tx: Transaction, login: Login) -> Account | None:
    """Return the account that has this login, for changing it in this transaction."""
    return await tx.fetch_one(
        """
        SELECT a.id, a.password_hash, a.roles, a.tokens_not_before
        FROM logins l JOIN accounts a ON a.id = l.account_id
        WHERE l.login = $1
        FOR UPDATE OF a
        """,
        login.value,
        into=Account,
    )


async def insert_account(tx: Transaction, account: Account, login: Login, now: datetime) -> bool:
    """Add an account with its login; false, and nothing added, when the login is taken."""
    added = await tx.execute(
        """
        WITH claimed AS (
            INSERT INTO logins (login, kind, account_id, created_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT DO NOTHING
            RETURNING account_id
        )
        INSERT INTO accounts (id, password_hash, roles, created_at)
        SELECT account_id, $5, $6, $4 FROM claimed
        """,
        login.value,
        login.kind,
        account.id,
        now,
        account.password_hash,
        account.roles,
    )
    return bool(added)


async def update_password_hash(tx: Transaction, account_id: UUID, password_hash: str) -> None:
    """Keep the same password under a newer hash."""
    await tx.execute("UPDATE accounts SET password_hash = $2 WHERE id = $1", account_id, password_hash)


async def update_roles(
    tx: Transaction, account_id: UUID, roles: tuple[str, ...], *, tokens_not_before: datetime
) -> None:
    """Give the account other roles and make its older access tokens void."""
    await tx.execute(
        "UPDATE accounts SET roles = $2, tokens_not_before = $3 WHERE id = $1",
        account_id,
        roles,
        tokens_not_before,
    )


async def insert_session(tx: Transaction, session: NewSession) -> None:
    """Add a session at its first generation."""
    await tx.execute(
        """
        INSERT INTO sessions (id, account_id, amr, acr, authenticated_at, rotated_at, expires_at, seed)
        VALUES ($1, $2, $3, $4, $5, $5, $6, $7)
        """,
        session.id,
        session.account_id,
        session.amr,
        session.acr,
        session.started_at,
        session.expires_at,
        session.seed,
    )


async def lock_session(tx: Transaction, session_id: UUID) -> Session | None:
    """Return a session, for this transaction alone, and what its account may do, which nobody changes meanwhile."""
    return await tx.fetch_one(
        """
        SELECT s.id, s.account_id, s.amr, s.acr, s.authenticated_at, s.seed, s.generation, s.rotated_at,
               s.expires_at, s.ended_at, s.access_token_sealed, a.roles, a.tokens_not_before
        FROM sessions s JOIN accounts a ON a.id = s.account_id
        WHERE s.id = $1
        FOR UPDATE OF s FOR SHARE OF a
        """,
        session_id,
        into=Session,
    )


async def rotate_session(
    tx: Transaction,
    session_id: UUID,
    *,
    generation: int,
    rotated_at: datetime,
    expires_at: datetime,
    access_token_sealed: bytes,
) -> None:
    """Move a session to its next generation."""
    await tx.execute(
        """
        UPDATE sessions SET generation = $2, rotated_at = $3, expires_at = $4, access_token_sealed = $5 WHERE id = $1
        """,
        session_id,
        generation,
        rotated_at,
        expires_at,
        access_token_sealed,
    )


async def end_session(tx: Transaction, session_id: UUID, *, reason: str, now: datetime) -> bool:
    """End a session; false when it was over before."""
    ended = await tx.execute(
        """
        UPDATE sessions SET ended_at = $2, end_reason = $3, access_token_sealed = NULL
        WHERE id = $1 AND ended_at IS NULL
        """,
        session_id,
        now,
        reason,
    )
    return bool(ended)


async def end_surplus_sessions(
    tx: Transaction, account_id: UUID, *, keep: int, reason: str, now: datetime
) -> list[LiveSession]:
    """End the sessions of an account that were used longest ago, beyond the `keep` latest, and return them."""
    return await tx.fetch(
        """
        UPDATE sessions SET ended_at = $3, end_reason = $4, access_token_sealed = NULL
        WHERE id IN (
            SELECT id FROM sessions WHERE account_id = $1 AND ended_at IS NULL
            ORDER BY rotated_at DESC, id DESC OFFSET $2
        )
        RETURNING id, account_id
        """,
        account_id,
        keep,
        now,
        reason,
        into=LiveSession,
    )


async def list_live_sessions(database: Database, session_ids: list[UUID], now: datetime) -> list[LiveSession]:
    """Return those of the sessions that are not over."""
    return await database.fetch(
        "SELECT id, account_id FROM sessions WHERE id = ANY($1) AND ended_at IS NULL AND expires_at > $2",
        session_ids,
        now,
        into=LiveSession,
    )


async def delete_sessions_before(tx: Transaction, first_kept: UUID, limit: int) -> int:
    """Delete up to `limit` sessions whose ids, which begin with the time, are less than `first_kept`."""
    return await tx.execute(
        "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE id < $1 ORDER BY id LIMIT $2)",
        first_kept,
        limit,
    )


async def list_keys(database: Database) -> list[StoredKey]:
    """Return all signing keys, in the order in which they sign."""
    return await database.fetch(_KEYS, into=StoredKey)


async def lock_keys(tx: Transaction) -> list[StoredKey]:
    """Return all signing keys, and let nobody else change them until the end of the transaction."""
    await tx.execute("LOCK TABLE signing_keys IN SHARE ROW EXCLUSIVE MODE")
    return await tx.fetch(_KEYS, into=StoredKey)


async def insert_key(tx: Transaction, key: StoredKey) -> None:
    """Add a signing key."""
    await tx.execute(
        """
        INSERT INTO signing_keys (kid, public_jwk, private_key_sealed, signs_from, created_at)
        VALUES ($1, $2, $3, $4, $5)
        """,
        key.kid,
        key.public_jwk,
        key.private_key_sealed,
        key.signs_from,
        key.created_at,
    )


async def delete_keys(tx: Transaction, kids: tuple[str, ...]) -> None:
    """Delete signing keys that no living token needs."""
    await tx.execute("DELETE FROM signing_keys WHERE kid = ANY($1)", kids)
