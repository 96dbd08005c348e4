"""The SQL that all rooms read: builds that are whole, and which object belongs to which app."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.download.errors import StoreAway

Reader = Database | Transaction


class ReadyBuild(msgspec.Struct, frozen=True, kw_only=True):
    """A build of which all bytes are in the store.

    Attributes:
        tree: Id of its tree.
        manifest_id: BLAKE3 of its signed manifest.
    """

    id: UUID
    app_id: UUID
    organisation_id: UUID
    number: int
    tree: bytes
    manifest_id: bytes
    size_bytes: int


async def find_ready(reader: Reader, build_ids: Sequence[UUID]) -> dict[UUID, ReadyBuild]:
    """Return those of these builds that are whole, by their ids."""
    rows = await reader.fetch(
        """
        SELECT id, app_id, organisation_id, number, tree, manifest_id, size_bytes FROM builds
        WHERE id = ANY($1::uuid[]) AND state = 'ready'
        """,
        list(build_ids),
        into=ReadyBuild,
    )
    return {row.id: row for row in rows}


async def size_of(reader: Reader, app_id: UUID, kind: str, object_id: bytes) -> int | None:
    """Return how large an object of an app is; none: the app has no such object."""
    found: int | None = await reader.fetch_value(
        "SELECT size_bytes FROM objects WHERE app_id = $1 AND kind = $2 AND id = $3", app_id, kind, object_id
    )
    return found


async def revive(tx: Transaction, kind: str, object_ids: Sequence[bytes], now: datetime) -> None:
    """Keep objects that are about to be stored from being cleared away; to be called before their bytes are written.

    From then on they count as waste that is new: when whoever stores them dies before the table knows them, their bytes go later on.

    Raises:
        StoreAway: One is being cleared away at this moment; a little later it can be stored anew.
    """
    ids = sorted(set(object_ids))
    there = await tx.execute(
        """
        INSERT INTO waste (kind, id, since) SELECT $1, id, $3 FROM unnest($2::bytea[]) AS o (id) ORDER BY id
        ON CONFLICT (kind, id) DO UPDATE SET since = excluded.since, begun_at = NULL, ended_at = NULL
        WHERE waste.begun_at IS NULL OR waste.ended_at IS NOT NULL
        """,
        kind,
        ids,
        now,
    )
    if there != len(ids):
        raise StoreAway(f"{kind} are being cleared away", retry_after_s=5.0)
