"""The SQL of suggestions."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from samovar.kit.database import Database


class Candidate(msgspec.Struct, frozen=True):
    """Somebody with whom an account has friends in common.

    Attributes:
        mutual_friends: How many of those that were asked about.
    """

    account_id: UUID
    mutual_friends: int


class _Friend(msgspec.Struct, frozen=True):
    account_id: UUID


async def list_latest_friends(database: Database, account_id: UUID, limit: int) -> list[UUID]:
    """Return favourites and the latest friends of an account."""
    rows = await database.fetch(
        """
        SELECT other_id AS account_id FROM relation_sides WHERE account_id = $1 AND friends_since IS NOT NULL
        ORDER BY favourite DESC, friends_since DESC, other_id LIMIT $2
        """,
        account_id,
        limit,
        into=_Friend,
    )
    return [row.account_id for row in rows]


async def list_candidates(
    database: Database, account_id: UUID, through: Sequence[UUID], limit: int
) -> list[Candidate]:
    """Return friends of these friends with whom the account has had nothing to do, most friends in common first.

    Whoever has asked, declined, parted from or blocked the other, whichever of the two, is left out.
    """
    return await database.fetch(
        """
        SELECT found.account_id, found.mutual_friends
        FROM (
            SELECT other_id AS account_id, count(*) AS mutual_friends FROM relation_sides
            WHERE account_id = ANY($2) AND friends_since IS NOT NULL AND other_id <> $1
            GROUP BY other_id
        ) found
        WHERE NOT EXISTS (
            SELECT FROM relations r
            WHERE r.low_id = least($1, found.account_id) AND r.high_id = greatest($1, found.account_id)
        )
        ORDER BY found.mutual_friends DESC, found.account_id
        LIMIT $3
        """,
        account_id,
        list(through),
        limit,
        into=Candidate,
    )
