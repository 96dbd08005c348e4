"""The SQL of lists."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.services.catalog.reviews.scores import Counts


class _Scored(msgspec.Struct, frozen=True):
    app_id: UUID
    positive: int
    negative: int


async def find_counts(database: Database, app_ids: Sequence[UUID]) -> dict[UUID, Counts]:
    """Return the counts of reviews of these apps; those without one are left out."""
    rows = await database.fetch(
        "SELECT app_id, positive, negative FROM review_scores WHERE app_id = ANY($1)",
        list(app_ids),
        into=_Scored,
    )
    return {row.app_id: Counts(row.positive, row.negative) for row in rows}
