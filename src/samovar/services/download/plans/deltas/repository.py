"""The SQL of deltas."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction

Reader = Database | Transaction

# Pairs between which players go, or will go: the builds that a branch gave lately, to the one that it gives now; and the one that the main
# branch gives, to the newest build, which may go live next. $1 is how many builds before the present one count.
_WANTED = """
    given AS (
        SELECT v.app_id, v.name, v.build_id, max(v.sequence) AS last,
            row_number() OVER (PARTITION BY v.app_id, v.name ORDER BY max(v.sequence) DESC) AS age
        FROM branch_versions v GROUP BY v.app_id, v.name, v.build_id
    ), newest AS (
        SELECT DISTINCT ON (app_id) app_id, id FROM builds WHERE state = 'ready' ORDER BY app_id, number DESC
    ), wanted AS (
        SELECT b.app_id, g.build_id AS from_build_id, b.build_id, 0 AS turn
        FROM branches b JOIN given g ON g.app_id = b.app_id AND g.name = b.name AND g.age <= $1 + 1
        UNION ALL
        SELECT b.app_id, b.build_id, n.id, 1 FROM branches b JOIN newest n ON n.app_id = b.app_id WHERE b.name = 'main'
    )
"""
_UNUSED = """
    d.tried_at < $2 AND NOT EXISTS (
        SELECT FROM wanted w WHERE w.build_id = d.build_id AND w.from_build_id = d.from_build_id
    ) AND NOT EXISTS (
        SELECT FROM plans p
        WHERE p.build_id = d.build_id AND p.from_build_id = d.from_build_id AND coalesce(p.used_at, p.made_at) >= $2
    )
"""


class Pair(msgspec.Struct, frozen=True):
    """Two builds between which deltas are wanted."""

    app_id: UUID
    from_build_id: UUID
    build_id: UUID


class _Object(msgspec.Struct, frozen=True):
    kind: str
    id: bytes


async def next_pair(
    reader: Reader, *, recent: int, bytes_max: int, attempts_max: int, tried_before: datetime
) -> Pair | None:
    """Return builds between which players go, or will go, and between which nothing has been made; what is live comes first."""
    return await reader.fetch_one(
        f"""
        WITH {_WANTED}
        SELECT w.app_id, w.from_build_id, w.build_id FROM wanted w
        JOIN builds o ON o.id = w.from_build_id AND o.state = 'ready' AND o.size_bytes <= $2
        JOIN builds n ON n.id = w.build_id AND n.state = 'ready' AND n.size_bytes <= $2
        LEFT JOIN delta_sets d ON d.build_id = w.build_id AND d.from_build_id = w.from_build_id
        WHERE o.tree <> n.tree AND o.app_id = n.app_id
            AND (d.build_id IS NULL OR (d.content IS NULL AND d.attempts < $3 AND d.tried_at < $4))
        ORDER BY w.turn, n.committed_at DESC, o.number DESC LIMIT 1
        """,  # noqa: S608  constants
        recent,
        bytes_max,
        attempts_max,
        tried_before,
        into=Pair,
    )


async def begin(tx: Transaction, pair: Pair, now: datetime) -> None:
    """Count an attempt before it is made: what kills its process is not tried for ever."""
    await tx.execute(
        """
        INSERT INTO delta_sets (app_id, from_build_id, build_id, attempts, tried_at) VALUES ($1, $2, $3, 1, $4)
        ON CONFLICT (build_id, from_build_id)
        DO UPDATE SET attempts = delta_sets.attempts + 1, tried_at = excluded.tried_at
        """,
        pair.app_id,
        pair.from_build_id,
        pair.build_id,
        now,
    )


async def fail(tx: Transaction, pair: Pair, failure: str) -> None:
    """Keep why an attempt came to nothing."""
    await tx.execute(
        "UPDATE delta_sets SET failure = $3 WHERE build_id = $1 AND from_build_id = $2",
        pair.build_id,
        pair.from_build_id,
        failure,
    )


async def keep(
    tx: Transaction,
    pair: Pair,
    content: bytes,
    objects: Sequence[tuple[str, bytes, int]],
    now: datetime,
) -> None:
    """Keep a set, and its objects by kind, id and size."""
    await tx.execute(
        "UPDATE delta_sets SET content = $3, failure = NULL WHERE build_id = $1 AND from_build_id = $2",
        pair.build_id,
        pair.from_build_id,
        content,
    )
    await tx.execute(
        """
        INSERT INTO objects (app_id, kind, id, size_bytes, stored_at)
        SELECT $1, kind, id, size_bytes, $5 FROM unnest($2::text[], $3::bytea[], $4::bigint[]) AS o (kind, id, size_bytes)
        ON CONFLICT DO NOTHING
        """,
        pair.app_id,
        [kind for kind, _, _ in objects],
        [object_id for _, object_id, _ in objects],
        [size for _, _, size in objects],
        now,
    )
    await tx.execute(
        """
        INSERT INTO delta_objects (build_id, from_build_id, app_id, kind, id)
        SELECT $1, $2, $3, kind, id FROM unnest($4::text[], $5::bytea[]) AS o (kind, id) ON CONFLICT DO NOTHING
        """,
        pair.build_id,
        pair.from_build_id,
        pair.app_id,
        [kind for kind, _, _ in objects],
        [object_id for _, object_id, _ in objects],
    )


async def unused(reader: Reader, *, recent: int, unused_since: datetime, limit: int) -> list[Pair]:
    """Return pairs of builds that are not wanted any more and whose deltas nobody has used since then."""
    return await reader.fetch(
        f"""
        WITH {_WANTED}
        SELECT d.app_id, d.from_build_id, d.build_id FROM delta_sets d WHERE {_UNUSED} ORDER BY d.tried_at LIMIT $3
        """,  # noqa: S608  constants
        recent,
        unused_since,
        limit,
        into=Pair,
    )


async def leave(tx: Transaction, pair: Pair, *, recent: int, unused_since: datetime, now: datetime) -> bool:
    """Forget the deltas of a pair that is still not wanted, and the plan that needs them; returns whether there was something to forget.

    What of their objects nothing else names is waste from then on.
    """
    objects = await tx.fetch(
        "SELECT kind, id FROM delta_objects WHERE build_id = $1 AND from_build_id = $2",
        pair.build_id,
        pair.from_build_id,
        into=_Object,
    )
    gone = await tx.execute(
        f"""
        WITH {_WANTED}
        DELETE FROM delta_sets d WHERE {_UNUSED} AND d.build_id = $3 AND d.from_build_id = $4
        """,  # noqa: S608  constants
        recent,
        unused_since,
        pair.build_id,
        pair.from_build_id,
    )
    if gone:
        await tx.execute(
            """
            WITH gone AS (
                DELETE FROM objects o USING unnest($2::text[], $3::bytea[]) AS g (kind, id)
                WHERE o.app_id = $1 AND o.kind = g.kind AND o.id = g.id
                    AND NOT EXISTS (SELECT FROM delta_objects n WHERE n.app_id = $1 AND n.kind = g.kind AND n.id = g.id)
                    AND NOT EXISTS (SELECT FROM packs p WHERE p.app_id = $1 AND p.id = g.id AND g.kind = 'packs')
                RETURNING o.kind, o.id
            )
            INSERT INTO waste (kind, id, since) SELECT kind, id, $4 FROM gone
            ON CONFLICT (kind, id) DO UPDATE SET since = excluded.since
            """,
            pair.app_id,
            [one.kind for one in objects],
            [one.id for one in objects],
            now,
        )
    return bool(gone)
