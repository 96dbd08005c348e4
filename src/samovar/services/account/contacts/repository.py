"""The SQL of contacts."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.i18n import Language
from samovar.services.account.contacts.domain import Kind, Method, Waiting

_CONTACT = "SELECT account_id, kind, value, verified_at FROM contacts"
_CODE = """
    SELECT value, method, code_hash, message_id, tries_left, sent_count, sent_at, expires_at FROM contact_codes
    WHERE account_id = $1 AND kind = $2
"""


class Held(msgspec.Struct, frozen=True):
    """A contact of an account."""

    account_id: UUID
    kind: Kind
    value: str
    verified_at: datetime | None

    def __repr__(self) -> str:
        return f"Held({self.account_id}, {self.kind})"


class SentCode(Waiting, frozen=True, kw_only=True):
    """A code that waits to come back."""

    value: str
    method: Method
    code_hash: bytes
    message_id: UUID
    sent_count: int
    sent_at: datetime

    def __repr__(self) -> str:
        return f"SentCode({self.message_id})"


async def list_contacts(database: Database, account_id: UUID) -> list[Held]:
    """Return the contacts of an account."""
    return await database.fetch(f"{_CONTACT} WHERE account_id = $1", account_id, into=Held)


async def find_contact(asked: Database | Transaction, account_id: UUID, kind: Kind) -> Held | None:
    """Return the contact of a kind, if the account has one."""
    return await asked.fetch_one(
        f"{_CONTACT} WHERE account_id = $1 AND kind = $2", account_id, kind, into=Held
    )


async def find_language(asked: Database | Transaction, account_id: UUID) -> Language | None:
    """Return the language in which the person wants to be written to, if the account is known by now."""
    found: Language | None = await asked.fetch_value(
        "SELECT language FROM accounts WHERE id = $1", account_id
    )
    return found


async def insert_contact(tx: Transaction, account_id: UUID, kind: Kind, value: str, now: datetime) -> bool:
    """Add a contact that nobody has proved; false when the account has one of this kind."""
    added = await tx.execute(
        """
        INSERT INTO contacts (account_id, kind, value, added_at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING
        """,
        account_id,
        kind,
        value,
        now,
    )
    return bool(added)


async def put_verified(tx: Transaction, account_id: UUID, kind: Kind, value: str, now: datetime) -> None:
    """Give an account a proven contact, in place of the one that it had."""
    await tx.execute(
        """
        INSERT INTO contacts (account_id, kind, value, verified_at, added_at) VALUES ($1, $2, $3, $4, $4)
        ON CONFLICT (account_id, kind) DO UPDATE SET value = excluded.value, verified_at = excluded.verified_at
        """,
        account_id,
        kind,
        value,
        now,
    )


async def lock_value(tx: Transaction, kind: Kind, value: str) -> None:
    """Let two accounts prove the same address one after the other."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 0))", kind, value)


async def find_owner(tx: Transaction, kind: Kind, value: str) -> UUID | None:
    """Return the account that has proved an address."""
    owner: UUID | None = await tx.fetch_value(
        "SELECT account_id FROM contacts WHERE kind = $1 AND value = $2 AND verified_at IS NOT NULL",
        kind,
        value,
    )
    return owner


async def take_from_others(tx: Transaction, kind: Kind, value: str, owner: UUID) -> Sequence[Held]:
    """Take an address from those who never proved it, and return what they had."""
    return await tx.fetch(
        """
        DELETE FROM contacts WHERE kind = $1 AND value = $2 AND account_id <> $3 AND verified_at IS NULL
        RETURNING account_id, kind, value, verified_at
        """,
        kind,
        value,
        owner,
        into=Held,
    )


async def find_code(database: Database, account_id: UUID, kind: Kind) -> SentCode | None:
    """Return the code that waits."""
    return await database.fetch_one(_CODE, account_id, kind, into=SentCode)


async def lock_code(tx: Transaction, account_id: UUID, kind: Kind) -> SentCode | None:
    """Return the code that waits, for this transaction alone."""
    return await tx.fetch_one(f"{_CODE} FOR UPDATE", account_id, kind, into=SentCode)


async def put_code(
    tx: Transaction, account_id: UUID, kind: Kind, code: SentCode, *, pause: timedelta
) -> bool:
    """Keep a code in place of the one before; false, and nothing kept, when that was sent less than `pause` ago."""
    kept = await tx.execute(
        """
        INSERT INTO contact_codes AS c
            (account_id, kind, value, method, code_hash, message_id, tries_left, sent_count, sent_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (account_id, kind) DO UPDATE SET
            value = excluded.value, method = excluded.method, code_hash = excluded.code_hash,
            message_id = excluded.message_id, tries_left = excluded.tries_left, sent_count = excluded.sent_count,
            sent_at = excluded.sent_at, expires_at = excluded.expires_at
        WHERE c.sent_at <= excluded.sent_at - $11::interval
        """,
        account_id,
        kind,
        code.value,
        code.method,
        code.code_hash,
        code.message_id,
        code.tries_left,
        code.sent_count,
        code.sent_at,
        code.expires_at,
        pause,
    )
    return bool(kept)


async def count_wrong_try(tx: Transaction, account_id: UUID, kind: Kind) -> None:
    """Note a wrong guess."""
    await tx.execute(
        "UPDATE contact_codes SET tries_left = tries_left - 1 WHERE account_id = $1 AND kind = $2",
        account_id,
        kind,
    )


async def use_code_up(tx: Transaction, account_id: UUID, kind: Kind) -> None:
    """Let a code work no more; when it was sent is still remembered, for the pause."""
    await tx.execute(
        "UPDATE contact_codes SET tries_left = 0 WHERE account_id = $1 AND kind = $2", account_id, kind
    )


async def delete_codes_before(tx: Transaction, expired_before: datetime, limit: int) -> int:
    """Delete up to `limit` codes that expired before a time."""
    return await tx.execute(
        """
        DELETE FROM contact_codes WHERE (account_id, kind) IN (
            SELECT account_id, kind FROM contact_codes WHERE expires_at < $1 ORDER BY expires_at LIMIT $2
        )
        """,
        expired_before,
        limit,
    )
