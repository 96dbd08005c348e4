"""The SQL that every room may ask for."""

from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction


class Owner(msgspec.Struct, frozen=True, kw_only=True):
    """Whose an app is."""

    organisation_id: UUID | None
    base_app_id: UUID | None


async def find_owner(reader: Database | Transaction, app_id: UUID) -> Owner | None:
    """Return whose an app is; none: there is no such app."""
    return await reader.fetch_one(
        "SELECT organisation_id, base_app_id FROM apps WHERE id = $1", app_id, into=Owner
    )
