"""The SQL of attention."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.attention.schemas import ViewDay, Views, WishChange, WishDay


async def count_wishes(
    tx: Transaction, app_ids: Sequence[UUID], change: WishChange, *, day: date, shard: int
) -> None:
    """Count that each of these apps was put on a list, or left one."""
    await tx.execute(
        f"""
        INSERT INTO wish_days AS d (app_id, day, shard, {change})
        SELECT app_id, $2, $3, 1 FROM unnest($1::uuid[]) AS app_id ORDER BY app_id
        ON CONFLICT (app_id, day, shard) DO UPDATE SET {change} = d.{change} + 1
        """,  # noqa: S608  one of three names
        list(app_ids),
        day,
        shard,
    )


async def add_views(tx: Transaction, counted: Sequence[Views]) -> None:
    """Add what a process has counted."""
    await tx.execute(
        """
        INSERT INTO view_days AS d (app_id, day, source, views, visitors)
        SELECT app_id, day, source, views, visitors
        FROM jsonb_to_recordset($1) AS n (app_id uuid, day date, source text, views bigint, visitors bigint)
        ORDER BY app_id, day, source
        ON CONFLICT (app_id, day, source) DO UPDATE
        SET views = d.views + excluded.views, visitors = d.visitors + excluded.visitors
        """,
        list(counted),
    )


async def list_wish_days(database: Database, app_id: UUID, since: date, until: date) -> list[WishDay]:
    """Return the days on which lists changed, both ends counted in."""
    return await database.fetch(
        """
        SELECT day, sum(added)::bigint AS added, sum(removed)::bigint AS removed, sum(bought)::bigint AS bought
        FROM wish_days WHERE app_id = $1 AND day BETWEEN $2 AND $3 GROUP BY day ORDER BY day
        """,
        app_id,
        since,
        until,
        into=WishDay,
    )


async def list_view_days(database: Database, app_id: UUID, since: date, until: date) -> list[ViewDay]:
    """Return the days and sources with views, both ends counted in."""
    return await database.fetch(
        """
        SELECT day, source, views, visitors FROM view_days
        WHERE app_id = $1 AND day BETWEEN $2 AND $3 ORDER BY day, source
        """,
        app_id,
        since,
        until,
        into=ViewDay,
    )
