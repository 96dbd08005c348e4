"""The SQL of wishlists."""

from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction

Reader = Database | Transaction


class MarksRow(msgspec.Struct, frozen=True):
    """What somebody has to do with apps and creators."""

    owned: list[UUID]
    wishlisted: list[UUID]
    ignored: list[UUID]
    followed: list[UUID]


async def find_marks(database: Reader, account_id: UUID) -> MarksRow:
    """Return all that somebody owns, wants, ignores and follows."""
    found = await database.fetch_one(
        """
        SELECT
            ARRAY(SELECT app_id FROM owned_apps WHERE account_id = $1) AS owned,
            ARRAY(SELECT app_id FROM wishes WHERE account_id = $1) AS wishlisted,
            ARRAY(SELECT app_id FROM ignored_apps WHERE account_id = $1) AS ignored,
            ARRAY(SELECT creator_id FROM followed_creators WHERE account_id = $1) AS followed
        """,
        account_id,
        into=MarksRow,
    )
    return found or MarksRow([], [], [], [])
