"""The SQL of apps: writing pages, finding apps, cards of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.apps.domain import Base, Credit, TagTie
from samovar.services.catalog.apps.schemas import CreatorWrite, Named, TermWrite
from samovar.services.catalog.domain import (
    TAGS_SHOWN_MAX,
    AgeRating,
    AppKind,
    AppState,
    Availability,
    Language,
    Platform,
    Stage,
)
from samovar.services.catalog.schemas import AppDocument


class StoredApp(msgspec.Struct, frozen=True, kw_only=True):
    """A row of `apps`."""

    id: UUID
    slug: str
    kind: AppKind
    base_app_id: UUID | None
    organisation_id: UUID | None
    state: AppState
    stage: Stage
    released_on: date | None
    title: str
    sort_key: str
    age_rating: int
    document: AppDocument
    version: int
    origin: str
    origin_key: str | None
    popularity: float
    created_at: datetime
    updated_at: datetime


class Creator(msgspec.Struct, frozen=True):
    """Who is credited, by slug."""

    slug: str
    id: UUID


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """What decides who may see a page, and what may be said of its app.

    Attributes:
        out_since: The day from which it could be played; none while it is to come.
    """

    id: UUID
    version: int
    state: AppState
    age_rating: int
    visible: Availability | None
    base_app_id: UUID | None
    out_since: date | None
    is_owned: bool


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """What other services are told of an app."""

    id: UUID
    slug: str
    title: str
    kind: AppKind
    base_app_id: UUID | None
    age_rating: int
    state: AppState
    stage: Stage
    organisation_id: UUID | None
    capsule: str | None
    version: int
    released_on: date | None
    promise: dict[str, str | None]


class CardRow(msgspec.Struct, frozen=True, kw_only=True):
    """What a card is made of."""

    id: UUID
    slug: str
    kind: AppKind
    title: str
    short_description: str
    capsule: str | None
    tags: list[Named]
    platforms: list[Platform]
    age_rating: AgeRating
    stage: Stage
    release_date: date | None


class _Term(msgspec.Struct, frozen=True):
    kind: str
    slug: str


_HEAD = """
    SELECT a.id, a.version, a.state, a.age_rating, a.visible, a.base_app_id,
        CASE a.stage
            WHEN 'released' THEN coalesce(a.released_on, a.created_at::date)
            WHEN 'early_access' THEN coalesce((a.document #>> '{release,early_access_on}')::date, a.created_at::date)
        END AS out_since,
        EXISTS (SELECT FROM owned_apps o WHERE o.account_id = $2 AND o.app_id = a.id) AS is_owned
    FROM apps a
"""
_COLUMNS = ", ".join(field.name for field in msgspec.structs.fields(StoredApp))


async def lock_apps(
    tx: Transaction, *, ids: Sequence[UUID], slugs: Sequence[str], origins: Sequence[tuple[str, str]]
) -> list[StoredApp]:
    """Lock the apps with one of these ids, slugs or keys of their origin, in one order for all who lock."""
    return await tx.fetch(
        f"""
        SELECT {_COLUMNS} FROM apps
        WHERE id = ANY(ARRAY(
            SELECT unnest($1::uuid[])
            UNION SELECT id FROM apps WHERE slug = ANY($2)
            UNION SELECT a.id FROM apps a JOIN unnest($3::text[], $4::text[]) AS o (origin, key)
                ON a.origin = o.origin AND a.origin_key = o.key
        ))
        ORDER BY id FOR NO KEY UPDATE
        """,  # noqa: S608  names of columns
        list(ids),
        list(slugs),
        [origin for origin, _ in origins],
        [key for _, key in origins],
        into=StoredApp,
    )


async def find_head_by_id(database: Database, app_id: UUID, account_id: UUID | None) -> Head | None:
    """Return what decides who may see a page."""
    return await database.fetch_one(f"{_HEAD} WHERE a.id = $1", app_id, account_id, into=Head)


async def find_head_by_slug(database: Database, slug: str, account_id: UUID | None) -> Head | None:
    """Return what decides who may see a page."""
    return await database.fetch_one(f"{_HEAD} WHERE a.slug = $1", slug, account_id, into=Head)


async def find_bases(tx: Transaction, slugs: Sequence[str]) -> list[Base]:
    """Return the apps with these slugs."""
    return await tx.fetch("SELECT id, slug, kind FROM apps WHERE slug = ANY($1)", list(slugs), into=Base)


async def find_creators(tx: Database | Transaction, slugs: Sequence[str]) -> dict[str, UUID]:
    """Return the ids of the creators with these slugs."""
    rows = await tx.fetch("SELECT slug, id FROM creators WHERE slug = ANY($1)", list(slugs), into=Creator)
    return {row.slug: row.id for row in rows}


async def find_terms(tx: Transaction, named: Sequence[tuple[str, str]]) -> frozenset[tuple[str, str]]:
    """Return those of these terms, by kind and slug, that there are."""
    rows = await tx.fetch(
        """
        SELECT kind, slug FROM terms
        WHERE (kind, slug) IN (SELECT * FROM unnest($1::text[], $2::text[]))
        """,
        [kind for kind, _ in named],
        [slug for _, slug in named],
        into=_Term,
    )
    return frozenset((row.kind, row.slug) for row in rows)


async def list_sellers(tx: Transaction, app_ids: Sequence[UUID]) -> list[UUID]:
    """Return the other apps on whose pages packages with these are offered."""
    found: list[UUID] | None = await tx.fetch_value(
        """
        SELECT array_agg(DISTINCT p.app_id) FROM package_apps pa JOIN packages p ON p.id = pa.package_id
        WHERE pa.app_id = ANY($1::uuid[]) AND p.app_id <> ALL($1::uuid[])
        """,
        list(app_ids),
    )
    return found or []


async def upsert_apps(tx: Transaction, apps: Sequence[StoredApp]) -> None:
    """Write apps, those that are there and those that are not."""
    columns: dict[str, list[Any]] = {
        field.name: [getattr(app, field.name) for app in apps] for field in msgspec.structs.fields(StoredApp)
    }
    await tx.execute(
        f"""
        INSERT INTO apps ({_COLUMNS})
        SELECT * FROM unnest(
            $1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::date[], $9::text[],
            $10::text[], $11::smallint[], $12::jsonb[], $13::bigint[], $14::text[], $15::text[], $16::real[],
            $17::timestamptz[], $18::timestamptz[]
        )
        ON CONFLICT (id) DO UPDATE SET
            base_app_id = excluded.base_app_id, organisation_id = excluded.organisation_id, state = excluded.state,
            stage = excluded.stage, released_on = excluded.released_on, title = excluded.title, sort_key = excluded.sort_key,
            age_rating = excluded.age_rating, document = excluded.document, version = excluded.version,
            popularity = excluded.popularity, updated_at = excluded.updated_at
        """,  # noqa: S608  names of columns
        *columns.values(),
    )


async def insert_versions(
    tx: Transaction, apps: Sequence[StoredApp], *, accounts: Sequence[UUID | None], reasons: Sequence[str]
) -> None:
    """Keep the documents of these apps in their history."""
    await tx.execute(
        """
        INSERT INTO app_versions (app_id, version, document, account_id, reason, changed_at)
        SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::jsonb[], $4::uuid[], $5::text[], $6::timestamptz[])
        """,
        [app.id for app in apps],
        [app.version for app in apps],
        [app.document for app in apps],
        list(accounts),
        list(reasons),
        [app.updated_at for app in apps],
    )


async def replace_credits(tx: Transaction, app_ids: Sequence[UUID], kept: Sequence[Credit]) -> None:
    """Write credits; those of the apps in `app_ids`, which are there already, are no others then."""
    columns = [
        [credit.app_id for credit in kept],
        [credit.creator_id for credit in kept],
        [credit.role for credit in kept],
    ]
    if app_ids:
        await tx.execute(
            """
            DELETE FROM app_creators c WHERE app_id = ANY($1) AND NOT EXISTS (
                SELECT FROM unnest($2::uuid[], $3::uuid[], $4::text[]) AS kept (app_id, creator_id, role)
                WHERE kept.app_id = c.app_id AND kept.creator_id = c.creator_id AND kept.role = c.role
            )
            """,
            list(app_ids),
            *columns,
        )
    await tx.execute(
        """
        INSERT INTO app_creators (app_id, creator_id, role, place)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::smallint[])
        ON CONFLICT (app_id, role, creator_id) DO UPDATE SET place = excluded.place
        """,
        *columns,
        [credit.place for credit in kept],
    )


async def list_tag_ties(tx: Transaction, app_ids: Sequence[UUID]) -> list[TagTie]:
    """Return what ties tags to these apps."""
    return await tx.fetch(
        "SELECT app_id, tag, developer_place, player_votes, moderator_weight FROM app_tags WHERE app_id = ANY($1)",
        list(app_ids),
        into=TagTie,
    )


async def write_tag_ties(tx: Transaction, ties: Sequence[TagTie]) -> None:
    """Keep these ties with their weights, and drop those that nobody ties any more."""
    empty = [tie for tie in ties if tie.is_empty]
    if empty:
        await tx.execute(
            """
            DELETE FROM app_tags WHERE (app_id, tag) IN (SELECT * FROM unnest($1::uuid[], $2::text[]))
            """,
            [tie.app_id for tie in empty],
            [tie.tag for tie in empty],
        )
    kept = [tie for tie in ties if not tie.is_empty]
    await tx.execute(
        """
        INSERT INTO app_tags (app_id, tag, developer_place, player_votes, moderator_weight, weight)
        SELECT * FROM unnest($1::uuid[], $2::text[], $3::smallint[], $4::integer[], $5::integer[], $6::integer[])
        ON CONFLICT (app_id, tag) DO UPDATE SET
            developer_place = excluded.developer_place, player_votes = excluded.player_votes,
            moderator_weight = excluded.moderator_weight, weight = excluded.weight
        """,
        [tie.app_id for tie in kept],
        [tie.tag for tie in kept],
        [tie.developer_place for tie in kept],
        [tie.player_votes for tie in kept],
        [tie.moderator_weight for tie in kept],
        [tie.weight for tie in kept],
    )


async def list_brief(database: Database, app_ids: Sequence[UUID], language: Language) -> list[Brief]:
    """Return what other services are told of these apps."""
    return await database.fetch(
        """
        SELECT id, slug, coalesce(document #>> ARRAY['texts', $2, 'title'], title) AS title, kind, base_app_id, age_rating,
            state, stage, organisation_id, version, released_on,
            coalesce(nullif(document #> '{release,promise}', 'null'), '{}') AS promise,
            jsonb_path_query_first(document, '$.media[*] ? (@.kind == "capsule").image') #>> '{}' AS capsule
        FROM apps WHERE id = ANY($1)
        """,
        list(app_ids),
        language,
        into=Brief,
    )


async def list_cards(
    database: Database | Transaction, app_ids: Sequence[UUID], language: Language
) -> list[CardRow]:
    """Return what cards of these apps are made of, in a language where there is a text in it, else in the other."""
    return await database.fetch(
        """
        SELECT a.id, a.slug, a.kind, a.age_rating, a.stage,
            coalesce(a.document #>> ARRAY['texts', $2, 'title'], a.title) AS title,
            coalesce(
                a.document #>> ARRAY['texts', $2, 'short_description'],
                jsonb_path_query_first(a.document, '$.texts.*.short_description') #>> '{}', ''
            ) AS short_description,
            jsonb_path_query_first(a.document, '$.media[*] ? (@.kind == "capsule").image') #>> '{}' AS capsule,
            coalesce(a.document->'platforms', '[]') AS platforms,
            coalesce(a.released_on, (a.document #>> '{release,early_access_on}')::date) AS release_date,
            coalesce(tags.shown, '[]') AS tags
        FROM apps a LEFT JOIN LATERAL (
            SELECT jsonb_agg(
                jsonb_build_object('slug', w.slug, 'name', coalesce(w.names->>$2, w.names->>'ru'))
                ORDER BY t.weight DESC, t.tag
            ) AS shown
            FROM (
                SELECT tag, weight FROM app_tags
                WHERE app_id = a.id AND weight > 0 ORDER BY weight DESC, tag LIMIT $3
            ) t JOIN terms w ON w.kind = 'tag' AND w.slug = t.tag
        ) tags ON true
        WHERE a.id = ANY($1)
        """,
        list(app_ids),
        language,
        TAGS_SHOWN_MAX,
        into=CardRow,
    )


async def upsert_terms(tx: Transaction, terms: Sequence[TermWrite]) -> int:
    """Write terms, and return how many are new or read otherwise than before."""
    return await tx.execute(
        """
        INSERT INTO terms (kind, slug, names)
        SELECT * FROM unnest($1::text[], $2::text[], $3::jsonb[]) AS term (kind, slug, names) ORDER BY kind, slug
        ON CONFLICT (kind, slug) DO UPDATE SET names = excluded.names WHERE terms.names <> excluded.names
        """,
        [term.kind for term in terms],
        [term.slug for term in terms],
        [term.names for term in terms],
    )


async def upsert_creators(
    tx: Transaction, creators: Sequence[CreatorWrite], *, ids: Sequence[UUID], now: datetime
) -> None:
    """Write creators; `ids` are for those that are not there yet."""
    await tx.execute(
        """
        INSERT INTO creators (id, slug, name, organisation_id, website, created_at)
        SELECT id, slug, name, organisation_id, website, $6
        FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[])
            AS creator (id, slug, name, organisation_id, website)
        ORDER BY slug
        ON CONFLICT (slug) DO UPDATE SET
            name = excluded.name, organisation_id = coalesce(excluded.organisation_id, creators.organisation_id),
            website = coalesce(excluded.website, creators.website)
        """,
        list(ids),
        [creator.slug for creator in creators],
        [creator.name for creator in creators],
        [creator.organisation_id for creator in creators],
        [creator.website for creator in creators],
        now,
    )
