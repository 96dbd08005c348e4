"""The SQL of packs that are compressed again."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.download.plans.repository import PackRow

Reader = Database | Transaction


class _Id(msgspec.Struct, frozen=True):
    id: UUID


async def next_build(reader: Reader, *, attempts_max: int, tried_before: datetime) -> UUID | None:
    """Return a build with packs that are to be compressed again; what is live comes first, then the newest."""
    found: UUID | None = await reader.fetch_value(
        """
        SELECT b.id FROM packs p
        JOIN build_packs c ON c.pack_id = p.id
        JOIN builds b ON b.id = c.build_id AND b.app_id = p.app_id AND b.state = 'ready'
        WHERE NOT p.is_settled AND p.settle_attempts < $1 AND (p.settle_tried_at IS NULL OR p.settle_tried_at < $2)
        ORDER BY NOT EXISTS (SELECT FROM branches r WHERE r.build_id = b.id), b.committed_at DESC, b.id LIMIT 1
        """,
        attempts_max,
        tried_before,
    )
    return found


async def count_unsettled(reader: Reader, attempts_max: int) -> tuple[int, int]:
    """Return how many packs that builds need wait to be compressed again, and how many were tried as often as may be."""
    waiting: int = await reader.fetch_value(
        """
        SELECT count(*) FROM packs p WHERE NOT p.is_settled AND p.settle_attempts < $1
            AND EXISTS (SELECT FROM build_packs b WHERE b.pack_id = p.id)
        """,
        attempts_max,
    )
    given_up: int = await reader.fetch_value(
        """
        SELECT count(*) FROM packs p WHERE NOT p.is_settled AND p.settle_attempts >= $1
            AND EXISTS (SELECT FROM build_packs b WHERE b.pack_id = p.id)
        """,
        attempts_max,
    )
    return waiting, given_up


async def begin(
    tx: Transaction,
    app_id: UUID,
    build_id: UUID,
    *,
    bytes_max: int,
    index_bytes_max: int,
    attempts_max: int,
    tried_before: datetime,
    now: datetime,
) -> list[PackRow]:
    """Return packs of a build that are to be compressed together, and count the attempt: what kills its process is not tried for ever.

    Those that were tried in vain are tried one by one, so that one that cannot be read does not hold up the others.
    """
    return await tx.fetch(
        """
        WITH open AS (
            SELECT p.id, p.settle_attempts,
                sum(p.size_bytes) OVER turns AS bytes, sum(length(p.pack_index)) OVER turns AS index_bytes,
                row_number() OVER turns AS turn
            FROM build_packs c JOIN packs p ON p.app_id = $1 AND p.id = c.pack_id
            WHERE c.build_id = $2 AND NOT p.is_settled AND p.settle_attempts < $5
                AND (p.settle_tried_at IS NULL OR p.settle_tried_at < $6)
            WINDOW turns AS (ORDER BY p.settle_attempts, p.id)
        )
        UPDATE packs p SET settle_attempts = p.settle_attempts + 1, settle_tried_at = $7
        FROM open o
        WHERE p.app_id = $1 AND p.id = o.id
            AND (o.turn = 1 OR (o.settle_attempts = 0 AND o.bytes <= $3 AND o.index_bytes <= $4))
        RETURNING p.id, p.size_bytes, p.pack_index
        """,
        app_id,
        build_id,
        bytes_max,
        index_bytes_max,
        attempts_max,
        tried_before,
        now,
        into=PackRow,
    )


async def lock(tx: Transaction, app_id: UUID, pack_ids: Sequence[bytes]) -> list[UUID] | None:
    """Return the builds that consist of packs, and let nobody change them or plan them; none: a pack is not there any more.

    Under the lock of the app's builds, so that none is completed meanwhile.
    """
    await tx.execute("SELECT pg_advisory_xact_lock(hashtextextended('builds ' || $1, 0))", str(app_id))
    there = await tx.execute(
        "SELECT FROM packs WHERE app_id = $1 AND id = ANY($2::bytea[]) AND NOT is_settled FOR UPDATE",
        app_id,
        list(pack_ids),
    )
    if there != len(pack_ids):
        return None
    rows = await tx.fetch(
        """
        SELECT id FROM builds
        WHERE app_id = $1 AND id IN (SELECT build_id FROM build_packs WHERE pack_id = ANY($2::bytea[]))
        ORDER BY id FOR UPDATE
        """,
        app_id,
        list(pack_ids),
        into=_Id,
    )
    return [row.id for row in rows]


async def insert(
    tx: Transaction, app_id: UUID, pack_id: bytes, *, size_bytes: int, pack_index: bytes, now: datetime
) -> None:
    """Keep a pack that was compressed again."""
    await tx.execute(
        """
        INSERT INTO objects (app_id, kind, id, size_bytes, stored_at) VALUES ($1, 'packs', $2, $3, $4)
        ON CONFLICT (app_id, kind, id) DO UPDATE SET stored_at = excluded.stored_at
        """,
        app_id,
        pack_id,
        size_bytes,
        now,
    )
    await tx.execute(
        """
        INSERT INTO packs (app_id, id, size_bytes, pack_index, is_settled) VALUES ($1, $2, $3, $4, true)
        ON CONFLICT (app_id, id) DO UPDATE SET is_settled = true, replaced_at = NULL
        """,
        app_id,
        pack_id,
        size_bytes,
        pack_index,
    )


async def move_chunks(
    tx: Transaction, app_id: UUID, chunk_ids: Sequence[bytes], pack_id: bytes, instead_of: Sequence[bytes]
) -> None:
    """Say that chunks lie in a pack now, and not in others; what lies elsewhere stays there."""
    await tx.execute(
        """
        INSERT INTO chunks (app_id, id, pack_id) SELECT $1, id, $3 FROM unnest($2::bytea[]) AS c (id) ORDER BY id
        ON CONFLICT (app_id, id) DO UPDATE SET pack_id = excluded.pack_id WHERE chunks.pack_id = ANY($4::bytea[])
        """,
        app_id,
        list(chunk_ids),
        pack_id,
        list(instead_of),
    )


async def replace(
    tx: Transaction,
    app_id: UUID,
    build_ids: Sequence[UUID],
    moves: Sequence[tuple[bytes, bytes]],
    now: datetime,
) -> None:
    """Let builds consist of new packs instead of old ones, given in pairs; the old ones are waste when the time of grace is over.

    Plans to these builds are made anew; who has an old one can go on with it until then.
    """
    olds, news = [old for old, _ in moves], [new for _, new in moves]
    await tx.execute(
        """
        INSERT INTO build_packs (build_id, pack_id)
        SELECT DISTINCT b.build_id, m.new FROM build_packs b
        JOIN unnest($2::bytea[], $3::bytea[]) AS m (old, new) ON m.old = b.pack_id
        WHERE b.build_id = ANY($1::uuid[])
        ON CONFLICT DO NOTHING
        """,
        list(build_ids),
        olds,
        news,
    )
    gone = list(set(olds) - set(news))
    await tx.execute(
        "DELETE FROM build_packs WHERE build_id = ANY($1::uuid[]) AND pack_id = ANY($2::bytea[])",
        list(build_ids),
        gone,
    )
    await tx.execute(
        "UPDATE packs SET replaced_at = $3 WHERE app_id = $1 AND id = ANY($2::bytea[])", app_id, gone, now
    )
    await tx.execute(
        "UPDATE objects SET stored_at = $3 WHERE app_id = $1 AND kind = 'packs' AND id = ANY($2::bytea[])",
        app_id,
        gone,
        now,
    )
    await tx.execute("DELETE FROM plans WHERE build_id = ANY($1::uuid[])", list(build_ids))
