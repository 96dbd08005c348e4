"""The SQL of preferences."""

from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.i18n import Language
from samovar.services.account.preferences.schemas import Content, Settings, Theme

_SETTINGS = """
    SELECT a.language, a.country, p.time_zone, p.theme, p.hidden_content, p.is_motion_reduced,
           coalesce(p.version, 1) AS version
    FROM accounts a LEFT JOIN preferences p ON p.account_id = a.id
    WHERE a.id = $1
"""


class SettingsRow(msgspec.Struct, frozen=True, kw_only=True):
    """The settings of an account as they are kept; null where it has the default."""

    language: Language
    country: str | None
    time_zone: str | None
    theme: Theme | None
    hidden_content: tuple[Content, ...] | None
    is_motion_reduced: bool | None
    version: int

    def settings(self) -> Settings:
        """Return them with the defaults filled in."""
        kept = {
            name: value for name in Settings.__struct_fields__ if (value := getattr(self, name)) is not None
        }
        return Settings(**kept)


async def find_settings(database: Database, account_id: UUID) -> SettingsRow | None:
    """Return the settings of an account."""
    return await database.fetch_one(_SETTINGS, account_id, into=SettingsRow)


async def lock_settings(tx: Transaction, account_id: UUID) -> SettingsRow | None:
    """Return the settings of an account, for changing them in this transaction."""
    return await tx.fetch_one(f"{_SETTINGS} FOR UPDATE OF a", account_id, into=SettingsRow)


async def upsert_settings(tx: Transaction, account_id: UUID, settings: Settings) -> int:
    """Keep the settings of an account and return the number of this change; 1 was the registration."""
    version: int = await tx.fetch_value(
        """
        WITH spoken AS (UPDATE accounts SET language = $2, country = $3 WHERE id = $1)
        INSERT INTO preferences (account_id, time_zone, theme, hidden_content, is_motion_reduced, version)
        VALUES ($1, $4, $5, $6, $7, 2)
        ON CONFLICT (account_id) DO UPDATE SET
            time_zone = excluded.time_zone, theme = excluded.theme, hidden_content = excluded.hidden_content,
            is_motion_reduced = excluded.is_motion_reduced, version = preferences.version + 1
        RETURNING version
        """,
        account_id,
        settings.language,
        settings.country,
        settings.time_zone,
        settings.theme,
        list(settings.hidden_content),
        settings.is_motion_reduced,
    )
    return version
