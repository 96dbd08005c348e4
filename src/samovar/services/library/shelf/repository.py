"""The SQL of the shelf."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.library.shelf.domain import CONTENTS_SHOWN_MAX, Access, AppKind, Sort
from samovar.services.library.shelf.schemas import HeldLicence, ShelfGame

Language = Literal["ru", "en"]

# $1 is the account, $2 the present moment, $3 whether what is over is asked for.
_SHELF = """
    WITH own AS (
        SELECT la.app_id, min(la.granted_at) AS since,
            CASE WHEN bool_or(la.expires_at IS NULL) THEN NULL ELSE max(la.expires_at) END AS expires_at,
            array_agg(DISTINCT la.kind ORDER BY la.kind) AS kinds,
            CASE WHEN bool_or(la.kind NOT IN ('trial', 'family')) THEN 'owned'
                WHEN bool_or(la.kind = 'family') THEN 'family' ELSE 'trial' END AS access,
            NULL::timestamptz AS ended_at, NULL::text AS end_reason
        FROM licence_apps la
        WHERE la.account_id = $1 AND (la.expires_at IS NULL OR la.expires_at > $2)
        GROUP BY la.app_id
    ), lent AS (
        SELECT la.app_id, min(la.granted_at) AS since, NULL::timestamptz AS expires_at, ARRAY['family'] AS kinds,
            'family' AS access, NULL::timestamptz AS ended_at, NULL::text AS end_reason
        FROM family_members mine
        JOIN family_members m ON m.family_id = mine.family_id AND m.is_member AND m.account_id <> $1
        JOIN licence_apps la ON la.account_id = m.account_id AND la.kind IN ('purchase', 'gift', 'key', 'grant')
            AND (la.expires_at IS NULL OR la.expires_at > $2)
        WHERE mine.account_id = $1 AND mine.is_member AND NOT EXISTS (SELECT FROM own WHERE own.app_id = la.app_id)
        GROUP BY la.app_id
    ), ended AS (
        SELECT DISTINCT ON (u.app_id) u.app_id, l.granted_at AS since, l.expires_at, ARRAY[l.kind] AS kinds,
            CASE WHEN coalesce(l.revoke_reason, 'expired') = 'expired' THEN 'expired' ELSE 'revoked' END AS access,
            coalesce(least(l.revoked_at, l.expires_at), l.revoked_at) AS ended_at,
            coalesce(l.revoke_reason, 'expired') AS end_reason
        FROM licences l
        CROSS JOIN unnest(l.app_ids) AS u (app_id)
        WHERE $3::boolean AND l.account_id = $1 AND (l.revoked_at IS NOT NULL OR l.expires_at <= $2)
            -- A refund that came first made a licence that never opened anything.
            AND l.revoked_at IS DISTINCT FROM l.granted_at
            AND NOT EXISTS (SELECT FROM own WHERE own.app_id = u.app_id)
            AND NOT EXISTS (SELECT FROM lent WHERE lent.app_id = u.app_id)
        ORDER BY u.app_id, ended_at DESC, l.id DESC
    ), shelf AS (
        SELECT h.*, a.slug, a.title_ru, a.title_en, a.sort_ru, a.sort_en, a.kind, a.base_app_id, a.capsule_url,
            coalesce(a.words, '') AS words, coalesce(e.played_s + e.brought_s, 0) AS played_s, e.last_played_at,
            coalesce(m.is_hidden, false) AS is_hidden, coalesce(m.is_favourite, false) AS is_favourite
        FROM (SELECT * FROM own UNION ALL SELECT * FROM lent UNION ALL SELECT * FROM ended) h
        LEFT JOIN app_copies a ON a.app_id = h.app_id
        LEFT JOIN library_entries e ON e.account_id = $1 AND e.app_id = h.app_id
        LEFT JOIN shelf_marks m ON m.account_id = $1 AND m.app_id = h.app_id
    )
"""
_SHOWN = """
    SELECT p.app_id AS game_id, p.since, p.expires_at, p.kinds, p.played_s / 60 AS play_minutes, p.last_played_at, p.access,
        p.ended_at, p.end_reason, p.slug,
        jsonb_strip_nulls(jsonb_build_object('ru', p.title_ru, 'en', p.title_en)) AS titles, p.kind,
        p.base_app_id AS base_game_id, p.capsule_url, p.is_hidden, p.is_favourite,
        array(
            SELECT c.collection_id FROM collection_apps c
            WHERE c.account_id = $1 AND c.app_id = p.app_id ORDER BY c.collection_id
        ) AS collection_ids,
        to_jsonb(coalesce(b.contents, '{}')) AS contents, coalesce(b.total, 0) AS contents_total, p.rank_text, p.rank_number,
        p.rank_moment
    FROM page p
    LEFT JOIN (
        SELECT s.base_app_id, count(*) AS total, (array_agg(
            jsonb_build_object(
                'game_id', s.app_id, 'titles', jsonb_strip_nulls(jsonb_build_object('ru', s.title_ru, 'en', s.title_en)),
                'kind', s.kind, 'access', s.access, 'since', s.since, 'expires_at', s.expires_at
            ) ORDER BY s.sort_ru, s.app_id
        ))[1:{shown}] AS contents
        FROM shelf s
        WHERE s.access = ANY($4::text[]) AND s.base_app_id IN (SELECT app_id FROM page)
        GROUP BY s.base_app_id
    ) b ON b.base_app_id = p.app_id
""".replace("{shown}", str(CONTENTS_SHOWN_MAX))
# The last sign of Unicode: what has no title yet stands behind all that have one.
_UNTITLED = r"E'\U0010FFFF'"
_RANKS = {
    "title.ru": ("text", f"coalesce(s.sort_ru, {_UNTITLED})", ">"),
    "title.en": ("text", f"coalesce(s.sort_en, {_UNTITLED})", ">"),
    "added": ("moment", "s.since", "<"),
    "played": ("moment", "coalesce(s.last_played_at, 'epoch'::timestamptz)", "<"),
    "play_time": ("number", "s.played_s", "<"),
}
_TYPES = {"text": 'text COLLATE "C"', "number": "bigint", "moment": "timestamptz"}


class Found(ShelfGame, frozen=True, kw_only=True):
    """A game of the list, and where it stands."""

    rank_text: str | None
    rank_number: int | None
    rank_moment: datetime | None


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """Which games are looked for.

    Attributes:
        order: A key of `_RANKS`, see `order_of`.
        patterns: All of them must stand in the words of a game or of what belongs to it.
        after_rank: With `after_id`, where the last page ended.
    """

    accesses: Sequence[Access]
    order: str
    patterns: Sequence[str]
    collection_id: UUID | None
    kinds: Sequence[AppKind]
    is_favourite: bool | None
    is_hidden: bool
    after_rank: str | int | datetime | None
    after_id: UUID | None
    limit: int


def order_of(sort: Sort, language: Language) -> str:
    """Return the name of an order: titles are ordered by language."""
    return f"title.{language}" if sort == "title" else sort


def _matching(wish: Wish) -> tuple[str, list[object]]:
    """Return which rows of `shelf` are looked for, and the parameters from $4 on."""
    arguments: list[object] = [
        list(wish.accesses),
        list(wish.patterns),
        wish.collection_id,
        list(wish.kinds),
        wish.is_favourite,
        wish.is_hidden,
    ]
    condition = """
        s.access = ANY($4::text[]) AND s.is_hidden = $9::boolean
        AND ($8::boolean IS NULL OR s.is_favourite = $8)
        AND ($6::uuid IS NULL OR s.app_id IN (
            SELECT c.app_id FROM collection_apps c WHERE c.account_id = $1 AND c.collection_id = $6
        ))
        AND CASE WHEN cardinality($7::text[]) > 0 THEN s.kind = ANY($7)
            ELSE s.base_app_id IS NULL OR s.base_app_id NOT IN (SELECT t.app_id FROM shelf t WHERE t.access = ANY($4)) END
        AND (cardinality($5::text[]) = 0 OR s.words LIKE ALL($5) OR s.app_id IN (
            SELECT t.base_app_id FROM shelf t WHERE t.access = ANY($4) AND t.base_app_id IS NOT NULL AND t.words LIKE ALL($5)
        ))
    """
    return condition, arguments


async def list_games(database: Database, account_id: UUID, now: datetime, wish: Wish) -> list[Found]:
    """Return a page of a shelf."""
    condition, arguments = _matching(wish)
    kind, rank, sign = _RANKS[wish.order]
    direction = "" if sign == ">" else "DESC"
    ranks = ", ".join(
        f"{rank if name == kind else 'NULL'}::{type_} AS rank_{name}"
        if name != "text"
        else f"({rank if name == kind else 'NULL'})::text AS rank_text"
        for name, type_ in _TYPES.items()
    )
    return await database.fetch(
        f"""
        {_SHELF}, page AS (
            SELECT s.*, {ranks}
            FROM shelf s
            WHERE {condition} AND ($11::uuid IS NULL OR ({rank}, s.app_id) {sign} ($10::{_TYPES[kind]}, $11))
            ORDER BY {rank} {direction}, s.app_id {direction}
            LIMIT $12
        )
        {_SHOWN}
        ORDER BY rank_{kind} {'COLLATE "C"' if kind == "text" else ""} {direction}, p.app_id {direction}
        """,  # noqa: S608  parts of our own
        account_id,
        now,
        any(one in {"expired", "revoked"} for one in wish.accesses),
        *arguments,
        wish.after_rank,
        wish.after_id,
        wish.limit,
        into=Found,
    )


async def count_games(database: Database, account_id: UUID, now: datetime, wish: Wish) -> int:
    """Return how many games are on a shelf that are looked for."""
    condition, arguments = _matching(wish)
    return int(
        await database.fetch_value(
            f"{_SHELF} SELECT count(*) FROM shelf s WHERE {condition}",  # noqa: S608  parts of our own
            account_id,
            now,
            any(one in {"expired", "revoked"} for one in wish.accesses),
            *arguments,
        )
    )


async def find_game(
    reader: Database | Transaction, account_id: UUID, app_id: UUID, now: datetime
) -> ShelfGame | None:
    """Return an app if the account has it, may borrow it, or had it."""
    return await reader.fetch_one(
        f"""
        {_SHELF}, page AS (
            SELECT s.*, NULL::text AS rank_text, NULL::bigint AS rank_number, NULL::timestamptz AS rank_moment
            FROM shelf s WHERE s.app_id = $5
        )
        {_SHOWN}
        """,  # noqa: S608  parts of our own
        account_id,
        now,
        True,
        ["owned", "trial", "family", "expired", "revoked"],
        app_id,
        into=Found,
    )


async def licences_of_game(
    reader: Database | Transaction, account_id: UUID, app_id: UUID
) -> list[HeldLicence]:
    """Return the licences that open an app for an account, or did, the oldest first."""
    return await reader.fetch(
        """
        SELECT id AS licence_id, package_id, kind, granted_at, expires_at, revoked_at, revoke_reason
        FROM licences
        WHERE account_id = $1 AND $2 = ANY(app_ids) AND revoked_at IS DISTINCT FROM granted_at
        ORDER BY granted_at, id
        """,
        account_id,
        app_id,
        into=HeldLicence,
    )


async def put_marks(
    tx: Transaction, account_id: UUID, app_id: UUID, *, is_hidden: bool | None, is_favourite: bool | None
) -> None:
    """Keep what a player says of a game; none leaves it as it is."""
    await tx.execute(
        """
        INSERT INTO shelf_marks AS m (account_id, app_id, is_hidden, is_favourite)
        VALUES ($1, $2, coalesce($3, false), coalesce($4, false))
        ON CONFLICT (account_id, app_id) DO UPDATE
        SET is_hidden = coalesce($3, m.is_hidden), is_favourite = coalesce($4, m.is_favourite)
        """,
        account_id,
        app_id,
        is_hidden,
        is_favourite,
    )
