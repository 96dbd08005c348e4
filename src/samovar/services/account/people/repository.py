"""The SQL of finding people."""

from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.services.account.people.domain import Names

# One wrong letter in a name of six keeps it nearer than this; two do not.
DISTANCE_MAX = 0.6


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may be meant.

    Attributes:
        place: 0 for the very unique name, 1 and 2 for the beginning of the unique and the display name, 3 for what is alike.
        distance: How unlike the names are, 0 to 1.
    """

    id: UUID
    display_name: str
    name: str | None
    avatar: str | None
    place: int
    distance: float


async def list_candidates(
    database: Database, names: Names, *, friends: list[UUID], limit: int
) -> list[Candidate]:
    """Return who may be meant, from each way of looking at most `limit`, the best first, each person once.

    Each way walks along one index and stops by itself, so that a common beginning costs no more than a rare one.

    Args:
        database: What to ask.
        names: What was typed, in its forms.
        friends: Friends are looked through one by one, however many strangers match better.
        limit: How many from each way.
    """
    return await database.fetch(
        """
        WITH candidates AS (
            (SELECT id, 0 AS place FROM accounts WHERE name_key = $2 AND is_listed)
            UNION ALL
            (SELECT id, 1 FROM accounts
             WHERE $3 <> '' AND name_key LIKE $3 AND is_listed ORDER BY name_key USING ~<~ LIMIT $6)
            UNION ALL
            (SELECT id, 2 FROM accounts
             WHERE display_key LIKE $4 AND is_listed ORDER BY display_key USING ~<~ LIMIT $6)
            UNION ALL
            (SELECT id, 3 FROM accounts WHERE is_listed ORDER BY search_key <->> $1 LIMIT $6)
            UNION ALL
            (SELECT id, 3
             FROM (SELECT id, search_key FROM accounts WHERE id = ANY($5) AND is_listed OFFSET 0) AS friends
             ORDER BY search_key <->> $1 LIMIT $6)
        ), people AS (
            SELECT id, min(place) AS place FROM candidates GROUP BY id
        ), measured AS (
            SELECT a.id, a.display_name, a.display_key, a.name, a.avatar, p.place,
                   round((a.search_key <->> $1)::numeric, 3)::float8 AS distance
            FROM people p JOIN accounts a USING (id)
        )
        SELECT id, display_name, name, avatar, place, distance FROM measured
        WHERE place < 3 OR distance <= $7
        ORDER BY place, distance, display_key, id
        """,
        names.folded,
        names.key,
        names.key_pattern,
        names.folded_pattern,
        friends,
        limit,
        DISTANCE_MAX,
        into=Candidate,
    )
