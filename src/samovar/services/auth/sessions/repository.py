"""The SQL of sessions."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.auth.domain import SessionState

Kind = Literal["sign_in", "api_key", "grant"]
_SESSION = """
    SELECT s.id, s.account_id, s.kind, s.client_id, s.device_id, s.scope, s.amr, s.acr,
           coalesce(s.started_at, s.authenticated_at) AS started_at, s.authenticated_at, s.seed, s.generation,
           s.rotated_at, s.expires_at, s.ended_at, s.access_token_sealed, a.roles, a.grants, a.tokens_not_before
    FROM sessions s JOIN accounts a ON a.id = s.account_id
    WHERE s.id = $1
"""
_END = "UPDATE sessions SET ended_at = $2, end_reason = $3, access_token_sealed = NULL"
_ENDED = " RETURNING id, account_id"


class NewSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session about to begin.

    Attributes:
        parent_id: The session in which it was made, for API keys and grants.
        client_id: The program it was made for, for grants.
        scope: What its tokens are narrowed to.
        label: What the person called it, for API keys.
    """

    id: UUID
    account_id: UUID
    kind: Kind = "sign_in"
    parent_id: UUID | None = None
    device_id: UUID | None = None
    client_id: str | None = None
    scope: str = "*"
    label: str | None = None
    amr: tuple[str, ...]
    acr: str
    started_at: datetime
    authenticated_at: datetime
    expires_at: datetime
    seed: bytes
    address: str


class Session(SessionState, frozen=True, kw_only=True):
    """A session with what its next tokens say."""

    id: UUID
    account_id: UUID
    kind: Kind
    client_id: str | None
    device_id: UUID | None
    scope: str
    amr: tuple[str, ...]
    acr: str
    started_at: datetime
    authenticated_at: datetime
    seed: bytes
    access_token_sealed: bytes | None
    roles: tuple[str, ...]
    grants: tuple[str, ...] = ()
    tokens_not_before: datetime | None

    def __repr__(self) -> str:
        return f"Session({self.id})"


class LiveSession(msgspec.Struct, frozen=True):
    """A session that is not over."""

    id: UUID
    account_id: UUID


class SeenSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session as its account sees it."""

    id: UUID
    kind: Kind
    device_id: UUID | None
    device_name: str | None
    label: str | None
    client_id: str | None
    amr: tuple[str, ...]
    acr: str
    address: str | None
    started_at: datetime
    last_used_at: datetime
    expires_at: datetime


async def insert_session(tx: Transaction, session: NewSession) -> None:
    """Add a session at its first generation."""
    await tx.execute(
        """
        INSERT INTO sessions
            (id, account_id, kind, parent_id, device_id, client_id, scope, label, amr, acr,
             started_at, authenticated_at, rotated_at, expires_at, seed, address)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11, $13, $14, $15)
        """,
        session.id,
        session.account_id,
        session.kind,
        session.parent_id,
        session.device_id,
        session.client_id,
        session.scope,
        session.label,
        session.amr,
        session.acr,
        session.started_at,
        session.authenticated_at,
        session.expires_at,
        session.seed,
        session.address,
    )


async def lock_session(tx: Transaction, session_id: UUID) -> Session | None:
    """Return a session, for this transaction alone, and what its account may do, which nobody changes meanwhile."""
    return await tx.fetch_one(f"{_SESSION} FOR UPDATE OF s FOR SHARE OF a", session_id, into=Session)


async def find_session(database: Database | Transaction, session_id: UUID) -> Session | None:
    """Return a session, whether it is over or not."""
    return await database.fetch_one(_SESSION, session_id, into=Session)


async def touch_session(
    tx: Transaction, session_id: UUID, *, used_at: datetime, expires_at: datetime, address: str
) -> None:
    """Note that a session was used without a refresh."""
    await tx.execute(
        "UPDATE sessions SET rotated_at = $2, expires_at = $3, address = $4 WHERE id = $1",
        session_id,
        used_at,
        expires_at,
        address,
    )


async def adopt_sessions(tx: Transaction, old_parent: UUID, new_parent: UUID) -> None:
    """Let what was made in one session count as made in another."""
    await tx.execute(
        "UPDATE sessions SET parent_id = $2 WHERE parent_id = $1 AND ended_at IS NULL", old_parent, new_parent
    )


async def rotate_session(
    tx: Transaction,
    session_id: UUID,
    *,
    generation: int,
    rotated_at: datetime,
    expires_at: datetime,
    access_token_sealed: bytes,
    address: str,
) -> None:
    """Move a session to its next generation."""
    await tx.execute(
        """
        UPDATE sessions
        SET generation = $2, rotated_at = $3, expires_at = $4, access_token_sealed = $5, address = $6
        WHERE id = $1
        """,
        session_id,
        generation,
        rotated_at,
        expires_at,
        access_token_sealed,
        address,
    )


async def strengthen_session(
    tx: Transaction, session_id: UUID, *, amr: tuple[str, ...], acr: str, authenticated_at: datetime
) -> None:
    """Note a later proof of who the person is."""
    await tx.execute(
        "UPDATE sessions SET amr = $2, acr = $3, authenticated_at = $4 WHERE id = $1",
        session_id,
        amr,
        acr,
        authenticated_at,
    )


async def end_session(tx: Transaction, session_id: UUID, *, reason: str, now: datetime) -> list[LiveSession]:
    """End a session and return it; nothing when it was over before."""
    return await tx.fetch(
        f"{_END} WHERE id = $1 AND ended_at IS NULL{_ENDED}",
        session_id,
        now,
        reason,
        into=LiveSession,
    )


async def end_sessions(
    tx: Transaction, session_ids: list[UUID], *, reason: str, now: datetime
) -> list[LiveSession]:
    """End some sessions and return those that were not over before."""
    return await tx.fetch(
        f"{_END} WHERE id = ANY($1) AND ended_at IS NULL{_ENDED}",
        session_ids,
        now,
        reason,
        into=LiveSession,
    )


async def end_descendants(
    tx: Transaction, session_ids: list[UUID], *, reason: str, now: datetime
) -> list[LiveSession]:
    """End what was made in some sessions, and in those in turn: API keys, grants, devices that were let in; return it all."""
    return await tx.fetch(
        f"""
        WITH RECURSIVE made AS (
            SELECT id FROM sessions WHERE parent_id = ANY($1)
            UNION SELECT s.id FROM sessions s JOIN made ON s.parent_id = made.id
        )
        {_END} WHERE id IN (SELECT id FROM made) AND ended_at IS NULL{_ENDED}
        """,  # noqa: S608  constants
        session_ids,
        now,
        reason,
        into=LiveSession,
    )


async def end_sessions_of_account(
    tx: Transaction, account_id: UUID, *, keep: UUID | None, kinds: list[Kind], reason: str, now: datetime
) -> list[LiveSession]:
    """End all sessions of an account of some kinds, but for `keep`, and return them."""
    return await tx.fetch(
        f"""
        {_END}
        WHERE account_id = $1 AND ended_at IS NULL AND kind = ANY($4) AND id IS DISTINCT FROM $5{_ENDED}
        """,
        account_id,
        now,
        reason,
        kinds,
        keep,
        into=LiveSession,
    )


async def end_sessions_on_device(
    tx: Transaction, account_id: UUID, device_id: UUID, *, reason: str, now: datetime
) -> list[LiveSession]:
    """End the sessions of an account on one device and return them."""
    return await tx.fetch(
        f"{_END} WHERE device_id = $1 AND account_id = $4 AND ended_at IS NULL{_ENDED}",
        device_id,
        now,
        reason,
        account_id,
        into=LiveSession,
    )


async def end_surplus_sessions(
    tx: Transaction, account_id: UUID, *, keep: int, reason: str, now: datetime
) -> list[LiveSession]:
    """End the sign-ins of an account that were used longest ago, beyond the `keep` latest, and return them."""
    return await tx.fetch(
        f"""
        {_END}
        WHERE id IN (
            SELECT id FROM sessions WHERE account_id = $1 AND ended_at IS NULL AND kind = 'sign_in'
            ORDER BY rotated_at DESC, id DESC OFFSET $4
        ){_ENDED}
        """,  # noqa: S608  constants
        account_id,
        now,
        reason,
        keep,
        into=LiveSession,
    )


async def find_live_session(
    database: Database, account_id: UUID, session_id: UUID, now: datetime
) -> LiveSession | None:
    """Return a session of an account if it is not over."""
    return await database.fetch_one(
        """
        SELECT id, account_id FROM sessions
        WHERE id = $1 AND account_id = $2 AND ended_at IS NULL AND expires_at > $3
        """,
        session_id,
        account_id,
        now,
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


async def list_sessions(
    database: Database,
    account_id: UUID,
    *,
    now: datetime,
    before: tuple[datetime, UUID] | None,
    limit: int,
) -> list[SeenSession]:
    """Return the live sessions of an account, the last used first, after the keyset position `before`."""
    last_used_at, session_id = before or (None, None)
    return await database.fetch(
        """
        SELECT s.id, s.kind, s.device_id, d.name AS device_name, s.label, s.client_id, s.amr, s.acr, s.address,
               coalesce(s.started_at, s.authenticated_at) AS started_at, s.rotated_at AS last_used_at, s.expires_at
        FROM sessions s LEFT JOIN devices d ON d.id = s.device_id
        WHERE s.account_id = $1 AND s.ended_at IS NULL AND s.expires_at > $2
          AND ($3::timestamptz IS NULL OR (s.rotated_at, s.id) < ($3, $4))
        ORDER BY s.rotated_at DESC, s.id DESC
        LIMIT $5
        """,
        account_id,
        now,
        last_used_at,
        session_id,
        limit,
        into=SeenSession,
    )


async def delete_sessions_before(tx: Transaction, first_kept: UUID, limit: int) -> int:
    """Delete up to `limit` sessions that are over and whose ids, which begin with the time, are less than `first_kept`."""
    return await tx.execute(
        """
        DELETE FROM sessions WHERE id IN (
            SELECT id FROM sessions WHERE id < $1 AND (ended_at IS NOT NULL OR expires_at < now()) ORDER BY id LIMIT $2
        )
        """,
        first_kept,
        limit,
    )
