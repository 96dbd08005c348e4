"""The SQL of consents to clients."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction


class StoredConsent(msgspec.Struct, frozen=True):
    """What an account lets a client know."""

    client_id: str
    scopes: tuple[str, ...]
    given_at: datetime


async def find_consent(tx: Transaction, account_id: UUID, client_id: str) -> StoredConsent | None:
    """Return what an account lets a client know."""
    return await tx.fetch_one(
        "SELECT client_id, scopes, given_at FROM client_consents WHERE account_id = $1 AND client_id = $2",
        account_id,
        client_id,
        into=StoredConsent,
    )


async def save_consent(
    tx: Transaction, account_id: UUID, client_id: str, scopes: tuple[str, ...], now: datetime
) -> None:
    """Remember what an account lets a client know."""
    await tx.execute(
        """
        INSERT INTO client_consents (account_id, client_id, scopes, given_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account_id, client_id) DO UPDATE SET scopes = excluded.scopes, given_at = excluded.given_at
        """,
        account_id,
        client_id,
        scopes,
        now,
    )


async def delete_consent(tx: Transaction, account_id: UUID, client_id: str) -> bool:
    """Forget what an account lets a client know; false when there is nothing."""
    return bool(
        await tx.execute(
            "DELETE FROM client_consents WHERE account_id = $1 AND client_id = $2", account_id, client_id
        )
    )


async def list_consents(
    database: Database, account_id: UUID, *, after: str | None, limit: int
) -> list[StoredConsent]:
    """Return the consents of an account by the clients' ids, after the keyset position `after`."""
    return await database.fetch(
        """
        SELECT client_id, scopes, given_at FROM client_consents
        WHERE account_id = $1 AND ($2::text IS NULL OR client_id > $2) ORDER BY client_id LIMIT $3
        """,
        account_id,
        after,
        limit,
        into=StoredConsent,
    )
