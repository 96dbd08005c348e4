"""The SQL of sums."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction


class PlaySum(msgspec.Struct, frozen=True):
    """How much an app was played in a span of time.

    Attributes:
        place: Of the span, from 0.
        sessions: How often somebody began to play; time without a break is one, on however many devices.
        median_s: As many players played longer as shorter.
    """

    place: int
    players: int
    sessions: int
    seconds: int
    median_s: int


class _New(PlaySum, frozen=True, kw_only=True):
    app_id: UUID
    since: datetime
    until: datetime


async def count(reader: Database | Transaction, app_id: UUID, bounds: Sequence[datetime]) -> list[PlaySum]:
    """Count how much an app was played between each two of these moments; spans in which nobody did are left out."""
    return await reader.fetch(
        """
        WITH cut AS (
            SELECT account_id, started_at, ended_at,
                generate_series(
                    greatest(width_bucket(started_at, $4::timestamptz[]), 1),
                    least(width_bucket(ended_at - '1 microsecond'::interval, $4::timestamptz[]), cardinality($4::timestamptz[]) - 1)
                ) AS place
            FROM played_spans WHERE app_id = $1 AND ended_at > $2 AND started_at < $3
        ), pieces AS (
            SELECT account_id, place, sum((started_at >= ($4::timestamptz[])[place])::integer) AS sessions,
                -- Whole seconds: a double holds them exactly, and is added up at a fraction of a numeric's cost.
                sum(date_part('epoch',
                    least(ended_at, ($4::timestamptz[])[place + 1]) - greatest(started_at, ($4::timestamptz[])[place])
                )::bigint)::bigint AS seconds
            FROM cut GROUP BY account_id, place
        )
        SELECT place - 1 AS place, count(*) AS players, sum(sessions)::bigint AS sessions, sum(seconds)::bigint AS seconds,
            percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds) AS median_s
        FROM pieces GROUP BY place ORDER BY place
        """,
        app_id,
        bounds[0],
        bounds[-1],
        list(bounds),
        into=PlaySum,
    )


async def count_whole(
    reader: Database | Transaction, app_id: UUID, since: datetime, until: datetime
) -> list[PlaySum]:
    """Count how much an app was played in one span, as `count` does, at half its cost; nothing where nobody did."""
    return await reader.fetch(
        """
        SELECT 0 AS place, count(*) AS players, sum(sessions)::bigint AS sessions, sum(seconds)::bigint AS seconds,
            (percentile_disc(0.5) WITHIN GROUP (ORDER BY seconds))::bigint AS median_s
        FROM (
            SELECT account_id, count(*) FILTER (WHERE started_at >= $2) AS sessions,
                sum(date_part('epoch', least(ended_at, $3) - greatest(started_at, $2))) AS seconds
            FROM played_spans WHERE app_id = $1 AND ended_at > $2 AND started_at < $3 GROUP BY account_id
        ) players
        HAVING count(*) > 0
        """,
        app_id,
        since,
        until,
        into=PlaySum,
    )


async def list_kept(database: Database, app_id: UUID, bounds: Sequence[datetime]) -> list[PlaySum]:
    """Return what is known already of spans between each two of these moments, also that nobody played."""
    return await database.fetch(
        """
        SELECT w.place - 1 AS place, s.players, s.sessions, s.seconds, s.median_s
        FROM unnest($2::timestamptz[], $3::timestamptz[]) WITH ORDINALITY AS w (since, until, place)
        JOIN play_sums s ON s.app_id = $1 AND s.since = w.since AND s.until = w.until
        ORDER BY w.place
        """,
        app_id,
        list(bounds[:-1]),
        list(bounds[1:]),
        into=PlaySum,
    )


async def try_lock(tx: Transaction, app_id: UUID) -> bool:
    """Return whether nobody tells of play of an app later, or keeps sums of it, at this moment; nobody does until the end of the transaction."""
    return bool(
        await tx.fetch_value(
            "SELECT pg_try_advisory_xact_lock(hashtextextended('play sums ' || $1, 0))", str(app_id)
        )
    )


async def keep(tx: Transaction, app_id: UUID, bounds: Sequence[datetime], sums: Sequence[PlaySum]) -> None:
    """Keep what was counted between each two of these moments; a span without a sum is one in which nobody played."""
    by_place = {one.place: one for one in sums}
    nobody = PlaySum(place=0, players=0, sessions=0, seconds=0, median_s=0)
    rows = []
    for place, (since, until) in enumerate(pairwise(bounds)):
        fields = msgspec.structs.asdict(by_place.get(place, nobody))
        rows.append(_New(**fields, app_id=app_id, since=since, until=until))
    await tx.execute(
        """
        INSERT INTO play_sums (app_id, since, until, players, sessions, seconds, median_s)
        SELECT app_id, since, until, players, sessions, seconds, median_s
        FROM jsonb_to_recordset($1) AS new (
            app_id uuid, since timestamptz, until timestamptz, players bigint, sessions bigint, seconds bigint, median_s bigint
        )
        ON CONFLICT (app_id, since, until) DO NOTHING
        """,
        rows,
    )
