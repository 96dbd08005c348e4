"""The SQL of lists."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.services.catalog.domain import Language, TermKind
from samovar.services.catalog.reviews.scores import Counts


class _Scored(msgspec.Struct, frozen=True):
    app_id: UUID
    positive: int
    negative: int


class _Named(msgspec.Struct, frozen=True):
    kind: str
    slug: str
    name: str


async def find_counts(database: Database, app_ids: Sequence[UUID]) -> dict[UUID, Counts]:
    """Return the counts of reviews of these apps; those without one are left out."""
    rows = await database.fetch(
        "SELECT app_id, positive, negative FROM review_scores WHERE app_id = ANY($1)",
        list(app_ids),
        into=_Scored,
    )
    return {row.app_id: Counts(row.positive, row.negative) for row in rows}


async def find_names(
    database: Database,
    *,
    terms: Mapping[TermKind, Sequence[str]],
    creators: Sequence[str],
    language: Language,
) -> dict[tuple[str, str], str]:
    """Return what words of the taxonomy and creators are called, by kind and slug; unknown ones are left out."""
    kinds = [kind for kind, slugs in terms.items() for _ in slugs]
    rows = await database.fetch(
        """
        SELECT t.kind, t.slug, coalesce(t.names ->> $4, t.names ->> 'ru') AS name
        FROM unnest($1::text[], $2::text[]) AS asked (kind, slug) JOIN terms t USING (kind, slug)
        UNION ALL
        SELECT 'creator', slug, name FROM creators WHERE slug = ANY($3)
        """,
        kinds,
        [slug for slugs in terms.values() for slug in slugs],
        list(creators),
        language,
        into=_Named,
    )
    return {(row.kind, row.slug): row.name for row in rows}
