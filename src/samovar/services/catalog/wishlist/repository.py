"""The SQL of wishlists."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.domain import Language
from samovar.services.catalog.wishlist.domain import Wish

Reader = Database | Transaction


class MarksRow(msgspec.Struct, frozen=True):
    """What somebody has to do with apps and creators."""

    owned: list[UUID]
    wishlisted: list[UUID]
    ignored: list[UUID]
    followed: list[UUID]


class Holder(msgspec.Struct, frozen=True):
    """How much somebody keeps in their lists."""

    wishes: int
    ignored: int
    followed: int


class Ranked(msgspec.Struct, frozen=True):
    """A game of a list."""

    app_id: UUID
    rank: int
    added_at: datetime


class IgnoredRow(msgspec.Struct, frozen=True):
    """A game that is not wanted."""

    app_id: UUID
    since: datetime


class SinceKey(msgspec.Struct, frozen=True):
    """Where a page of the latest ends."""

    since: datetime
    id: UUID


class _Id(msgspec.Struct, frozen=True):
    app_id: UUID


async def find_marks(database: Reader, account_id: UUID) -> MarksRow:
    """Return all that somebody owns, wants, ignores and follows."""
    found = await database.fetch_one(
        """
        SELECT
            ARRAY(SELECT app_id FROM owned_apps WHERE account_id = $1) AS owned,
            ARRAY(SELECT app_id FROM wishes WHERE account_id = $1) AS wishlisted,
            ARRAY(SELECT app_id FROM ignored_apps WHERE account_id = $1) AS ignored,
            ARRAY(SELECT creator_id FROM followed_creators WHERE account_id = $1) AS followed
        """,
        account_id,
        into=MarksRow,
    )
    return found or MarksRow([], [], [], [])


async def hold(tx: Transaction, account_id: UUID) -> Holder:
    """Return how much somebody keeps, and keep their other requests from changing it."""
    found = await tx.fetch_one(
        """
        INSERT INTO wishers (account_id) VALUES ($1)
        ON CONFLICT (account_id) DO UPDATE SET account_id = excluded.account_id
        RETURNING wishes, ignored, followed
        """,
        account_id,
        into=Holder,
    )
    return found or Holder(0, 0, 0)


async def count(
    tx: Transaction, account_id: UUID, *, wishes: int = 0, ignored: int = 0, followed: int = 0
) -> None:
    """Count what was added or, below zero, taken away."""
    await tx.execute(
        """
        UPDATE wishers SET wishes = wishes + $2, ignored = ignored + $3, followed = followed + $4 WHERE account_id = $1
        """,
        account_id,
        wishes,
        ignored,
        followed,
    )


async def find_wish(tx: Transaction, account_id: UUID, app_id: UUID) -> Ranked | None:
    """Return a game of somebody's list."""
    return await tx.fetch_one(
        "SELECT app_id, rank, added_at FROM wishes WHERE account_id = $1 AND app_id = $2",
        account_id,
        app_id,
        into=Ranked,
    )


async def insert_wish(tx: Transaction, account_id: UUID, app_id: UUID, rank: int, now: datetime) -> None:
    """Add a game at the end."""
    await tx.execute("INSERT INTO wishes VALUES ($1, $2, $3, $4)", account_id, app_id, rank, now)


async def move_wish(tx: Transaction, account_id: UUID, app_id: UUID, *, rank: int, to: int) -> None:
    """Move a game to another place, and those between by one."""
    await tx.execute(
        """
        UPDATE wishes
        SET rank = CASE WHEN app_id = $2 THEN $4 WHEN $3 < $4 THEN rank - 1 ELSE rank + 1 END
        WHERE account_id = $1 AND rank BETWEEN least($3::int, $4::int) AND greatest($3::int, $4::int)
        """,
        account_id,
        app_id,
        rank,
        to,
    )


async def delete_wishes(tx: Transaction, account_id: UUID, app_ids: Sequence[UUID]) -> list[UUID]:
    """Take games off a list, close the gaps, and return those that were on it."""
    gone = await tx.fetch(
        "DELETE FROM wishes WHERE account_id = $1 AND app_id = ANY($2::uuid[]) RETURNING app_id",
        account_id,
        list(app_ids),
        into=_Id,
    )
    if gone:
        await tx.execute(
            """
            UPDATE wishes w SET rank = ordered.place
            FROM (
                SELECT app_id, row_number() OVER (ORDER BY rank) AS place FROM wishes WHERE account_id = $1
            ) AS ordered
            WHERE w.account_id = $1 AND w.app_id = ordered.app_id AND w.rank <> ordered.place
            """,
            account_id,
        )
    return [one.app_id for one in gone]


async def list_wishes(database: Reader, account_id: UUID, language: Language) -> list[Wish]:
    """Return all that somebody wants, with titles as readers of a language see them."""
    return await database.fetch(
        """
        SELECT w.app_id, w.rank, w.added_at, a.state, a.age_rating, a.visible,
            coalesce(a.document #>> ARRAY['texts', $2, 'title'], a.title) AS title
        FROM wishes w JOIN apps a ON a.id = w.app_id WHERE w.account_id = $1
        """,
        account_id,
        language,
        into=Wish,
    )


async def count_wishes_of_app(database: Reader, app_id: UUID) -> int:
    """Return how many people want an app."""
    found: int = await database.fetch_value("SELECT count(*) FROM wishes WHERE app_id = $1", app_id)
    return found


async def find_ignored(tx: Transaction, account_id: UUID, app_id: UUID) -> datetime | None:
    """Return since when somebody does not want to be shown an app."""
    found: datetime | None = await tx.fetch_value(
        "SELECT since FROM ignored_apps WHERE account_id = $1 AND app_id = $2", account_id, app_id
    )
    return found


async def insert_ignored(tx: Transaction, account_id: UUID, app_id: UUID, now: datetime) -> None:
    """Keep that an app is not wanted."""
    await tx.execute("INSERT INTO ignored_apps VALUES ($1, $2, $3)", account_id, app_id, now)


async def delete_ignored(tx: Transaction, account_id: UUID, app_id: UUID) -> int:
    """Let an app be shown again; 0 where it was."""
    return await tx.execute(
        "DELETE FROM ignored_apps WHERE account_id = $1 AND app_id = $2", account_id, app_id
    )


async def list_ignored(
    database: Reader, account_id: UUID, after: SinceKey | None, limit: int
) -> list[IgnoredRow]:
    """Return what somebody does not want to be shown, the latest first."""
    return await database.fetch(
        """
        SELECT app_id, since FROM ignored_apps
        WHERE account_id = $1 AND ($2::timestamptz IS NULL OR (since, app_id) < ($2, $3::uuid))
        ORDER BY since DESC, app_id DESC LIMIT $4
        """,
        account_id,
        after.since if after else None,
        after.id if after else None,
        limit,
        into=IgnoredRow,
    )
