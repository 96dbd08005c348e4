"""The SQL of what others have told."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction


class Residence(msgspec.Struct, frozen=True):
    """Where somebody says that they live; none: they have not said."""

    account_id: UUID
    country: str | None


async def upsert_residence(tx: Transaction, account_id: UUID, country: str | None, version: int) -> None:
    """Keep a country, unless a later version is known."""
    await tx.execute(
        """
        INSERT INTO residences (account_id, country, settings_version) VALUES ($1, $2, $3)
        ON CONFLICT (account_id) DO UPDATE
        SET country = excluded.country, settings_version = excluded.settings_version
        WHERE residences.settings_version < excluded.settings_version
        """,
        account_id,
        country,
        version,
    )


async def find_residences(reader: Database | Transaction, account_ids: Collection[UUID]) -> list[Residence]:
    """Return where these people live, as far as account has told."""
    return await reader.fetch(
        "SELECT account_id, country FROM residences WHERE account_id = ANY($1)",
        list(account_ids),
        into=Residence,
    )


async def find_held(reader: Database | Transaction, account_id: UUID, since: datetime) -> str | None:
    """Return the country that an account has been held to since a moment or later."""
    found: str | None = await reader.fetch_value(
        "SELECT country FROM purchase_countries WHERE account_id = $1 AND held_since > $2", account_id, since
    )
    return found


async def hold(tx: Transaction, account_id: UUID, country: str, *, now: datetime, since: datetime) -> None:
    """Hold an account to a country, unless it is held to one since a moment or later."""
    await tx.execute(
        """
        INSERT INTO purchase_countries AS held (account_id, country, held_since) VALUES ($1, $2, $3)
        ON CONFLICT (account_id) DO UPDATE SET country = excluded.country, held_since = excluded.held_since
        WHERE held.held_since <= $4
        """,
        account_id,
        country,
        now,
        since,
    )
