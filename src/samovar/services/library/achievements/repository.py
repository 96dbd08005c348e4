"""The SQL of definitions: what there is to achieve."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.library.achievements.domain import StatKind, Trust
from samovar.services.library.achievements.schemas import Achievement, Stat, Texts, Titles


class Head(msgspec.Struct, frozen=True, kw_only=True):
    """The definition of a game as a whole."""

    version: int
    changed_at: datetime


class DefinedAchievement(msgspec.Struct, frozen=True, kw_only=True):
    """A row of an achievement; see `schemas.Achievement`."""

    key: str
    title: Titles
    text: Texts
    icon: str | None
    locked_icon: str | None
    is_hidden: bool
    target: int | None
    trust: Trust
    is_retired: bool


class DefinedStat(msgspec.Struct, frozen=True, kw_only=True):
    """A row of a stat; see `schemas.Stat`."""

    key: str
    title: Titles
    kind: StatKind
    min: float | None
    max: float | None
    max_change: float | None
    initial: float
    window_s: int | None
    is_increment_only: bool
    trust: Trust
    is_retired: bool


async def lock_definition(tx: Transaction, app_id: UUID) -> None:
    """Let the definition of one game be changed by one at a time."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('achievements of ' || $1, 0))", str(app_id)
    )


async def find_head(reader: Database | Transaction, app_id: UUID) -> Head | None:
    """Return the version of a game's definition."""
    return await reader.fetch_one(
        "SELECT version, changed_at FROM achievement_schemas WHERE app_id = $1", app_id, into=Head
    )


async def list_achievements(reader: Database | Transaction, app_id: UUID) -> list[DefinedAchievement]:
    """Return all achievements of a game in their order, retired ones last: there is a limit to them."""
    return await reader.fetch(
        """
        SELECT key, title, text, icon, locked_icon, is_hidden, target, trust, is_retired FROM achievements
        WHERE app_id = $1 ORDER BY is_retired, place, key
        """,
        app_id,
        into=DefinedAchievement,
    )


async def find_achievement(tx: Transaction, app_id: UUID, key: str) -> DefinedAchievement | None:
    """Return an achievement of a game."""
    return await tx.fetch_one(
        """
        SELECT key, title, text, icon, locked_icon, is_hidden, target, trust, is_retired FROM achievements
        WHERE app_id = $1 AND key = $2
        """,
        app_id,
        key,
        into=DefinedAchievement,
    )


async def list_stats(reader: Database | Transaction, app_id: UUID) -> list[DefinedStat]:
    """Return all stats of a game in their order, retired ones last: there is a limit to them."""
    return await reader.fetch(
        """
        SELECT key, title, kind, min, max, max_change, initial, window_s, is_increment_only, trust, is_retired FROM stats
        WHERE app_id = $1 ORDER BY is_retired, place, key
        """,
        app_id,
        into=DefinedStat,
    )


async def put_head(tx: Transaction, app_id: UUID, version: int, now: datetime) -> None:
    """Keep that a game's definition has this version."""
    await tx.execute(
        """
        INSERT INTO achievement_schemas (app_id, version, changed_at) VALUES ($1, $2, $3)
        ON CONFLICT (app_id) DO UPDATE SET version = excluded.version, changed_at = excluded.changed_at
        """,
        app_id,
        version,
        now,
    )


async def put_achievements(tx: Transaction, app_id: UUID, achievements: Sequence[Achievement]) -> None:
    """Let a game have these achievements in this order; all others are retired."""
    await tx.execute(
        "UPDATE achievements SET is_retired = true WHERE app_id = $1 AND NOT is_retired AND key <> ALL($2::text[])",
        app_id,
        [one.key for one in achievements],
    )
    await tx.execute(
        """
        INSERT INTO achievements (app_id, key, place, title, text, icon, locked_icon, is_hidden, target, trust)
        SELECT $1, key, place, title, text, icon, locked_icon, is_hidden, target, trust
        FROM jsonb_to_recordset($2) AS n (
            key text, place integer, title jsonb, text jsonb, icon text, locked_icon text, is_hidden boolean, target bigint,
            trust text
        )
        ON CONFLICT (app_id, key) DO UPDATE
        SET place = excluded.place, title = excluded.title, text = excluded.text, icon = excluded.icon,
            locked_icon = excluded.locked_icon, is_hidden = excluded.is_hidden, target = excluded.target,
            trust = excluded.trust, is_retired = false
        """,
        app_id,
        _placed(achievements),
    )


async def put_stats(tx: Transaction, app_id: UUID, stats: Sequence[Stat]) -> None:
    """Let a game have these stats in this order; all others are retired."""
    await tx.execute(
        "UPDATE stats SET is_retired = true WHERE app_id = $1 AND NOT is_retired AND key <> ALL($2::text[])",
        app_id,
        [one.key for one in stats],
    )
    await tx.execute(
        """
        INSERT INTO stats (
            app_id, key, place, title, kind, min, max, max_change, initial, window_s, is_increment_only, trust
        )
        SELECT $1, key, place, title, kind, min, max, max_change, initial, window_s, is_increment_only, trust
        FROM jsonb_to_recordset($2) AS n (
            key text, place integer, title jsonb, kind text, min double precision, max double precision,
            max_change double precision, initial double precision, window_s integer, is_increment_only boolean, trust text
        )
        ON CONFLICT (app_id, key) DO UPDATE
        SET place = excluded.place, title = excluded.title, min = excluded.min, max = excluded.max,
            max_change = excluded.max_change, initial = excluded.initial, window_s = excluded.window_s,
            is_increment_only = excluded.is_increment_only, trust = excluded.trust, is_retired = false
        """,
        app_id,
        _placed(stats),
    )


def _placed(things: Sequence[Achievement] | Sequence[Stat]) -> list[dict[str, Any]]:
    return [msgspec.to_builtins(one) | {"place": place} for place, one in enumerate(things)]
