"""The SQL of pages: reading them."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.services.catalog.apps.pages.schemas import ChangelogEntry, CreatorSeen
from samovar.services.catalog.apps.schemas import Named
from samovar.services.catalog.domain import AppKind, Availability, Language, Viewer
from samovar.services.catalog.reviews.scores import Counts
from samovar.services.catalog.schemas import AppDocument

RELATED_MAX = 100
_LAST_DAY = date.max


class Credited(CreatorSeen, frozen=True, kw_only=True):
    """Who made or publishes an app."""

    role: str


class Term(Named, frozen=True, kw_only=True):
    """A word of a page."""

    kind: str


class PageRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a page is made of."""

    document: AppDocument
    terms: list[Term]
    credited: list[Credited]
    changelog: ChangelogEntry | None
    reviews: Counts | None


class Related(msgspec.Struct, frozen=True, kw_only=True):
    """An app that a page shows beside its own."""

    id: UUID
    kind: AppKind
    age_rating: int
    visible: Availability | None


class ReleaseKey(msgspec.Struct, frozen=True):
    """By what lists are ordered that show the latest first: what has no day yet comes before all."""

    released_on: date
    id: UUID


# $1: the country, $2: the age level.
_SHOWN = """
    a.state = 'published' AND a.age_rating <= $2
    AND (coalesce(a.visible -> 'only_in', 'null') = 'null' OR a.visible -> 'only_in' ? $1)
    AND NOT coalesce(a.visible -> 'except_in' ? $1, false)
"""


async def find_page(database: Database, app_id: UUID, language: Language) -> PageRow | None:
    """Return what a page is made of, with all that it names."""
    return await database.fetch_one(
        """
        SELECT a.document,
            coalesce((
                SELECT jsonb_agg(jsonb_build_object(
                    'kind', w.kind, 'slug', w.slug, 'name', coalesce(w.names->>$2, w.names->>'ru')
                ) ORDER BY named.place)
                FROM (
                    SELECT 'genre' AS kind, slug, place
                    FROM jsonb_array_elements_text(a.document->'genres') WITH ORDINALITY AS g (slug, place)
                    UNION ALL SELECT 'category', slug, place
                    FROM jsonb_array_elements_text(a.document->'categories') WITH ORDINALITY AS c (slug, place)
                    UNION ALL SELECT 'feature', slug, place
                    FROM jsonb_array_elements_text(a.document->'features') WITH ORDINALITY AS f (slug, place)
                    UNION ALL SELECT 'series', a.document->>'series', 1
                ) named JOIN terms w USING (kind, slug)
            ), '[]') AS terms,
            coalesce((
                SELECT jsonb_agg(
                    jsonb_build_object('id', c.id, 'slug', c.slug, 'name', c.name, 'role', ac.role) ORDER BY ac.place
                )
                FROM app_creators ac JOIN creators c ON c.id = ac.creator_id WHERE ac.app_id = a.id
            ), '[]') AS credited,
            (
                SELECT jsonb_build_object(
                    'id', e.id, 'release', e.release, 'published_at', e.published_at,
                    'text', coalesce(e.texts->>$2, jsonb_path_query_first(e.texts, '$.*') #>> '{}', '')
                )
                FROM changelog_entries e WHERE e.app_id = a.id ORDER BY e.published_at DESC, e.id LIMIT 1
            ) AS changelog,
            (
                SELECT jsonb_build_object('positive', s.positive, 'negative', s.negative)
                FROM review_scores s WHERE s.app_id = a.id
            ) AS reviews
        FROM apps a WHERE a.id = $1
        """,
        app_id,
        language,
        into=PageRow,
    )


async def list_related(database: Database, app_id: UUID, base_id: UUID | None) -> list[Related]:
    """Return what belongs to an app, the latest first and at most `RELATED_MAX`, and what it belongs to."""
    return await database.fetch(
        """
        (SELECT id, kind, age_rating, visible FROM apps WHERE id = $2 AND state = 'published')
        UNION ALL
        (SELECT id, kind, age_rating, visible FROM apps
         WHERE base_app_id = $1 AND state = 'published'
         ORDER BY coalesce(released_on, $4) DESC, id DESC LIMIT $3)
        """,
        app_id,
        base_id,
        RELATED_MAX,
        _LAST_DAY,
        into=Related,
    )


async def list_belonging(
    database: Database, app_id: UUID, viewer: Viewer, after: ReleaseKey | None, limit: int
) -> list[ReleaseKey]:
    """Return the DLC, soundtracks and demos of a game that a viewer may see, the latest first."""
    return await _list_shown(database, "a.base_app_id = $3", app_id, viewer, after, limit)


async def list_credited(
    database: Database, creator_id: UUID, viewer: Viewer, after: ReleaseKey | None, limit: int
) -> list[ReleaseKey]:
    """Return the games and tools of a creator that a viewer may see, the latest first."""
    of_creator = "a.id IN (SELECT app_id FROM app_creators WHERE creator_id = $3) AND a.base_app_id IS NULL"
    return await _list_shown(database, of_creator, creator_id, viewer, after, limit)


async def _list_shown(
    database: Database, condition: str, whose: UUID, viewer: Viewer, after: ReleaseKey | None, limit: int
) -> list[ReleaseKey]:
    return await database.fetch(
        f"""
        SELECT coalesce(a.released_on, $6) AS released_on, a.id FROM apps a
        WHERE {condition} AND {_SHOWN}
          AND ($4::date IS NULL OR (coalesce(a.released_on, $6), a.id) < ($4::date, $5::uuid))
        ORDER BY coalesce(a.released_on, $6) DESC, a.id DESC LIMIT $7
        """,  # noqa: S608  conditions of this file
        viewer.country,
        viewer.age_level,
        whose,
        after.released_on if after else None,
        after.id if after else None,
        _LAST_DAY,
        limit,
        into=ReleaseKey,
    )


async def list_changelog(
    database: Database,
    app_id: UUID,
    language: Language,
    *,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[ChangelogEntry]:
    """Return what changed in an app, the latest first."""
    return await database.fetch(
        """
        SELECT id, release, published_at,
            coalesce(texts->>$2, jsonb_path_query_first(texts, '$.*') #>> '{}', '') AS text
        FROM changelog_entries
        WHERE app_id = $1
          AND ($3::timestamptz IS NULL OR published_at < $3 OR (published_at = $3 AND id > $4::uuid))
        ORDER BY published_at DESC, id LIMIT $5
        """,
        app_id,
        language,
        after[0] if after else None,
        after[1] if after else None,
        limit,
        into=ChangelogEntry,
    )
