"""The SQL of passkeys and of what they are asked to sign."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.auth.passkeys.domain import Purpose

_COLUMNS = """
    id, account_id, credential_id, public_key, sign_count, name, aaguid, transports, is_backup_eligible, is_backed_up,
    created_at, last_used_at
"""
_SEEN = "id, credential_id, name, transports, is_backed_up, created_at, last_used_at"


class Passkey(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey as its owner sees it."""

    id: UUID
    credential_id: bytes
    name: str
    transports: tuple[str, ...]
    is_backed_up: bool
    created_at: datetime
    last_used_at: datetime | None


class StoredPasskey(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey as its signatures are checked."""

    id: UUID
    public_key: bytes
    sign_count: int
    is_backup_eligible: bool
    user_handle: bytes


class NewPasskey(msgspec.Struct, frozen=True, kw_only=True):
    """A passkey about to be kept."""

    id: UUID
    account_id: UUID
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    aaguid: UUID
    transports: tuple[str, ...]
    is_backup_eligible: bool
    is_backed_up: bool


class _Handle(msgspec.Struct, frozen=True):
    user_handle: bytes


class _Owner(msgspec.Struct, frozen=True):
    account_id: UUID


async def insert_challenge(
    tx: Transaction,
    challenge_hash: bytes,
    *,
    purpose: Purpose,
    account_id: UUID | None,
    bound_to: UUID | None,
    expires_at: datetime,
) -> None:
    """Add a challenge."""
    await tx.execute(
        """
        INSERT INTO passkey_challenges (challenge_hash, purpose, account_id, bound_to, expires_at)
        VALUES ($1, $2, $3, $4, $5)
        """,
        challenge_hash,
        purpose,
        account_id,
        bound_to,
        expires_at,
    )


async def take_challenge(
    tx: Transaction,
    challenge_hash: bytes,
    *,
    purpose: Purpose,
    account_id: UUID | None,
    bound_to: UUID | None,
    now: datetime,
) -> bool:
    """Use up a challenge; false when there is none for just this purpose, or it has run out."""
    return bool(
        await tx.execute(
            """
            DELETE FROM passkey_challenges
            WHERE challenge_hash = $1 AND purpose = $2 AND account_id IS NOT DISTINCT FROM $3
              AND bound_to IS NOT DISTINCT FROM $4 AND expires_at > $5
            """,
            challenge_hash,
            purpose,
            account_id,
            bound_to,
            now,
        )
    )


async def delete_challenges_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` challenges that ran out before `moment`."""
    return await tx.execute(
        """
        DELETE FROM passkey_challenges WHERE challenge_hash IN (
            SELECT challenge_hash FROM passkey_challenges WHERE expires_at < $1 LIMIT $2
        )
        """,
        moment,
        limit,
    )


async def user_handle_of(tx: Transaction, account_id: UUID, new_handle: bytes) -> bytes:
    """Return the handle of an account; `new_handle` from now on when it had none."""
    row = await tx.fetch_one(
        """
        INSERT INTO passkey_users AS u (account_id, user_handle) VALUES ($1, $2)
        ON CONFLICT (account_id) DO UPDATE SET user_handle = u.user_handle
        RETURNING user_handle
        """,
        account_id,
        new_handle,
        into=_Handle,
    )
    return row.user_handle if row else new_handle


async def list_passkeys(database: Database | Transaction, account_id: UUID, limit: int) -> list[Passkey]:
    """Return the passkeys of an account, the oldest first."""
    return await database.fetch(
        f"SELECT {_SEEN} FROM passkeys WHERE account_id = $1 ORDER BY id LIMIT $2",  # noqa: S608  a constant
        account_id,
        limit,
        into=Passkey,
    )


async def find_owner(tx: Transaction, credential_id: bytes) -> UUID | None:
    """Return the account that a passkey belongs to."""
    row = await tx.fetch_one(
        "SELECT account_id FROM passkeys WHERE credential_id = $1", credential_id, into=_Owner
    )
    return row.account_id if row else None


async def lock_passkey(tx: Transaction, account_id: UUID, credential_id: bytes) -> StoredPasskey | None:
    """Return a passkey of an account, for this transaction alone."""
    return await tx.fetch_one(
        """
        SELECT p.id, p.public_key, p.sign_count, p.is_backup_eligible, u.user_handle
        FROM passkeys p JOIN passkey_users u ON u.account_id = p.account_id
        WHERE p.credential_id = $2 AND p.account_id = $1
        FOR UPDATE OF p
        """,
        account_id,
        credential_id,
        into=StoredPasskey,
    )


async def note_use(
    tx: Transaction, passkey_id: UUID, *, sign_count: int, is_backed_up: bool, now: datetime
) -> None:
    """Note that a passkey was used."""
    await tx.execute(
        "UPDATE passkeys SET sign_count = $2, is_backed_up = $3, last_used_at = $4 WHERE id = $1",
        passkey_id,
        sign_count,
        is_backed_up,
        now,
    )


async def insert_passkey(tx: Transaction, passkey: NewPasskey, now: datetime) -> Passkey | None:
    """Keep a passkey and return it; none when it is kept already, by this account or another."""
    return await tx.fetch_one(
        f"""
        INSERT INTO passkeys
            (id, account_id, credential_id, public_key, sign_count, name, aaguid, transports,
             is_backup_eligible, is_backed_up, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (credential_id) DO NOTHING
        RETURNING {_SEEN}
        """,  # noqa: S608  a constant
        passkey.id,
        passkey.account_id,
        passkey.credential_id,
        passkey.public_key,
        passkey.sign_count,
        passkey.name,
        passkey.aaguid,
        passkey.transports,
        passkey.is_backup_eligible,
        passkey.is_backed_up,
        now,
        into=Passkey,
    )


async def find_passkey(
    asked: Database | Transaction, account_id: UUID, passkey_id: UUID, *, is_locked: bool = False
) -> Passkey | None:
    """Return a passkey of an account; `is_locked` for this transaction alone."""
    end = " FOR UPDATE" if is_locked else ""
    return await asked.fetch_one(
        f"SELECT {_SEEN} FROM passkeys WHERE id = $1 AND account_id = $2{end}",  # noqa: S608  constants
        passkey_id,
        account_id,
        into=Passkey,
    )


async def rename_passkey(tx: Transaction, account_id: UUID, passkey_id: UUID, name: str) -> None:
    """Call a passkey of an account otherwise."""
    await tx.execute(
        "UPDATE passkeys SET name = $3 WHERE id = $1 AND account_id = $2", passkey_id, account_id, name
    )


async def retire_passkey(
    tx: Transaction, account_id: UUID, passkey_id: UUID, now: datetime
) -> Passkey | None:
    """Take a passkey of an account out of use and return it; it may be called back for a while."""
    return await tx.fetch_one(
        f"""
        WITH gone AS (
            DELETE FROM passkeys WHERE id = $1 AND account_id = $2 RETURNING {_COLUMNS}
        ), kept AS (
            INSERT INTO former_passkeys ({_COLUMNS}, removed_at) SELECT {_COLUMNS}, $3 FROM gone
        )
        SELECT {_SEEN} FROM gone
        """,  # noqa: S608  constants
        passkey_id,
        account_id,
        now,
        into=Passkey,
    )


async def delete_passkeys_since(tx: Transaction, account_id: UUID, since: datetime) -> int:
    """Forget the passkeys that an account got at or after a moment; return how many."""
    return await tx.execute(
        "DELETE FROM passkeys WHERE account_id = $1 AND created_at >= $2", account_id, since
    )


async def restore_passkeys(tx: Transaction, account_id: UUID, since: datetime) -> int:
    """Use the passkeys again that an account had just before a moment; return how many."""
    return await tx.execute(
        f"""
        WITH former AS (
            DELETE FROM former_passkeys WHERE account_id = $1 AND removed_at >= $2 RETURNING {_COLUMNS}
        )
        INSERT INTO passkeys ({_COLUMNS}) SELECT {_COLUMNS} FROM former WHERE created_at < $2
        ON CONFLICT DO NOTHING
        """,  # noqa: S608  constants
        account_id,
        since,
    )


async def delete_former_before(tx: Transaction, moment: datetime, limit: int) -> int:
    """Delete up to `limit` passkeys that were taken out of use before a moment."""
    return await tx.execute(
        """
        DELETE FROM former_passkeys WHERE id IN (
            SELECT id FROM former_passkeys WHERE removed_at < $1 LIMIT $2
        )
        """,
        moment,
        limit,
    )
