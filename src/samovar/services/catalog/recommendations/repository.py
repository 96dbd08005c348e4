"""The SQL of recommendations."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from samovar.kit.database import Database


class Tagged(msgspec.Struct, frozen=True):
    """An app and its tags.

    Attributes:
        weights: By tag; what is banned from the app is left out.
    """

    id: UUID
    popularity: float
    weights: dict[str, int]


async def find_tagged(database: Database, app_ids: Sequence[UUID]) -> list[Tagged]:
    """Return the tags of these apps; those without any are left out."""
    return await database.fetch(
        """
        SELECT a.id, a.popularity::float8 AS popularity, jsonb_object_agg(t.tag, t.weight) AS weights
        FROM apps a JOIN app_tags t ON t.app_id = a.id AND t.weight > 0
        WHERE a.id = ANY($1)
        GROUP BY a.id
        """,
        list(app_ids),
        into=Tagged,
    )


async def find_latest_of(
    database: Database, account_id: UUID, *, limit: int
) -> tuple[list[UUID], list[UUID]]:
    """Return what somebody has and wants, the latest of each."""
    owned = await database.fetch_value(
        """
        SELECT array_agg(app_id) FROM (
            SELECT app_id FROM owned_apps WHERE account_id = $1 ORDER BY since DESC, app_id LIMIT $2
        ) AS latest
        """,
        account_id,
        limit,
    )
    wanted = await database.fetch_value(
        """
        SELECT array_agg(app_id) FROM (
            SELECT app_id FROM wishes WHERE account_id = $1 ORDER BY added_at DESC, app_id LIMIT $2
        ) AS latest
        """,
        account_id,
        limit,
    )
    return owned or [], wanted or []
