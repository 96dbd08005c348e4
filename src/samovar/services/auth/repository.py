"""The SQL of what several rooms share: accounts, logins, devices, the audit, signing keys."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.i18n import Language
from samovar.services.auth.domain import Login
from samovar.services.auth.schemas import PublicKey

DEVICE = "SELECT id, name, first_seen_at, last_seen_at, last_address, trusted_until, proved_at FROM devices"
_ACCOUNT = """
    SELECT a.id, a.password_hash, a.password_is_void, a.second_factors, a.roles, a.grants, a.language,
           a.tokens_not_before
"""
_ACCOUNT_BY_LOGIN = _ACCOUNT + "FROM logins l JOIN accounts a ON a.id = l.account_id WHERE l.login = $1"
_ACCOUNT_BY_ID = _ACCOUNT + "FROM accounts a WHERE a.id = $1"
_KEYS = """
    SELECT kid, public_jwk, private_key_sealed, signs_from, created_at FROM signing_keys ORDER BY signs_from, kid
"""


class Account(msgspec.Struct, frozen=True):
    """An account as signing in sees it."""

    id: UUID
    password_hash: str | None
    password_is_void: bool
    second_factors: tuple[str, ...]
    roles: tuple[str, ...]
    language: Language
    tokens_not_before: datetime | None
    grants: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"Account({self.id})"


class KnownLogin(Login, frozen=True, kw_only=True):
    """A login of an account, and when somebody proved that it is theirs."""

    verified_at: datetime | None


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """A device on which an account has signed in."""

    id: UUID
    name: str
    first_seen_at: datetime
    last_seen_at: datetime
    last_address: str
    trusted_until: datetime | None
    proved_at: datetime | None


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What happened to an account; see `audit`."""

    id: UUID
    account_id: UUID | None
    actor_id: UUID | None
    action: str
    outcome: Literal["done", "refused"]
    session_id: UUID | None
    address: str | None
    details: dict[str, Any]
    happened_at: datetime


class WaysIn(msgspec.Struct, frozen=True, kw_only=True):
    """By what an account can be entered, first and second factors alike."""

    has_password: bool
    passkeys: int
    totp_added_at: datetime | None
    recovery_codes_left: int

    @property
    def is_open(self) -> bool:
        """Whether anything is left that a sign-in can begin with."""
        return self.has_password or self.passkeys > 0


class StoredKey(msgspec.Struct, frozen=True):
    """A key pair for signing, its private half encrypted."""

    kid: str
    public_jwk: PublicKey
    private_key_sealed: bytes
    signs_from: datetime
    created_at: datetime


async def find_account(database: Database, login: Login) -> Account | None:
    """Return the account that has this login."""
    return await database.fetch_one(_ACCOUNT_BY_LOGIN, login.value, into=Account)


async def find_account_by_id(database: Database, account_id: UUID) -> Account | None:
    """Return an account."""
    return await database.fetch_one(_ACCOUNT_BY_ID, account_id, into=Account)


async def lock_account(tx: Transaction, login: Login) -> Account | None:
    """Return the account that has this login, for changing it in this transaction."""
    return await tx.fetch_one(_ACCOUNT_BY_LOGIN + " FOR UPDATE OF a", login.value, into=Account)


async def lock_account_by_id(tx: Transaction, account_id: UUID) -> Account | None:
    """Return an account, for changing it in this transaction."""
    return await tx.fetch_one(_ACCOUNT_BY_ID + " FOR UPDATE OF a", account_id, into=Account)


async def find_ways_in(database: Database | Transaction, account_id: UUID) -> WaysIn | None:
    """Return by what an account can be entered."""
    return await database.fetch_one(
        """
        SELECT a.password_hash IS NOT NULL AS has_password,
               (SELECT count(*) FROM passkeys p WHERE p.account_id = a.id) AS passkeys,
               (SELECT confirmed_at FROM totp_credentials t WHERE t.account_id = a.id) AS totp_added_at,
               (SELECT count(*) FROM recovery_codes r WHERE r.account_id = a.id AND r.used_at IS NULL)
                   AS recovery_codes_left
        FROM accounts a WHERE a.id = $1
        """,
        account_id,
        into=WaysIn,
    )


async def update_second_factors(tx: Transaction, account_id: UUID, kinds: tuple[str, ...]) -> None:
    """Note which second factors an account has, in the order in which they are offered."""
    await tx.execute("UPDATE accounts SET second_factors = $2 WHERE id = $1", account_id, kinds)


async def list_logins(database: Database | Transaction, account_id: UUID) -> list[KnownLogin]:
    """Return all logins of an account, those that were proved first."""
    return await database.fetch(
        """
        SELECT login AS value, kind, verified_at FROM logins WHERE account_id = $1
        ORDER BY verified_at NULLS LAST, created_at, login
        """,
        account_id,
        into=KnownLogin,
    )


async def verify_login(tx: Transaction, account_id: UUID, login: str, now: datetime) -> None:
    """Note that whoever has an account has shown that a login of it is theirs."""
    await tx.execute(
        "UPDATE logins SET verified_at = coalesce(verified_at, $3) WHERE login = $2 AND account_id = $1",
        account_id,
        login,
        now,
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
        INSERT INTO accounts (id, password_hash, roles, language, created_at)
        SELECT account_id, $5, $6, $7, $4 FROM claimed
        """,
        login.value,
        login.kind,
        account.id,
        now,
        account.password_hash,
        account.roles,
        account.language,
    )
    return bool(added)


async def update_password_hash(tx: Transaction, account_id: UUID, password_hash: str) -> None:
    """Keep the same password under a newer hash."""
    await tx.execute("UPDATE accounts SET password_hash = $2 WHERE id = $1", account_id, password_hash)


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


async def find_device(tx: Transaction, account_id: UUID, device_id: UUID) -> Device | None:
    """Return a device of an account."""
    return await tx.fetch_one(
        f"{DEVICE} WHERE id = $1 AND account_id = $2",
        device_id,
        account_id,
        into=Device,
    )


async def see_device(
    tx: Transaction, account_id: UUID, device_id: UUID, *, name: str, address: str, now: datetime
) -> None:
    """Note that an account signed in on a device; its name stays what it is."""
    await tx.execute(
        """
        INSERT INTO devices AS d (id, account_id, name, first_seen_at, last_seen_at, last_address)
        VALUES ($1, $2, $3, $5, $5, $4)
        ON CONFLICT (id) DO UPDATE SET last_seen_at = excluded.last_seen_at, last_address = excluded.last_address
            WHERE d.account_id = excluded.account_id
        """,
        device_id,
        account_id,
        name,
        address,
        now,
    )


async def trust_device(
    tx: Transaction, device_id: UUID, *, trusted_until: datetime, proved_at: datetime
) -> None:
    """Let a device do without the second factor for a while."""
    await tx.execute(
        "UPDATE devices SET trusted_until = $2, proved_at = $3 WHERE id = $1",
        device_id,
        trusted_until,
        proved_at,
    )


async def distrust_devices(tx: Transaction, account_id: UUID) -> None:
    """Let every device of an account ask for the second factor again."""
    await tx.execute(
        "UPDATE devices SET trusted_until = NULL WHERE account_id = $1 AND trusted_until IS NOT NULL",
        account_id,
    )


async def insert_audit_entry(tx: Transaction, entry: AuditEntry) -> None:
    """Add an entry to the audit."""
    await tx.execute(
        """
        INSERT INTO audit
            (id, account_id, actor_id, action, outcome, session_id, address, details, happened_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        entry.id,
        entry.account_id,
        entry.actor_id,
        entry.action,
        entry.outcome,
        entry.session_id,
        entry.address,
        entry.details,
        entry.happened_at,
    )


async def delete_audit_before(tx: Transaction, first_kept: UUID, limit: int) -> int:
    """Delete up to `limit` entries whose ids, which begin with the time, are less than `first_kept`."""
    return await tx.execute(
        "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE id < $1 ORDER BY id LIMIT $2)",
        first_kept,
        limit,
    )
