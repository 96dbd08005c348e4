"""The SQL of what others have told."""

from collections.abc import Collection
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
