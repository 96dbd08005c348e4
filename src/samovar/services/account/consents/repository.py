"""The SQL of consents."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.account.consents.domain import Purpose, Text

_CURRENT = """
    SELECT DISTINCT ON (purpose) purpose, is_given, text_version, happened_at FROM consents
    WHERE account_id = $1 AND ($2::text IS NULL OR purpose = $2)
    ORDER BY purpose, seq DESC
"""


class Standing(msgspec.Struct, frozen=True):
    """The last word of an account on a purpose."""

    purpose: Purpose
    is_given: bool
    text_version: str | None
    happened_at: datetime


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One yes or no, as the ledger keeps it."""

    account_id: UUID
    purpose: Purpose
    is_given: bool
    text_version: str | None
    text_hash: bytes | None
    channel: str
    address: str | None
    happened_at: datetime


async def publish_text(database: Database, text: Text, now: datetime) -> bytes:
    """Keep a version of a wording; return the hash that is kept, which is of its first publication."""
    async with database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO consent_texts (purpose, version, texts, hash, published_at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT DO NOTHING
            """,
            text.purpose,
            text.version,
            text.texts,
            text.hash,
            now,
        )
        kept: bytes = await tx.fetch_value(
            "SELECT hash FROM consent_texts WHERE purpose = $1 AND version = $2", text.purpose, text.version
        )
    return kept


async def list_standings(database: Database, account_id: UUID) -> list[Standing]:
    """Return the last word on each purpose of which the account has said anything."""
    return await database.fetch(_CURRENT, account_id, None, into=Standing)


async def find_standing(tx: Transaction, account_id: UUID, purpose: Purpose) -> Standing | None:
    """Return the last word on a purpose."""
    return await tx.fetch_one(_CURRENT, account_id, purpose, into=Standing)


async def lock_ledger_of(tx: Transaction, account_id: UUID) -> None:
    """Let what one person says be written one after the other."""
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('consents ' || $1, 0))", str(account_id))


async def insert_entry(tx: Transaction, entry: Entry) -> None:
    """Add a yes or a no."""
    await tx.execute(
        """
        INSERT INTO consents (account_id, purpose, is_given, text_version, text_hash, channel, address, happened_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """,
        entry.account_id,
        entry.purpose,
        entry.is_given,
        entry.text_version,
        entry.text_hash,
        entry.channel,
        entry.address,
        entry.happened_at,
    )
