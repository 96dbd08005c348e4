"""The SQL of following."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.wishlist.repository import SinceKey


class CreatorRow(msgspec.Struct, frozen=True, kw_only=True):
    """A developer or publisher."""

    id: UUID
    slug: str
    name: str
    followers: int


class FollowedRow(CreatorRow, frozen=True, kw_only=True):
    """One whom somebody follows."""

    since: datetime


async def lock_creator(tx: Transaction, creator_id: UUID) -> CreatorRow | None:
    """Return a creator and keep others from counting its followers."""
    return await tx.fetch_one(
        "SELECT id, slug, name, followers FROM creators WHERE id = $1 FOR UPDATE", creator_id, into=CreatorRow
    )


async def find_since(tx: Transaction, account_id: UUID, creator_id: UUID) -> datetime | None:
    """Return since when somebody follows a creator."""
    found: datetime | None = await tx.fetch_value(
        "SELECT since FROM followed_creators WHERE account_id = $1 AND creator_id = $2",
        account_id,
        creator_id,
    )
    return found


async def insert_followed(tx: Transaction, account_id: UUID, creator_id: UUID, now: datetime) -> None:
    """Keep that somebody follows a creator."""
    await tx.execute("INSERT INTO followed_creators VALUES ($1, $2, $3)", account_id, creator_id, now)


async def delete_followed(tx: Transaction, account_id: UUID, creator_id: UUID) -> int:
    """Keep it no longer; 0 where nobody did."""
    return await tx.execute(
        "DELETE FROM followed_creators WHERE account_id = $1 AND creator_id = $2", account_id, creator_id
    )


async def count_followers(tx: Transaction, creator_id: UUID, step: int) -> None:
    """Count one follower more or less."""
    await tx.execute("UPDATE creators SET followers = followers + $2 WHERE id = $1", creator_id, step)


async def forget_follower(tx: Transaction, account_id: UUID) -> None:
    """Let somebody follow nobody, and count that."""
    await tx.execute(
        """
        WITH gone AS (DELETE FROM followed_creators WHERE account_id = $1 RETURNING creator_id),
        held AS (
            SELECT id FROM creators WHERE id IN (SELECT creator_id FROM gone) ORDER BY id FOR UPDATE
        )
        UPDATE creators SET followers = followers - 1 WHERE id IN (SELECT id FROM held)
        """,
        account_id,
    )


async def list_followed(
    database: Database, account_id: UUID, after: SinceKey | None, limit: int
) -> list[FollowedRow]:
    """Return whom somebody follows, the latest first."""
    return await database.fetch(
        """
        SELECT c.id, c.slug, c.name, c.followers, f.since
        FROM followed_creators f JOIN creators c ON c.id = f.creator_id
        WHERE f.account_id = $1 AND ($2::timestamptz IS NULL OR (f.since, f.creator_id) < ($2, $3::uuid))
        ORDER BY f.since DESC, f.creator_id DESC LIMIT $4
        """,
        account_id,
        after.since if after else None,
        after.id if after else None,
        limit,
        into=FollowedRow,
    )
