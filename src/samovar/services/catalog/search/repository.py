"""The SQL of search."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.domain import AppKind, Availability, Language, Stage
from samovar.services.catalog.schemas import AppLanguage, AppText
from samovar.services.catalog.search.schemas import SearchQuery


class AppRow(msgspec.Struct, frozen=True, kw_only=True):
    """What the tables say of an app that is shown."""

    id: UUID
    kind: AppKind
    stage: Stage
    title: str
    age_rating: int
    popularity: float
    released_on: date | None
    visible: Availability | None
    texts: dict[Language, AppText]
    aliases: list[str]
    series: str | None
    genres: list[str]
    categories: list[str]
    features: list[str]
    platforms: list[str]
    languages: list[AppLanguage]
    tags: list[str]
    creators: list[str]
    creator_names: dict[str, str]
    positive: int
    negative: int


class Change(msgspec.Struct, frozen=True):
    """An app that was marked, and the number of its mark."""

    app_id: UUID
    seq: int


class Term(msgspec.Struct, frozen=True):
    """A word of the taxonomy and its names."""

    kind: str
    slug: str
    names: dict[str, str | None]


class AliasRow(msgspec.Struct, frozen=True):
    """What operators added."""

    alias: str
    title: str


class Bounds(msgspec.Struct, frozen=True):
    """The transactions at this moment: all before `finished` are over, none of `unborn` and later has begun."""

    finished: int
    unborn: int


class _Place(msgspec.Struct, frozen=True):
    id: UUID


# At or below -1000 a moderator has banned a tag (`domain.TAG_BANNED`).
_APPS = """
    SELECT a.id, a.kind, a.stage, a.title, a.age_rating, a.popularity, a.released_on, a.visible,
        coalesce(a.document -> 'texts', '{}') AS texts,
        a.document ->> 'series' AS series,
        coalesce(a.document -> 'aliases', '[]') AS aliases,
        coalesce(a.document -> 'genres', '[]') AS genres,
        coalesce(a.document -> 'categories', '[]') AS categories,
        coalesce(a.document -> 'features', '[]') AS features,
        coalesce(a.document -> 'platforms', '[]') AS platforms,
        coalesce(a.document -> 'languages', '[]') AS languages,
        coalesce(tied.tags, '{}') AS tags,
        coalesce(made.creators, '{}') AS creators,
        coalesce(made.names, '{}') AS creator_names,
        coalesce(s.positive, 0) AS positive,
        coalesce(s.negative, 0) AS negative
    FROM apps a
    LEFT JOIN review_scores s ON s.app_id = a.id
    LEFT JOIN LATERAL (
        SELECT array_agg(t.tag ORDER BY t.weight DESC, t.tag) AS tags
        FROM app_tags t WHERE t.app_id = a.id AND t.moderator_weight > -1000
    ) tied ON true
    LEFT JOIN LATERAL (
        SELECT array_agg(DISTINCT c.slug) AS creators, jsonb_object_agg(c.slug, c.name) AS names
        FROM app_creators ac JOIN creators c ON c.id = ac.creator_id WHERE ac.app_id = a.id
    ) made ON true
"""


async def mark_changed(tx: Transaction, app_ids: Sequence[UUID]) -> None:
    """Remember that these apps have changed. Given in the order of the ids, two of these do not wait for each other."""
    await tx.execute(
        """
        INSERT INTO search_changes (app_id)
        SELECT id FROM unnest($1::uuid[]) AS changed (id)
        ON CONFLICT (app_id) DO UPDATE SET seq = nextval('search_changes_seq'), xid = pg_current_xact_id()
        """,
        list(app_ids),
    )


async def find_apps(database: Database, app_ids: Sequence[UUID]) -> list[AppRow]:
    """Return those of these apps that are shown."""
    return await database.fetch(
        f"{_APPS} WHERE a.id = ANY($1::uuid[]) AND a.state = 'published'", list(app_ids), into=AppRow
    )


async def list_places(database: Database) -> list[UUID]:
    """Return the ids of all apps that are shown, the most popular first."""
    rows = await database.fetch(
        "SELECT id FROM apps WHERE state = 'published' ORDER BY popularity DESC, id", into=_Place
    )
    return [row.id for row in rows]


async def count_apps(database: Database) -> int:
    """Return how many apps are shown."""
    return int(await database.fetch_value("SELECT count(*) FROM apps WHERE state = 'published'"))


async def find_bounds(database: Database) -> Bounds:
    """Return which transactions are over."""
    found = await database.fetch_one(
        """
        SELECT pg_snapshot_xmin(now.snapshot)::text::bigint AS finished, pg_snapshot_xmax(now.snapshot)::text::bigint AS unborn
        FROM pg_current_snapshot() AS now (snapshot)
        """,
        into=Bounds,
    )
    return found or Bounds(0, 0)


async def find_changes(database: Database, bounds: Bounds, *, after: int, limit: int) -> list[Change]:
    """Return what was marked by transactions from `finished` on, by the number of the mark.

    A mark of `unborn` and later came with a copy of another server's database, and says nothing here.
    """
    return await database.fetch(
        """
        SELECT app_id, seq FROM search_changes
        WHERE xid >= $1::text::xid8 AND xid < $2::text::xid8 AND seq > $3
        ORDER BY seq LIMIT $4
        """,
        str(bounds.finished),
        str(bounds.unborn),
        after,
        limit,
        into=Change,
    )


async def find_terms(database: Database) -> list[Term]:
    """Return all words of the taxonomy."""
    return await database.fetch("SELECT kind, slug, names FROM terms", into=Term)


async def find_aliases(database: Database) -> list[AliasRow]:
    """Return the aliases that operators added."""
    return await database.fetch("SELECT alias, title FROM search_aliases", into=AliasRow)


async def list_aliases(database: Database, after: str, limit: int) -> list[AliasRow]:
    """Return the aliases after one, in their order, all titles of each."""
    return await database.fetch(
        """
        SELECT alias, title FROM search_aliases
        WHERE alias IN (SELECT DISTINCT alias FROM search_aliases WHERE alias > $1 ORDER BY alias LIMIT $2)
        ORDER BY alias, title
        """,
        after,
        limit,
        into=AliasRow,
    )


async def count_aliases(tx: Transaction) -> int:
    """Return how many aliases operators added; nobody else adds one until this transaction ends."""
    await tx.execute("LOCK TABLE search_aliases IN SHARE ROW EXCLUSIVE MODE")
    count: int = await tx.fetch_value("SELECT count(*) FROM search_aliases")
    return count


async def put_alias(tx: Transaction, alias: str, titles: Sequence[str]) -> None:
    """Let an alias stand for these titles and no others."""
    await tx.execute("DELETE FROM search_aliases WHERE alias = $1 AND title <> ALL($2)", alias, titles)
    await tx.execute(
        "INSERT INTO search_aliases (alias, title) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING",
        alias,
        titles,
    )


async def remove_alias(tx: Transaction, alias: str) -> bool:
    """Take an alias away; false where there is none."""
    return await tx.execute("DELETE FROM search_aliases WHERE alias = $1", alias) > 0


class Titled(msgspec.Struct, frozen=True):
    """An app and its title."""

    id: UUID
    title: str


# What PostgreSQL is asked while the index is away. The texts of the two `to_tsvector` are those of the indexes.
_FITS = """
    a.state = 'published' AND a.age_rating <= $2
    AND (coalesce(a.visible -> 'only_in', 'null') = 'null' OR a.visible -> 'only_in' ? $3)
    AND NOT coalesce(a.visible -> 'except_in' ? $3, false)
    AND (
        $1 = ''
        OR to_tsvector('simple', a.title) @@ plainto_tsquery('simple', $1)
        OR to_tsvector('russian', a.title || ' ' || coalesce(a.document -> 'texts' -> 'ru' ->> 'short_description', ''))
            @@ plainto_tsquery('russian', $1)
        OR a.title % $1
    )
"""
_FILTERS = """
    AND ($4::text[] = '{}' OR a.kind = ANY($4)) AND ($5::text[] = '{}' OR a.stage = ANY($5))
    AND coalesce(a.document -> 'genres', '[]') ?& $6::text[]
    AND ($7::text[] = '{}' OR coalesce(a.document -> 'categories', '[]') ?| $7)
    AND coalesce(a.document -> 'features', '[]') ?& $8::text[]
    AND coalesce(a.document -> 'platforms', '[]') ?& $9::text[]
    AND ($10::text[] = '{}' OR a.document ->> 'series' = ANY($10))
    AND ($11::smallint[] = '{}' OR a.age_rating = ANY($11))
    AND NOT coalesce(a.document -> 'genres', '[]') ?| $12::text[]
    AND ($13::date IS NULL OR a.released_on >= $13) AND ($14::date IS NULL OR a.released_on <= $14)
    AND ($15::uuid[] IS NULL OR a.id = ANY($15)) AND NOT a.id = ANY($16::uuid[])
    AND ($17::text[] = '{}' OR (
        SELECT count(*) FROM app_tags t WHERE t.app_id = a.id AND t.tag = ANY($17) AND t.moderator_weight > -1000
    ) = cardinality($17))
    AND ($18::text[] = '{}' OR NOT EXISTS (
        SELECT FROM app_tags t WHERE t.app_id = a.id AND t.tag = ANY($18) AND t.moderator_weight > -1000
    ))
    AND ($19::text[] = '{}' OR EXISTS (
        SELECT FROM app_creators ac JOIN creators c ON c.id = ac.creator_id WHERE ac.app_id = a.id AND c.slug = ANY($19)
    ))
    AND ($20::text[] = '{}' OR NOT EXISTS (
        SELECT FROM app_creators ac JOIN creators c ON c.id = ac.creator_id WHERE ac.app_id = a.id AND c.slug = ANY($20)
    ))
"""
_ORDERS = {
    "title": "a.sort_key",
    "new": "coalesce(-extract(epoch FROM a.released_on), 'Infinity'::float8)",
}
_BY_POPULARITY = "-a.popularity"


def _arguments(query: SearchQuery, text: str) -> list[object]:
    only: set[UUID] | None = None
    for wanted, app_ids in ((query.only_owned, query.owned), (query.only_wishlisted, query.wishlisted)):
        if wanted:
            only = set(app_ids) if only is None else only & app_ids
    hidden: set[UUID] = set()
    for hides, app_ids in (
        (query.hide_owned, query.owned),
        (query.hide_wishlisted, query.wishlisted),
        (query.hide_ignored, query.ignored),
    ):
        hidden |= app_ids if hides else set()
    return [
        text,
        query.age_level,
        query.country,
        list(query.kinds),
        list(query.stages),
        list(query.genres),
        list(query.categories),
        list(query.features),
        list(query.platforms),
        list(query.series),
        list(query.ages),
        list(query.genres_excluded),
        query.released_from,
        query.released_to,
        None if only is None else list(only),
        list(hidden),
        list(set(query.tags)),
        list(query.tags_excluded),
        list(query.creators),
        list(query.creators_excluded),
    ]


async def find_by_sql(database: Database, query: SearchQuery, text: str, after: UUID | None) -> list[UUID]:
    """Return one app more than the page holds, behind an app."""
    key = _ORDERS.get(query.sort, _BY_POPULARITY)
    rows = await database.fetch(
        f"""
        SELECT a.id FROM apps a WHERE {_FITS} {_FILTERS}
            AND ($21::uuid IS NULL OR ({key}, a.id) > (SELECT {key}, a.id FROM apps a WHERE a.id = $21))
        ORDER BY {key}, a.id LIMIT $22
        """,  # noqa: S608  constants
        *_arguments(query, text),
        after,
        query.limit + 1,
        into=_Place,
    )
    return [row.id for row in rows]


async def count_by_sql(database: Database, query: SearchQuery, text: str, *, most: int) -> int:
    """Return how many apps fit, `most` at most."""
    return int(
        await database.fetch_value(
            f"SELECT count(*) FROM (SELECT FROM apps a WHERE {_FITS} {_FILTERS} LIMIT $21) AS found",  # noqa: S608  constants
            *_arguments(query, text),
            most,
        )
    )


async def find_titles(database: Database, query: SearchQuery, typed: str) -> list[Titled]:
    """Return apps whose titles begin with what was typed or are close to it, the most popular first."""
    return await database.fetch(
        f"""
        SELECT a.id, a.title FROM apps a WHERE {_FITS.replace("$1 = ''", "a.title ILIKE $4")}
        ORDER BY a.title ILIKE $4 DESC, a.popularity DESC, a.id LIMIT $5
        """,  # noqa: S608  constants
        typed,
        query.age_level,
        query.country,
        typed + "%",
        query.limit,
        into=Titled,
    )
