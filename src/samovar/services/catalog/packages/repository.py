"""The SQL of packages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.domain import Availability
from samovar.services.catalog.packages import regions
from samovar.services.catalog.packages.domain import KnownApp, Package
from samovar.services.catalog.packages.regions import Content, PackageState

Reader = Database | Transaction

# The states and countries of the apps of each package come along: where a package is sold depends on them.
_PACKAGES = """
    SELECT p.id, p.slug, p.app_id, p.organisation_id, p.names, p.place, p.state, p.is_preorder, p.sold, p.activatable,
        p.first_sold_at, p.version, held.contents
    FROM packages p
    CROSS JOIN LATERAL (
        SELECT coalesce(
            jsonb_agg(
                jsonb_build_object(
                    'app_id', a.id, 'state', a.state, 'stage', a.stage, 'age_rating', a.age_rating,
                    'visible', coalesce(a.visible, '{}'::jsonb)
                )
                ORDER BY pa.place, pa.app_id
            ),
            '[]'::jsonb
        ) AS contents
        FROM package_apps pa
        JOIN apps a ON a.id = pa.app_id
        WHERE pa.package_id = p.id
    ) held
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A package as it is written."""

    id: UUID
    slug: str
    app_id: UUID
    organisation_id: UUID | None
    names: dict[str, str | None]
    place: int
    state: PackageState
    is_preorder: bool
    sold: Availability
    activatable: Availability
    app_ids: tuple[UUID, ...]


async def packages_of_pages(database: Reader, app_ids: Sequence[UUID]) -> list[Package]:
    """Return all packages that are offered on the pages of these apps, in their order."""
    return await database.fetch(
        f"{_PACKAGES} WHERE p.app_id = ANY($1::uuid[]) ORDER BY p.app_id, p.place, p.id",
        list(app_ids),
        into=Package,
    )


async def packages(database: Reader, package_ids: Sequence[UUID]) -> list[Package]:
    """Return those of these packages that there are."""
    return await database.fetch(f"{_PACKAGES} WHERE p.id = ANY($1::uuid[])", list(package_ids), into=Package)


class _Sale(msgspec.Struct, frozen=True):
    id: UUID
    state: PackageState
    is_preorder: bool
    sold: Availability
    contents: tuple[Content, ...]


async def sales_of(database: Reader, package_ids: Sequence[UUID]) -> dict[UUID, Availability]:
    """Return in which countries packages can be bought, reading of each no more than decides that: prices of whole lists wait for it."""
    rows = await database.fetch(
        """
        SELECT p.id, p.state, p.is_preorder, p.sold,
            jsonb_agg(jsonb_build_object('state', a.state, 'stage', a.stage, 'visible', coalesce(a.visible, '{}'::jsonb)))
                AS contents
        FROM packages p JOIN package_apps pa ON pa.package_id = p.id JOIN apps a ON a.id = pa.app_id
        WHERE p.id = ANY($1::uuid[])
        GROUP BY p.id
        """,
        list(package_ids),
        into=_Sale,
    )
    return {
        row.id: regions.sold(
            state=row.state, is_preorder=row.is_preorder, sold=row.sold, contents=row.contents
        )
        for row in rows
    }


async def lock_packages(tx: Transaction, package_ids: Sequence[UUID]) -> list[Package]:
    """Return those of these packages that there are, and let nobody change them until the end of the transaction."""
    await tx.execute(
        "SELECT FROM packages WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE", list(package_ids)
    )
    return await packages(tx, package_ids)


async def known_apps(tx: Transaction, app_ids: Sequence[UUID]) -> dict[UUID, KnownApp]:
    """Return those of these apps that there are."""
    rows = await tx.fetch(
        "SELECT id, organisation_id, base_app_id FROM apps WHERE id = ANY($1::uuid[])",
        list(app_ids),
        into=KnownApp,
    )
    return {app.id: app for app in rows}


async def lock_app(tx: Transaction, app_id: UUID) -> KnownApp | None:
    """Return an app; nobody else adds packages to its page until the end of the transaction."""
    return await tx.fetch_one(
        "SELECT id, organisation_id, base_app_id FROM apps WHERE id = $1 FOR NO KEY UPDATE",
        app_id,
        into=KnownApp,
    )


class _Named(msgspec.Struct, frozen=True):
    id: UUID
    slug: str


async def package_ids_by_slug(database: Reader, slugs: Sequence[str]) -> dict[str, UUID]:
    """Return the ids of those of these packages that there are."""
    rows = await database.fetch(
        "SELECT id, slug FROM packages WHERE slug = ANY($1::text[])", list(slugs), into=_Named
    )
    return {row.slug: row.id for row in rows}


async def upsert_packages(tx: Transaction, rows: Sequence[Row], now: datetime) -> dict[UUID, int]:
    """Write packages, new ones and changed ones, and return the version of each."""
    written = await tx.fetch(
        """
        INSERT INTO packages (
            id, slug, app_id, organisation_id, names, place, state, is_preorder, sold, activatable, version, created_at,
            updated_at
        )
        SELECT id, slug, app_id, organisation_id, names, place, state, is_preorder, sold, activatable, 1, $2, $2
        FROM jsonb_to_recordset($1::jsonb) AS written (
            id uuid, slug text, app_id uuid, organisation_id uuid, names jsonb, place smallint, state text,
            is_preorder boolean, sold jsonb, activatable jsonb
        )
        ON CONFLICT (id) DO UPDATE
        SET names = excluded.names, place = excluded.place, state = excluded.state, is_preorder = excluded.is_preorder,
            sold = excluded.sold, activatable = excluded.activatable, organisation_id = excluded.organisation_id,
            version = packages.version + 1, updated_at = $2
        RETURNING id, version
        """,
        list(rows),
        now,
        into=_Version,
    )
    await _put_contents(tx, rows)
    return {row.id: row.version for row in written}


async def note_versions(
    tx: Transaction,
    rows: Sequence[Row],
    versions: Mapping[UUID, int],
    *,
    account_id: UUID | None,
    now: datetime,
) -> None:
    """Keep what packages are from now on, and who made them so."""
    await tx.execute(
        """
        INSERT INTO package_versions (package_id, version, document, account_id, changed_at)
        SELECT id, version, document, $4, $5
        FROM unnest($1::uuid[], $2::bigint[], $3::jsonb[]) AS written (id, version, document)
        """,
        [row.id for row in rows],
        [versions[row.id] for row in rows],
        list(rows),
        account_id,
        now,
    )


class _Version(msgspec.Struct, frozen=True):
    id: UUID
    version: int


async def _put_contents(tx: Transaction, rows: Sequence[Row]) -> None:
    contents = [(row.id, app_id, place) for row in rows for place, app_id in enumerate(row.app_ids)]
    columns = [list(column) for column in zip(*contents, strict=True)] or [[], [], []]
    await tx.execute(
        """
        DELETE FROM package_apps
        WHERE package_id = ANY($1::uuid[])
            AND (package_id, app_id) NOT IN (SELECT package_id, app_id FROM unnest($2::uuid[], $3::uuid[]) AS kept (package_id, app_id))
        """,
        [row.id for row in rows],
        columns[0],
        columns[1],
    )
    await tx.execute(
        """
        INSERT INTO package_apps (package_id, app_id, place)
        SELECT package_id, app_id, place
        FROM unnest($1::uuid[], $2::uuid[], $3::smallint[]) AS held (package_id, app_id, place)
        ON CONFLICT (package_id, app_id) DO UPDATE SET place = excluded.place
        """,
        *columns,
    )


async def mark_sold(tx: Transaction, package_id: UUID, sold_at: datetime) -> None:
    """Remember the first sale of a package."""
    await tx.execute(
        """
        UPDATE packages SET first_sold_at = least(first_sold_at, $2)
        WHERE id = $1 AND (first_sold_at IS NULL OR first_sold_at > $2)
        """,
        package_id,
        sold_at,
    )
