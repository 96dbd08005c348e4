"""The SQL of viewers."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction


class Known(msgspec.Struct, frozen=True):
    """What is known of a person; none: they have not said."""

    age_level: int | None
    country: str | None


async def find_viewer(database: Database, account_id: UUID) -> Known | None:
    """Return what account told of a person."""
    return await database.fetch_one(
        "SELECT age_level, country FROM viewers WHERE account_id = $1", account_id, into=Known
    )


async def upsert_age_level(tx: Transaction, account_id: UUID, level: int, told_at: datetime) -> None:
    """Keep an age level, unless a later word is known."""
    await tx.execute(
        """
        INSERT INTO viewers (account_id, age_level, age_told_at) VALUES ($1, $2, $3)
        ON CONFLICT (account_id) DO UPDATE SET age_level = excluded.age_level, age_told_at = excluded.age_told_at
        WHERE viewers.age_told_at IS NULL OR viewers.age_told_at < excluded.age_told_at
        """,
        account_id,
        level,
        told_at,
    )


async def upsert_country(tx: Transaction, account_id: UUID, country: str | None, version: int) -> None:
    """Keep a country, unless a later version is known."""
    await tx.execute(
        """
        INSERT INTO viewers (account_id, country, settings_version) VALUES ($1, $2, $3)
        ON CONFLICT (account_id) DO UPDATE
        SET country = excluded.country, settings_version = excluded.settings_version
        WHERE viewers.settings_version < excluded.settings_version
        """,
        account_id,
        country,
        version,
    )
