"""The SQL of clients."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.auth.clients.domain import ApplicationType

_CLIENT = """
    SELECT id, owner_id, organisation_id, game_id, name, developer_name, application_type, secret_hash, older_secret_hash,
           older_secret_until, redirect_uris, post_logout_redirect_uris, backchannel_logout_uri, grant_types, scopes,
           require_pkce, first_party, sector, created_at, updated_at
    FROM clients
"""


class StoredClient(msgspec.Struct, frozen=True, kw_only=True):
    """A client with all that is known of it."""

    id: str
    owner_id: UUID | None
    organisation_id: UUID | None
    game_id: UUID | None
    name: str
    developer_name: str
    application_type: ApplicationType
    secret_hash: bytes | None
    older_secret_hash: bytes | None = None
    older_secret_until: datetime | None = None
    redirect_uris: tuple[str, ...]
    post_logout_redirect_uris: tuple[str, ...]
    backchannel_logout_uri: str | None
    grant_types: tuple[str, ...]
    scopes: tuple[str, ...]
    require_pkce: bool
    first_party: bool
    sector: str
    created_at: datetime
    updated_at: datetime

    def __repr__(self) -> str:
        return f"StoredClient({self.id})"


async def find_client(database: Database | Transaction, client_id: str) -> StoredClient | None:
    """Return a client that is not deleted."""
    return await database.fetch_one(
        f"{_CLIENT} WHERE id = $1 AND deleted_at IS NULL", client_id, into=StoredClient
    )


async def list_clients_by_id(database: Database | Transaction, client_ids: list[str]) -> list[StoredClient]:
    """Return those of the clients that are not deleted."""
    return await database.fetch(
        f"{_CLIENT} WHERE id = ANY($1) AND deleted_at IS NULL", client_ids, into=StoredClient
    )


async def find_client_of(tx: Transaction, owner_id: UUID, client_id: str) -> StoredClient | None:
    """Return a client of a developer, for changing it in this transaction."""
    return await tx.fetch_one(
        f"{_CLIENT} WHERE id = $1 AND owner_id = $2 AND deleted_at IS NULL FOR UPDATE",
        client_id,
        owner_id,
        into=StoredClient,
    )


async def list_clients(
    database: Database, owner_id: UUID, *, after: str | None, limit: int
) -> list[StoredClient]:
    """Return the clients of a developer, by their ids, after the keyset position `after`."""
    return await database.fetch(
        f"""
        {_CLIENT}
        WHERE owner_id = $1 AND deleted_at IS NULL AND ($2::text IS NULL OR id > $2) ORDER BY id LIMIT $3
        """,
        owner_id,
        after,
        limit,
        into=StoredClient,
    )


async def lock_owner(tx: Transaction, owner_id: UUID) -> int:
    """Let nobody else add clients of a developer in this transaction, and return how many there are."""
    await tx.execute("SELECT 1 FROM accounts WHERE id = $1 FOR NO KEY UPDATE", owner_id)
    count: int = await tx.fetch_value(
        "SELECT count(*) FROM clients WHERE owner_id = $1 AND deleted_at IS NULL", owner_id
    )
    return count


async def save_client(tx: Transaction, client: StoredClient) -> None:
    """Add a client, or keep it as it is now."""
    await tx.execute(
        """
        INSERT INTO clients
            (id, owner_id, organisation_id, game_id, name, developer_name, application_type, secret_hash, older_secret_hash,
             older_secret_until, redirect_uris, post_logout_redirect_uris, backchannel_logout_uri, grant_types, scopes,
             require_pkce, first_party, sector, created_at, updated_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
        ON CONFLICT (id) DO UPDATE SET
            game_id = excluded.game_id, name = excluded.name, developer_name = excluded.developer_name,
            secret_hash = excluded.secret_hash, older_secret_hash = excluded.older_secret_hash,
            older_secret_until = excluded.older_secret_until, redirect_uris = excluded.redirect_uris,
            post_logout_redirect_uris = excluded.post_logout_redirect_uris,
            backchannel_logout_uri = excluded.backchannel_logout_uri, grant_types = excluded.grant_types,
            scopes = excluded.scopes, require_pkce = excluded.require_pkce, updated_at = excluded.updated_at
        """,
        *_values(client),
    )


async def mark_deleted(tx: Transaction, client_id: str, now: datetime) -> None:
    """Let a client be unknown from now on."""
    await tx.execute("UPDATE clients SET deleted_at = $2 WHERE id = $1", client_id, now)


async def list_deleted(tx: Transaction, limit: int) -> list[str]:
    """Return the ids of deleted clients whose rows are still there, the first deleted first."""
    rows = await tx.fetch(
        "SELECT id FROM clients WHERE deleted_at IS NOT NULL ORDER BY deleted_at LIMIT $1", limit, into=_Id
    )
    return [row.id for row in rows]


async def drop_client(tx: Transaction, client_id: str) -> None:
    """Delete the row of a deleted client, with consents and codes."""
    await tx.execute("DELETE FROM clients WHERE id = $1 AND deleted_at IS NOT NULL", client_id)


async def set_first_party(tx: Transaction, client_id: str, *, first_party: bool, now: datetime) -> bool:
    """Say whether a client is the platform's own; false when there is none."""
    return bool(
        await tx.execute(
            "UPDATE clients SET first_party = $2, updated_at = $3 WHERE id = $1 AND deleted_at IS NULL",
            client_id,
            first_party,
            now,
        )
    )


async def find_salt(database: Database) -> bytes:
    """Return what the names of accounts for third parties are made of."""
    salt: bytes = await database.fetch_value("SELECT salt FROM subject_salt")
    return salt


class _Id(msgspec.Struct, frozen=True):
    id: str


def _values(client: StoredClient) -> tuple[Any, ...]:
    return tuple(getattr(client, field) for field in client.__struct_fields__)
