"""The SQL of the counts of reviews. Whoever changes them holds the rows of `review_scores` first, in the order of the apps."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.reviews.domain import Delta

Reader = Database | Transaction
K = TypeVar("K", tuple[UUID, date, str], tuple[UUID, str])


class ScoreRow(msgspec.Struct, frozen=True, kw_only=True):
    """The counts of an app."""

    app_id: UUID
    reviews: int
    positive: int
    negative: int
    positive_30d: int
    negative_30d: int
    recent_on: date
    version: int


class RecentRow(msgspec.Struct, frozen=True):
    """The counts of the window."""

    app_id: UUID
    positive: int
    negative: int


class LanguageRow(msgspec.Struct, frozen=True):
    """The counts in one language."""

    app_id: UUID
    language: str
    positive: int
    negative: int


_COLUMNS = "app_id, reviews, positive, negative, positive_30d, negative_30d, recent_on, version"


_GROW_DAYS = """
    INSERT INTO review_days AS d (app_id, day, language, positive, negative)
    SELECT * FROM unnest($1::uuid[], $2::date[], $3::text[], $4::int[], $5::int[])
    ON CONFLICT (app_id, day, language) DO UPDATE
    SET positive = d.positive + excluded.positive, negative = d.negative + excluded.negative
"""
_CHANGE_DAYS = """
    UPDATE review_days d SET positive = d.positive + one.positive, negative = d.negative + one.negative
    FROM unnest($1::uuid[], $2::date[], $3::text[], $4::int[], $5::int[]) AS one (app_id, day, language, positive, negative)
    WHERE d.app_id = one.app_id AND d.day = one.day AND d.language = one.language
"""
_GROW_LANGUAGES = """
    INSERT INTO review_language_scores AS s (app_id, language, positive, negative)
    SELECT * FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[])
    ON CONFLICT (app_id, language) DO UPDATE
    SET positive = s.positive + excluded.positive, negative = s.negative + excluded.negative
"""
_CHANGE_LANGUAGES = """
    UPDATE review_language_scores s SET positive = s.positive + one.positive, negative = s.negative + one.negative
    FROM unnest($1::uuid[], $2::text[], $3::int[], $4::int[]) AS one (app_id, language, positive, negative)
    WHERE s.app_id = one.app_id AND s.language = one.language
"""


async def hold_scores(tx: Transaction, app_ids: Sequence[UUID]) -> list[ScoreRow]:
    """Return the counts of apps, sorted ids given, and keep others from changing them; an app without a row gets one."""
    return await tx.fetch(
        f"""
        INSERT INTO review_scores (app_id, version) SELECT id, 1 FROM unnest($1::uuid[]) AS id ORDER BY id
        ON CONFLICT (app_id) DO UPDATE SET version = review_scores.version + 1
        RETURNING {_COLUMNS}
        """,  # noqa: S608  constants
        list(app_ids),
        into=ScoreRow,
    )


async def add_to_days(tx: Transaction, deltas: Mapping[tuple[UUID, date, str], Delta]) -> None:
    """Change the counts of days. What is taken away was counted before, so its row is there."""
    for sql, keys in ((_GROW_DAYS, _grown(deltas)), (_CHANGE_DAYS, _shrunk(deltas))):
        await _run(
            tx, sql, [list(column) for column in zip(*keys, strict=True)], [deltas[key] for key in keys]
        )


async def add_to_languages(tx: Transaction, deltas: Mapping[tuple[UUID, str], Delta]) -> None:
    """Change the counts of languages, as those of days."""
    for sql, keys in ((_GROW_LANGUAGES, _grown(deltas)), (_CHANGE_LANGUAGES, _shrunk(deltas))):
        await _run(
            tx, sql, [list(column) for column in zip(*keys, strict=True)], [deltas[key] for key in keys]
        )


async def _run(tx: Transaction, sql: str, columns: Sequence[list[Any]], deltas: Sequence[Delta]) -> None:
    if deltas:
        await tx.execute(
            sql, *columns, [delta.positive for delta in deltas], [delta.negative for delta in deltas]
        )


def _grown(deltas: Mapping[K, Delta]) -> list[K]:
    return sorted(key for key, delta in deltas.items() if min(delta.positive, delta.negative) >= 0)


def _shrunk(deltas: Mapping[K, Delta]) -> list[K]:
    return sorted(key for key, delta in deltas.items() if min(delta.positive, delta.negative) < 0)


async def sum_recent(tx: Transaction, app_ids: Sequence[UUID], since: date, until: date) -> list[RecentRow]:
    """Return what the days from `since` to `until` hold; an app of which they hold nothing is not there."""
    return await tx.fetch(
        """
        SELECT app_id, sum(positive)::int AS positive, sum(negative)::int AS negative FROM review_days
        WHERE app_id = ANY($1::uuid[]) AND day BETWEEN $2 AND $3 GROUP BY app_id
        """,
        list(app_ids),
        since,
        until,
        into=RecentRow,
    )


async def update_scores(tx: Transaction, scores: Sequence[ScoreRow], ratings: Sequence[int]) -> None:
    """Write the counts of apps."""
    await tx.execute(
        """
        UPDATE review_scores s
        SET reviews = one.reviews, positive = one.positive, negative = one.negative, positive_30d = one.positive_30d,
            negative_30d = one.negative_30d, recent_on = one.recent_on, rating = one.rating
        FROM unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[], $6::int[], $7::date[], $8::int[])
            AS one (app_id, reviews, positive, negative, positive_30d, negative_30d, recent_on, rating)
        WHERE s.app_id = one.app_id
        """,
        [score.app_id for score in scores],
        [score.reviews for score in scores],
        [score.positive for score in scores],
        [score.negative for score in scores],
        [score.positive_30d for score in scores],
        [score.negative_30d for score in scores],
        [score.recent_on for score in scores],
        list(ratings),
    )


async def list_overdue(tx: Transaction, today: date, limit: int) -> list[UUID]:
    """Return apps whose window has not moved to today and may hold something that falls out of it; those in hand are left out."""
    found: list[UUID] | None = await tx.fetch_value(
        """
        SELECT array_agg(app_id) FROM (
            SELECT app_id FROM review_scores WHERE recent_on < $1 AND positive_30d + negative_30d > 0
            ORDER BY app_id LIMIT $2 FOR UPDATE SKIP LOCKED
        ) AS overdue
        """,
        today,
        limit,
    )
    return found or []


async def list_scores(database: Reader, app_ids: Sequence[UUID]) -> list[ScoreRow]:
    """Return the counts of apps; one without reviews may be missing."""
    return await database.fetch(
        f"SELECT {_COLUMNS} FROM review_scores WHERE app_id = ANY($1::uuid[])",  # noqa: S608  constants
        list(app_ids),
        into=ScoreRow,
    )


async def list_languages(database: Reader, app_id: UUID) -> list[LanguageRow]:
    """Return the counts of an app in each language that there is."""
    return await database.fetch(
        "SELECT app_id, language, positive, negative FROM review_language_scores WHERE app_id = $1",
        app_id,
        into=LanguageRow,
    )
