"""The SQL of news."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.catalog.domain import AppKind, AppState, Availability, Stage


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """An app, and how far it was before; none: it is seen for the first time."""

    kind: AppKind
    released_on: date | None
    was_shown: bool | None
    stage_before: Stage | None


class NewsApp(msgspec.Struct, frozen=True, kw_only=True):
    """What decides who hears of an app."""

    state: AppState
    age_rating: int
    visible: Availability | None


class AlertRow(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of news, and how far it is told."""

    id: UUID
    app_id: UUID
    cause: str
    percent: int | None
    began_at: datetime
    told_up_to: UUID | None


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who waits for news.

    Attributes:
        age_level: None where nobody knows.
        creator_id: Whom they follow, where that is why.
    """

    account_id: UUID
    age_level: int | None
    country: str | None
    creator_id: UUID | None = None


async def step(tx: Transaction, app_id: UUID, *, version: int, is_shown: bool, stage: Stage) -> Step | None:
    """Keep how far an app has come, and return how far it was; none where this is older than what is known.

    One statement: an import brings hundreds of thousands of pages, and nobody waits for most of them.
    """
    return await tx.fetch_one(
        """
        WITH known AS MATERIALIZED (
            SELECT version, is_shown, stage FROM wish_stages WHERE app_id = $1 FOR UPDATE
        ), kept AS (
            INSERT INTO wish_stages (app_id, version, is_shown, stage)
            SELECT $1, $2, $3, $4 WHERE NOT EXISTS (SELECT FROM known WHERE version >= $2)
            ON CONFLICT (app_id) DO UPDATE
            SET version = excluded.version, is_shown = excluded.is_shown, stage = excluded.stage
            WHERE wish_stages.version < excluded.version
            RETURNING app_id
        )
        SELECT a.kind, a.released_on, known.is_shown AS was_shown, known.stage AS stage_before
        FROM kept JOIN apps a ON a.id = kept.app_id LEFT JOIN known ON true
        """,
        app_id,
        version,
        is_shown,
        stage,
        into=Step,
    )


async def find_news_app(tx: Transaction, app_id: UUID) -> NewsApp | None:
    """Return an app, as far as news of it needs it."""
    return await tx.fetch_one(
        "SELECT state, age_rating, visible FROM apps WHERE id = $1", app_id, into=NewsApp
    )


async def is_standard_package(tx: Transaction, package_id: UUID) -> bool:
    """Return whether a package is the one whose price lists show."""
    return bool(await tx.fetch_value("SELECT place = 0 FROM packages WHERE id = $1", package_id))


async def begin_alert(tx: Transaction, alert: AlertRow) -> None:
    """Begin to tell of a cause, unless it was begun before, or nobody who could be told wants the app."""
    await tx.execute(
        """
        INSERT INTO wish_alerts (id, app_id, cause, percent, began_at)
        SELECT $1, $2, $3, $4, $5 WHERE EXISTS (SELECT FROM wishes WHERE app_id = $2)
        ON CONFLICT (app_id, cause) DO NOTHING
        """,
        alert.id,
        alert.app_id,
        alert.cause,
        alert.percent,
        alert.began_at,
    )


async def begin_creator_alert(tx: Transaction, alert: AlertRow) -> None:
    """Begin to tell the followers of an app's creators, unless it was begun before, or there is none."""
    await tx.execute(
        """
        INSERT INTO wish_alerts (id, app_id, cause, began_at)
        SELECT $1, $2, $3, $4 WHERE EXISTS (
            SELECT FROM app_creators c JOIN followed_creators f ON f.creator_id = c.creator_id WHERE c.app_id = $2
        )
        ON CONFLICT (app_id, cause) DO NOTHING
        """,
        alert.id,
        alert.app_id,
        alert.cause,
        alert.began_at,
    )


async def lock_open_alert(tx: Transaction) -> AlertRow | None:
    """Return a piece of news that is not told to the end, the oldest first, which nobody else has in hand."""
    return await tx.fetch_one(
        """
        SELECT id, app_id, cause, percent, began_at, told_up_to FROM wish_alerts
        WHERE done_at IS NULL ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
        """,
        into=AlertRow,
    )


async def list_wishing(tx: Transaction, alert: AlertRow, limit: int) -> list[Waiting]:
    """Return the next of those who wanted the app before this happened, in the order of their ids."""
    return await tx.fetch(
        """
        SELECT w.account_id, v.age_level, v.country
        FROM wishes w LEFT JOIN viewers v ON v.account_id = w.account_id
        WHERE w.app_id = $1 AND w.added_at <= $2 AND ($3::uuid IS NULL OR w.account_id > $3)
        ORDER BY w.account_id LIMIT $4
        """,
        alert.app_id,
        alert.began_at,
        alert.told_up_to,
        limit,
        into=Waiting,
    )


async def list_following(tx: Transaction, alert: AlertRow, limit: int) -> list[Waiting]:
    """Return the next of those who followed a creator of the app before this happened, each once, in the order of their ids."""
    return await tx.fetch(
        """
        SELECT DISTINCT ON (f.account_id)
            f.account_id, f.creator_id, v.age_level, v.country
        FROM app_creators c
        JOIN followed_creators f ON f.creator_id = c.creator_id
        LEFT JOIN viewers v ON v.account_id = f.account_id
        WHERE c.app_id = $1 AND f.since <= $2 AND ($3::uuid IS NULL OR f.account_id > $3)
          AND NOT EXISTS (SELECT FROM ignored_apps i WHERE i.account_id = f.account_id AND i.app_id = $1)
        ORDER BY f.account_id, f.creator_id LIMIT $4
        """,
        alert.app_id,
        alert.began_at,
        alert.told_up_to,
        limit,
        into=Waiting,
    )


async def update_alert(
    tx: Transaction, alert_id: UUID, *, told_up_to: UUID | None, done_at: datetime | None
) -> None:
    """Keep how far a piece of news is told."""
    await tx.execute(
        "UPDATE wish_alerts SET told_up_to = $2, done_at = $3 WHERE id = $1", alert_id, told_up_to, done_at
    )


def last_of(waiting: Sequence[Waiting]) -> UUID | None:
    """Return up to whom a page tells."""
    return waiting[-1].account_id if waiting else None
