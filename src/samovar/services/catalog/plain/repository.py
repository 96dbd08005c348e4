"""The SQL of the map of the store."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.services.catalog.domain import Availability


class Mapped(msgspec.Struct, frozen=True, kw_only=True):
    """A page that search engines may show."""

    slug: str
    updated_at: datetime
    visible: Availability | None


class Edge(msgspec.Struct, frozen=True):
    """The first app of a part of the map."""

    id: UUID


async def list_edges(database: Database, part_size: int) -> Sequence[UUID]:
    """Return the first app of each part: apps in the order in which they were made, so that parts stay what they are."""
    rows = await database.fetch(
        """
        SELECT id FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM apps) AS numbered
        WHERE (place - 1) % $1 = 0 ORDER BY id
        """,
        part_size,
        into=Edge,
    )
    return [row.id for row in rows]


async def list_part(database: Database, first_id: UUID, part_size: int, age_level: int) -> list[Mapped]:
    """Return the pages of a part that a stranger of this age level may see."""
    return await database.fetch(
        """
        SELECT slug, updated_at, visible
        FROM (SELECT * FROM apps WHERE id >= $1 ORDER BY id LIMIT $2) AS part
        WHERE state = 'published' AND age_rating <= $3 ORDER BY id
        """,
        first_id,
        part_size,
        age_level,
        into=Mapped,
    )
