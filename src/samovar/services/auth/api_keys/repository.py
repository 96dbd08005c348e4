"""The SQL of API keys. Each is a session of the kind `api_key`, and a row of what it has besides."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.auth.api_keys.schemas import ApiKeySeen, OrganisationKey

_SCOPE = """
    SELECT k.id, s.label AS name, s.scope, k.organisation_id, k.game_id, s.account_id
    FROM api_keys k JOIN sessions s ON s.id = k.id
"""
_SEEN = """
    k.id, s.label AS name, k.hint, s.scope, k.organisation_id, k.game_id, k.networks, s.started_at AS created_at,
    s.rotated_at AS last_used_at, s.address AS last_address, s.expires_at
"""
_LIVE = "s.kind = 'api_key' AND s.ended_at IS NULL AND s.expires_at >"


class PresentedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that somebody shows, with what its account may do."""

    id: UUID
    account_id: UUID
    organisation_id: UUID | None
    game_id: UUID | None
    networks: tuple[str, ...]
    scope: str
    started_at: datetime
    last_used_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    roles: tuple[str, ...]
    grants: tuple[str, ...]
    tokens_not_before: datetime | None


class KeyScope(msgspec.Struct, frozen=True):
    """What a key was made for."""

    id: UUID
    name: str
    scope: str
    organisation_id: UUID | None
    game_id: UUID | None
    account_id: UUID


class Place(msgspec.Struct, frozen=True):
    """Where a key holds alone; none: in all that its owner has."""

    organisation_id: UUID | None
    game_id: UUID | None


async def insert_key(
    tx: Transaction,
    key_id: UUID,
    *,
    key_hash: bytes,
    hint: str,
    organisation_id: UUID | None,
    game_id: UUID | None,
    networks: tuple[str, ...],
) -> None:
    """Add what a key has besides its session."""
    await tx.execute(
        """
        INSERT INTO api_keys (id, key_hash, hint, organisation_id, networks, game_id) VALUES ($1, $2, $3, $4, $5, $6)
        """,
        key_id,
        key_hash,
        hint,
        organisation_id,
        networks,
        game_id,
    )


async def count_live(tx: Transaction, account_id: UUID, now: datetime, *, minted: bool = False) -> int:
    """Return how many keys an account has: those that it made, or those that were minted in its name."""
    return int(
        await tx.fetch_value(
            f"SELECT count(*) FROM sessions s WHERE s.account_id = $1 AND {_LIVE} $2 AND (s.parent_id IS NULL) = $3",  # noqa: S608  a constant
            account_id,
            now,
            minted,
        )
    )


async def find_key(database: Database, key_hash: bytes) -> PresentedKey | None:
    """Return a key and what its account may do, both of one moment; also when the key is over."""
    return await database.fetch_one(
        """
        SELECT k.id, s.account_id, k.organisation_id, k.game_id, k.networks, s.scope, s.started_at, s.rotated_at AS last_used_at,
               s.expires_at, s.ended_at, a.roles, a.grants, a.tokens_not_before
        FROM api_keys k JOIN sessions s ON s.id = k.id JOIN accounts a ON a.id = s.account_id
        WHERE k.key_hash = $1
        """,
        key_hash,
        into=PresentedKey,
    )


async def find_live(database: Database, account_id: UUID, key_id: UUID, now: datetime) -> KeyScope | None:
    """Return a key of an account that is not over."""
    return await database.fetch_one(
        f"""
        {_SCOPE}
        WHERE k.id = $1 AND s.account_id = $2 AND {_LIVE} $3
        """,
        key_id,
        account_id,
        now,
        into=KeyScope,
    )


async def find_live_of(
    database: Database, organisation_id: UUID, key_id: UUID, now: datetime
) -> KeyScope | None:
    """Return a key that holds in an organisation and is not over, whoever made it."""
    return await database.fetch_one(
        f"{_SCOPE} WHERE k.id = $1 AND k.organisation_id = $2 AND {_LIVE} $3",
        key_id,
        organisation_id,
        now,
        into=KeyScope,
    )


async def list_keys_of(
    database: Database, organisation_id: UUID, *, now: datetime, before: UUID | None, limit: int
) -> list[OrganisationKey]:
    """Return the keys that hold in an organisation and are not over, the latest first, after the keyset position `before`."""
    return await database.fetch(
        f"""
        SELECT {_SEEN}, s.account_id FROM api_keys k JOIN sessions s ON s.id = k.id
        WHERE k.organisation_id = $1 AND {_LIVE} $2 AND ($3::uuid IS NULL OR k.id < $3)
        ORDER BY k.id DESC
        LIMIT $4
        """,  # noqa: S608  as above
        organisation_id,
        now,
        before,
        limit,
        into=OrganisationKey,
    )


async def find_place(tx: Transaction, key_id: UUID) -> Place | None:
    """Return where a key holds alone; none when there is no such key."""
    return await tx.fetch_one(
        "SELECT organisation_id, game_id FROM api_keys WHERE id = $1", key_id, into=Place
    )


async def list_live(tx: Transaction, account_id: UUID, now: datetime) -> list[KeyScope]:
    """Return what each key of an account was made for."""
    return await tx.fetch(
        f"""
        {_SCOPE}
        WHERE s.account_id = $1 AND {_LIVE} $2
        """,
        account_id,
        now,
        into=KeyScope,
    )


async def list_keys(
    database: Database, account_id: UUID, *, now: datetime, before: UUID | None, limit: int
) -> list[ApiKeySeen]:
    """Return the keys of an account that are not over, the latest first, after the keyset position `before`."""
    return await database.fetch(
        f"""
        SELECT {_SEEN} FROM api_keys k JOIN sessions s ON s.id = k.id
        WHERE s.account_id = $1 AND {_LIVE} $2 AND ($3::uuid IS NULL OR k.id < $3)
        ORDER BY k.id DESC
        LIMIT $4
        """,  # noqa: S608  as above
        account_id,
        now,
        before,
        limit,
        into=ApiKeySeen,
    )


async def note_use(tx: Transaction, key_id: UUID, *, address: str, now: datetime, last: datetime) -> None:
    """Note that a key was used, unless somebody has noted it since `last`."""
    await tx.execute(
        "UPDATE sessions SET rotated_at = $2, address = $3 WHERE id = $1 AND rotated_at = $4",
        key_id,
        now,
        address,
        last,
    )
