"""The SQL of bundles."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.packages.bundles.domain import Bundle

_BUNDLES = """
    SELECT b.id, b.slug, b.organisation_id, b.names, b.descriptions, b.kind, b.discount_percent, b.state, b.version,
        ARRAY(SELECT bp.package_id FROM bundle_packages bp WHERE bp.bundle_id = b.id ORDER BY bp.place, bp.package_id)
            AS package_ids
    FROM bundles b
"""


class _Named(msgspec.Struct, frozen=True):
    id: UUID
    slug: str


class _Owner(msgspec.Struct, frozen=True):
    id: UUID
    organisation_id: UUID | None


class _Version(msgspec.Struct, frozen=True):
    id: UUID
    version: int


async def find_bundle(database: Database | Transaction, bundle_id: UUID) -> Bundle | None:
    """Return a bundle."""
    return await database.fetch_one(f"{_BUNDLES} WHERE b.id = $1", bundle_id, into=Bundle)


async def bundles_of(
    database: Database, organisation_id: UUID, after_id: UUID | None, limit: int
) -> list[Bundle]:
    """Return the bundles of an organisation, the newest first."""
    return await database.fetch(
        f"{_BUNDLES} WHERE b.organisation_id = $1 AND ($2::uuid IS NULL OR b.id < $2) ORDER BY b.id DESC LIMIT $3",
        organisation_id,
        after_id,
        limit,
        into=Bundle,
    )


async def bundles_on_sale_with(database: Database, package_id: UUID, limit: int) -> list[Bundle]:
    """Return bundles on sale that hold a package, the newest first."""
    return await database.fetch(
        f"""
        {_BUNDLES} JOIN bundle_packages holding ON holding.bundle_id = b.id
        WHERE b.state = 'on_sale' AND holding.package_id = $1
        ORDER BY b.id DESC
        LIMIT $2
        """,
        package_id,
        limit,
        into=Bundle,
    )


async def count_bundles(tx: Transaction, organisation_id: UUID) -> int:
    """Return how many bundles an organisation has; no other transaction that asks adds one meanwhile."""
    await tx.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended('bundles ' || $1, 0))", str(organisation_id)
    )
    count: int = await tx.fetch_value(
        "SELECT count(*) FROM bundles WHERE organisation_id = $1", organisation_id
    )
    return count


async def lock_bundles(tx: Transaction, bundle_ids: Sequence[UUID]) -> dict[UUID, Bundle]:
    """Return those of these bundles that there are, and let nobody change them until the end of the transaction."""
    ids = list(bundle_ids)
    await tx.execute("SELECT FROM bundles WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE", ids)
    found = await tx.fetch(f"{_BUNDLES} WHERE b.id = ANY($1::uuid[])", ids, into=Bundle)
    return {bundle.id: bundle for bundle in found}


async def bundle_ids_by_slug(database: Database | Transaction, slugs: Sequence[str]) -> dict[str, UUID]:
    """Return the ids of those of these bundles that there are."""
    rows = await database.fetch(
        "SELECT id, slug FROM bundles WHERE slug = ANY($1::text[])", list(slugs), into=_Named
    )
    return {row.slug: row.id for row in rows}


async def owners_of_packages(tx: Transaction, package_ids: Sequence[UUID]) -> dict[UUID, UUID | None]:
    """Return the organisation of each of these packages that there are."""
    rows = await tx.fetch(
        "SELECT id, organisation_id FROM packages WHERE id = ANY($1::uuid[])", list(package_ids), into=_Owner
    )
    return {row.id: row.organisation_id for row in rows}


async def upsert_bundles(tx: Transaction, rows: Sequence[Bundle], now: datetime) -> dict[UUID, int]:
    """Write bundles, new ones and changed ones, each one version on, and return the versions."""
    written = await tx.fetch(
        """
        INSERT INTO bundles (
            id, slug, organisation_id, names, descriptions, kind, discount_percent, state, version, created_at, updated_at
        )
        SELECT id, slug, organisation_id, names, descriptions, kind, discount_percent, state, 1, $2, $2
        FROM jsonb_to_recordset($1::jsonb) AS written (
            id uuid, slug text, organisation_id uuid, names jsonb, descriptions jsonb, kind text, discount_percent smallint,
            state text
        )
        ON CONFLICT (id) DO UPDATE
        SET names = excluded.names, descriptions = excluded.descriptions, kind = excluded.kind,
            discount_percent = excluded.discount_percent, state = excluded.state, version = bundles.version + 1, updated_at = $2
        RETURNING id, version
        """,
        list(rows),
        now,
        into=_Version,
    )
    contents = [
        (row.id, package_id, place) for row in rows for place, package_id in enumerate(row.package_ids)
    ]
    await tx.execute(
        "DELETE FROM bundle_packages WHERE bundle_id = ANY($1::uuid[])", [row.id for row in rows]
    )
    await tx.execute(
        """
        INSERT INTO bundle_packages (bundle_id, package_id, place)
        SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::smallint[])
        """,
        *([list(column) for column in zip(*contents, strict=True)] or [[], [], []]),
    )
    return {row.id: row.version for row in written}


async def note_versions(
    tx: Transaction,
    rows: Sequence[Bundle],
    versions: Mapping[UUID, int],
    *,
    account_id: UUID | None,
    now: datetime,
) -> None:
    """Keep what bundles are from now on, and who made them so."""
    await tx.execute(
        """
        INSERT INTO bundle_versions (bundle_id, version, document, account_id, changed_at)
        SELECT id, version, document, $4, $5
        FROM unnest($1::uuid[], $2::bigint[], $3::jsonb[]) AS written (id, version, document)
        """,
        [row.id for row in rows],
        [versions[row.id] for row in rows],
        [msgspec.structs.replace(row, version=versions[row.id]) for row in rows],
        account_id,
        now,
    )
