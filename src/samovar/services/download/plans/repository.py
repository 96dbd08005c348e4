"""The SQL of plans."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.download.plans.schemas import ChangedFile, PlanFigures

Reader = Database | Transaction


class PackRow(msgspec.Struct, frozen=True):
    """A pack with its index."""

    id: bytes
    size_bytes: int
    pack_index: bytes


class KeptPlan(PlanFigures, frozen=True, kw_only=True):
    """A plan that was made before.

    Attributes:
        used_at: When somebody was last given it, to the day.
    """

    used_at: datetime


async def find(reader: Reader, from_build_id: UUID | None, build_id: UUID) -> KeptPlan | None:
    """Return the plan from one build to another."""
    return await reader.fetch_one(
        """
        SELECT plan_id, fetches_bytes, writes_bytes, peak_bytes, requests, largest, coalesce(used_at, made_at) AS used_at
        FROM plans WHERE build_id = $1 AND from_build_id IS NOT DISTINCT FROM $2
        """,
        build_id,
        from_build_id,
        into=KeptPlan,
    )


async def use(tx: Transaction, from_build_id: UUID | None, build_id: UUID, now: datetime) -> None:
    """Keep that somebody was given a plan."""
    await tx.execute(
        "UPDATE plans SET used_at = $3 WHERE build_id = $1 AND from_build_id IS NOT DISTINCT FROM $2",
        build_id,
        from_build_id,
        now,
    )


async def packs_of(reader: Reader, app_id: UUID, build_id: UUID) -> list[PackRow]:
    """Return the packs that hold the chunks of a build, with their indexes."""
    return await reader.fetch(
        """
        SELECT p.id, p.size_bytes, p.pack_index FROM build_packs b JOIN packs p ON p.app_id = $1 AND p.id = b.pack_id
        WHERE b.build_id = $2 ORDER BY p.id
        """,
        app_id,
        build_id,
        into=PackRow,
    )


async def lock(tx: Transaction, from_build_id: UUID | None, build_id: UUID) -> None:
    """Let what belongs to one pair of builds be changed one after the other, and nobody change what the build consists of."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('plans ' || $1 || $2, 0))",
        str(from_build_id),
        str(build_id),
    )
    await tx.execute("SELECT FROM builds WHERE id = $1 FOR SHARE", build_id)


async def sets_of(reader: Reader, from_build_id: UUID, build_id: UUID) -> list[bytes]:
    """Return the sets of deltas from one build to another."""
    found = await reader.fetch_value(
        "SELECT content FROM delta_sets WHERE build_id = $1 AND from_build_id = $2 AND content IS NOT NULL",
        build_id,
        from_build_id,
    )
    return [] if found is None else [found]


async def insert(
    tx: Transaction,
    app_id: UUID,
    from_build_id: UUID | None,
    build_id: UUID,
    made: PlanFigures,
    *,
    size_bytes: int,
    sets: int,
    packs: Sequence[bytes],
    now: datetime,
) -> None:
    """Keep a plan; where there is one from another process, that one stays.

    One that was made of fewer `sets` of deltas than there are by now, or of other `packs` than the build consists of by now, serves who
    waits for it, and the next one is made anew.
    """
    await tx.execute(
        """
        INSERT INTO objects (app_id, kind, id, size_bytes, stored_at) VALUES ($1, 'plans', $2, $3, $4)
        ON CONFLICT (app_id, kind, id) DO UPDATE SET stored_at = excluded.stored_at
        """,
        app_id,
        made.plan_id,
        size_bytes,
        now,
    )
    await tx.execute(
        """
        INSERT INTO plans (
            app_id, from_build_id, build_id, plan_id, fetches_bytes, writes_bytes, peak_bytes, requests, largest, made_at
        ) SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10
        WHERE $11 = (SELECT count(*) FROM delta_sets WHERE build_id = $3 AND from_build_id = $2 AND content IS NOT NULL)
            AND $12::bytea[] = ARRAY(SELECT pack_id FROM build_packs WHERE build_id = $3 ORDER BY pack_id)
        ON CONFLICT DO NOTHING
        """,
        app_id,
        from_build_id,
        build_id,
        made.plan_id,
        made.fetches_bytes,
        made.writes_bytes,
        made.peak_bytes,
        made.requests,
        _plain(made.largest),
        now,
        sets,
        sorted(packs),
    )


async def forget(tx: Transaction, build_id: UUID, from_build_id: UUID | None = None) -> None:
    """Let the plans to a build be made anew, or that from one build alone: there is something cheaper in the store now."""
    await tx.execute(
        "DELETE FROM plans WHERE build_id = $1 AND ($2::uuid IS NULL OR from_build_id = $2)",
        build_id,
        from_build_id,
    )


def _plain(files: Sequence[ChangedFile]) -> object:
    return msgspec.to_builtins(files)
