"""The SQL of grants and of the codes that become one."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.auth.grants.domain import Grant


class Code(msgspec.Struct, frozen=True, kw_only=True):
    """An authorization code, known by its hash."""

    code_hash: bytes
    client_id: str
    account_id: UUID
    parent_id: UUID
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str | None
    amr: tuple[str, ...]
    acr: str
    authenticated_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    grant_id: UUID | None = None

    def __repr__(self) -> str:
        return f"Code({self.client_id})"


class EndedGrant(msgspec.Struct, frozen=True):
    """A grant that has just ended."""

    id: UUID
    account_id: UUID


_GRANT = "SELECT id, account_id, client_id, scope, expires_at, ended_at FROM sessions"


async def insert_code(tx: Transaction, code: Code) -> None:
    """Add a code."""
    await tx.execute(
        """
        INSERT INTO authorization_codes
            (code_hash, client_id, account_id, parent_id, redirect_uri, scope, nonce, code_challenge, amr, acr,
             authenticated_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """,
        code.code_hash,
        code.client_id,
        code.account_id,
        code.parent_id,
        code.redirect_uri,
        code.scope,
        code.nonce,
        code.code_challenge,
        code.amr,
        code.acr,
        code.authenticated_at,
        code.expires_at,
    )


async def lock_code(tx: Transaction, code_hash: bytes) -> Code | None:
    """Return a code, for this transaction alone."""
    return await tx.fetch_one(
        """
        SELECT code_hash, client_id, account_id, parent_id, redirect_uri, scope, nonce, code_challenge, amr, acr,
               authenticated_at, expires_at, used_at, grant_id
        FROM authorization_codes WHERE code_hash = $1 FOR UPDATE
        """,
        code_hash,
        into=Code,
    )


async def close_code(tx: Transaction, code_hash: bytes, *, used_at: datetime, grant_id: UUID | None) -> None:
    """Note that a code was used, and what it gave."""
    await tx.execute(
        "UPDATE authorization_codes SET used_at = $2, grant_id = $3 WHERE code_hash = $1",
        code_hash,
        used_at,
        grant_id,
    )


async def delete_codes_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` codes that ran out before `moment`."""
    return await tx.execute(
        """
        DELETE FROM authorization_codes WHERE code_hash IN (
            SELECT code_hash FROM authorization_codes WHERE expires_at < $1 LIMIT $2
        )
        """,
        moment,
        limit,
    )


async def find_grant(database: Database | Transaction, grant_id: UUID) -> Grant | None:
    """Return a grant."""
    return await database.fetch_one(f"{_GRANT} WHERE id = $1 AND kind = 'grant'", grant_id, into=Grant)


async def list_grants_in(tx: Transaction, parent_id: UUID) -> list[Grant]:
    """Return the grants that were made in a session and are not over."""
    return await tx.fetch(
        f"{_GRANT} WHERE parent_id = $1 AND ended_at IS NULL AND kind = 'grant' ORDER BY id",
        parent_id,
        into=Grant,
    )


async def is_live(tx: Transaction, session_id: UUID, now: datetime) -> bool:
    """Return whether a session, of any kind, is not over, and let nobody end it in this transaction."""
    return bool(
        await tx.fetch_value(
            "SELECT 1 FROM sessions WHERE id = $1 AND ended_at IS NULL AND expires_at > $2 FOR SHARE",
            session_id,
            now,
        )
    )


async def end_grants(
    tx: Transaction, grant_ids: list[UUID], *, reason: str, now: datetime
) -> list[EndedGrant]:
    """End grants and return those that were not over before."""
    return await tx.fetch(
        """
        UPDATE sessions SET ended_at = $2, end_reason = $3, access_token_sealed = NULL
        WHERE id = ANY($1) AND ended_at IS NULL RETURNING id, account_id
        """,
        grant_ids,
        now,
        reason,
        into=EndedGrant,
    )


async def end_grants_of_client(
    tx: Transaction,
    client_id: str,
    *,
    account_id: UUID | None,
    keep: int,
    limit: int,
    reason: str,
    now: datetime,
) -> list[EndedGrant]:
    """End the grants of a client, of one account if it is given, but for the `keep` latest, and return them."""
    return await tx.fetch(
        """
        UPDATE sessions SET ended_at = $2, end_reason = $3, access_token_sealed = NULL
        WHERE id IN (
            SELECT id FROM sessions
            WHERE client_id = $1 AND ended_at IS NULL AND kind = 'grant' AND ($4::uuid IS NULL OR account_id = $4)
            ORDER BY id DESC OFFSET $5 LIMIT $6
        ) RETURNING id, account_id
        """,
        client_id,
        now,
        reason,
        account_id,
        keep,
        limit,
        into=EndedGrant,
    )
