"""The SQL of what players have achieved."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.library.achievements.domain import StatValue


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far a player is with an achievement."""

    key: str
    progress: int
    unlocked_at: datetime | None


class Row(Progress, frozen=True, kw_only=True):
    """An achievement of a game beside what a player has of it."""

    title: dict[str, str]
    text: dict[str, str]
    icon: str | None
    locked_icon: str | None
    is_hidden: bool
    target: int | None
    unlocked_players: int
    players: int


class KeptStat(StatValue, frozen=True, kw_only=True):
    """A stat of a player."""

    key: str


async def lock_player(tx: Transaction, account_id: UUID, app_id: UUID) -> None:
    """Let what one account achieves in one game be written one after the other."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('achievements ' || $1 || $2, 0))",
        str(account_id),
        str(app_id),
    )


async def list_achievements(database: Database, account_id: UUID, app_id: UUID) -> list[Row]:
    """Return the achievements of a game in their order, retired ones last and only where the player has them."""
    return await database.fetch(
        """
        SELECT a.key, a.title, a.text, a.icon, a.locked_icon, a.is_hidden, a.target, coalesce(p.progress, 0) AS progress,
            p.unlocked_at, a.unlocked_players, a.players
        FROM achievements a
        LEFT JOIN player_achievements p ON p.account_id = $1 AND p.app_id = a.app_id AND p.key = a.key
        WHERE a.app_id = $2 AND (NOT a.is_retired OR p.unlocked_at IS NOT NULL)
        ORDER BY a.is_retired, a.place, a.key
        """,
        account_id,
        app_id,
        into=Row,
    )


async def find_progress(tx: Transaction, account_id: UUID, app_id: UUID, key: str) -> Progress | None:
    """Return how far a player is."""
    return await tx.fetch_one(
        "SELECT key, progress, unlocked_at FROM player_achievements WHERE account_id = $1 AND app_id = $2 AND key = $3",
        account_id,
        app_id,
        key,
        into=Progress,
    )


async def put_progress(
    tx: Transaction, account_id: UUID, app_id: UUID, progress: Progress, now: datetime
) -> None:
    """Keep how far a player is. The player is locked."""
    await tx.execute(
        """
        INSERT INTO player_achievements (account_id, app_id, key, progress, unlocked_at, told_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (account_id, app_id, key) DO UPDATE
        SET progress = excluded.progress, unlocked_at = excluded.unlocked_at, told_at = excluded.told_at
        """,
        account_id,
        app_id,
        progress.key,
        progress.progress,
        progress.unlocked_at,
        now,
    )


async def list_stats(reader: Database | Transaction, account_id: UUID, app_id: UUID) -> list[KeptStat]:
    """Return what a player has of the stats of a game."""
    return await reader.fetch(
        """
        SELECT key, value, count, length_s, last_update_id FROM player_stats WHERE account_id = $1 AND app_id = $2
        """,
        account_id,
        app_id,
        into=KeptStat,
    )


async def put_stats(
    tx: Transaction, account_id: UUID, app_id: UUID, stats: Sequence[KeptStat], now: datetime
) -> None:
    """Keep what a player has of stats. The player is locked."""
    await tx.execute(
        """
        INSERT INTO player_stats (account_id, app_id, key, value, count, length_s, last_update_id, changed_at)
        SELECT $1, $2, key, value, count, length_s, last_update_id, $4
        FROM jsonb_to_recordset($3) AS n (
            key text, value double precision, count double precision, length_s double precision, last_update_id uuid
        )
        ON CONFLICT (account_id, app_id, key) DO UPDATE
        SET value = excluded.value, count = excluded.count, length_s = excluded.length_s,
            last_update_id = excluded.last_update_id, changed_at = excluded.changed_at
        """,
        account_id,
        app_id,
        stats,
        now,
    )


async def forget(tx: Transaction, account_id: UUID, app_id: UUID) -> None:
    """Forget all that a player has achieved in a game."""
    await tx.execute(
        "DELETE FROM player_achievements WHERE account_id = $1 AND app_id = $2", account_id, app_id
    )
    await tx.execute("DELETE FROM player_stats WHERE account_id = $1 AND app_id = $2", account_id, app_id)


async def count_some(tx: Transaction, counted_before: datetime, now: datetime, limit: int) -> int:
    """Count anew how many have the achievements of some games; return how many games those were."""
    return await tx.execute(
        """
        WITH due AS (
            SELECT app_id FROM achievement_schemas WHERE counted_at < $1
            ORDER BY counted_at, app_id LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED
        ), played AS (
            SELECT e.app_id, count(*) AS players FROM library_entries e JOIN due ON due.app_id = e.app_id
            WHERE e.first_played_at IS NOT NULL GROUP BY e.app_id
        ), unlocked AS (
            SELECT p.app_id, p.key, count(*) AS players FROM player_achievements p JOIN due ON due.app_id = p.app_id
            WHERE p.unlocked_at IS NOT NULL GROUP BY p.app_id, p.key
        ), counted AS (
            UPDATE achievements a
            SET unlocked_players = coalesce(u.players, 0), players = coalesce(played.players, 0)
            FROM due
            LEFT JOIN played ON played.app_id = due.app_id
            JOIN achievements k ON k.app_id = due.app_id
            LEFT JOIN unlocked u ON u.app_id = k.app_id AND u.key = k.key
            WHERE a.app_id = k.app_id AND a.key = k.key
                AND (a.unlocked_players, a.players) IS DISTINCT FROM (coalesce(u.players, 0), coalesce(played.players, 0))
        )
        UPDATE achievement_schemas s SET counted_at = $2 FROM due WHERE s.app_id = due.app_id
        """,
        counted_before,
        now,
        limit,
    )
