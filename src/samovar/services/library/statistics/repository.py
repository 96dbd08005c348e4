"""The SQL of statistics."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.services.library.statistics.domain import Period, Unit
from samovar.services.library.statistics.schemas import DevicePlayed, GamePlayed, Step

# $1 is the account, $2 and $3 the period. There is an index by account; all spans of one account are few enough to be read.
_SPANS = """
    WITH spans AS (
        SELECT app_id, greatest(started_at, $2) AS started_at, least(ended_at, $3) AS ended_at
        FROM played_spans
        WHERE account_id = $1 AND ended_at > $2 AND started_at < $3
    )
"""


class Sums(msgspec.Struct, frozen=True, kw_only=True):
    """What was played in all."""

    seconds: int
    games: int


async def list_steps(database: Database, account_id: UUID, period: Period, unit: Unit) -> list[Step]:
    """Return what was played in each step of a period, the earliest first."""
    return await database.fetch(
        f"""
        {_SPANS}, here AS (
            SELECT app_id, (started_at AT TIME ZONE 'UTC') + $4::interval AS began, (ended_at AT TIME ZONE 'UTC') + $4 AS ended
            FROM spans
        ), pieces AS (
            SELECT h.app_id, step, least(h.ended, step + ('1 ' || $5::text)::interval) - greatest(h.began, step) AS length
            FROM here h
            CROSS JOIN generate_series(
                date_trunc($5, h.began), h.ended - interval '1 microsecond', ('1 ' || $5)::interval
            ) AS step
        )
        SELECT step::date AS since, floor(extract(epoch FROM sum(length)) / 60)::bigint AS minutes, count(DISTINCT app_id) AS games
        FROM pieces GROUP BY step ORDER BY step
        """,  # noqa: S608  parts of our own
        account_id,
        period.begin,
        period.end,
        period.offset,
        unit,
        into=Step,
    )


async def sum_period(database: Database, account_id: UUID, period: Period) -> Sums:
    """Return how much was played in a period."""
    found = await database.fetch_one(
        f"""
        {_SPANS}
        SELECT coalesce(extract(epoch FROM sum(ended_at - started_at)), 0)::bigint AS seconds, count(DISTINCT app_id) AS games
        FROM spans
        """,  # noqa: S608  parts of our own
        account_id,
        period.begin,
        period.end,
        into=Sums,
    )
    return found or Sums(seconds=0, games=0)


async def list_games(database: Database, account_id: UUID, period: Period, limit: int) -> list[GamePlayed]:
    """Return the games that were played in a period, the longest played first."""
    return await database.fetch(
        f"""
        {_SPANS}, games AS (
            SELECT app_id, extract(epoch FROM sum(ended_at - started_at))::bigint AS seconds FROM spans GROUP BY app_id
            ORDER BY seconds DESC, app_id LIMIT $4
        )
        SELECT g.app_id AS game_id, jsonb_strip_nulls(jsonb_build_object('ru', a.title_ru, 'en', a.title_en)) AS titles,
            g.seconds / 60 AS minutes, coalesce(e.played_s + e.brought_s, g.seconds) / 60 AS all_minutes, e.last_played_at
        FROM games g
        LEFT JOIN app_copies a ON a.app_id = g.app_id
        LEFT JOIN library_entries e ON e.account_id = $1 AND e.app_id = g.app_id
        ORDER BY g.seconds DESC, g.app_id
        """,  # noqa: S608  parts of our own
        account_id,
        period.begin,
        period.end,
        limit,
        into=GamePlayed,
    )


async def list_devices(
    database: Database, account_id: UUID, begin: datetime, end: datetime, limit: int
) -> list[DevicePlayed]:
    """Return the devices whose sessions began in a period, the longest used first."""
    return await database.fetch(
        """
        SELECT device_id, floor(extract(epoch FROM sum(last_beat_at - started_at)) / 60)::bigint AS minutes, count(*) AS sessions,
            max(last_beat_at) AS last_played_at
        FROM play_sessions
        WHERE account_id = $1 AND started_at >= $2 AND started_at < $3
        GROUP BY device_id
        ORDER BY sum(last_beat_at - started_at) DESC, device_id
        LIMIT $4
        """,
        account_id,
        begin,
        end,
        limit,
        into=DevicePlayed,
    )


async def sum_all(database: Database, account_id: UUID) -> Sums:
    """Return how much an account has ever played."""
    found = await database.fetch_one(
        """
        SELECT coalesce(sum(played_s + brought_s), 0)::bigint AS seconds,
            count(*) FILTER (WHERE played_s + brought_s > 0) AS games
        FROM library_entries WHERE account_id = $1
        """,
        account_id,
        into=Sums,
    )
    return found or Sums(seconds=0, games=0)
