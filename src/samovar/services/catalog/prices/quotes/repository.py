"""The SQL of what decides whether packages and bundles can be bought."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from samovar.services.catalog.prices.quotes.domain import QuotedBundle, QuotedPackage
from samovar.services.catalog.prices.repository import Reader


async def find_packages(reader: Reader, package_ids: Sequence[UUID]) -> dict[UUID, QuotedPackage]:
    """Return those of these packages that there are, with their apps."""
    rows = await reader.fetch(
        """
        SELECT p.id, p.names, p.state, p.is_preorder, p.sold, p.activatable,
               coalesce(
                   jsonb_agg(jsonb_build_object(
                       'app_id', a.id, 'kind', a.kind, 'base_app_id', a.base_app_id, 'state', a.state, 'stage', a.stage,
                       'age_rating', a.age_rating,
                       'visible', coalesce(a.visible, '{}'::jsonb)
                   ) ORDER BY held.place, a.id) FILTER (WHERE a.id IS NOT NULL),
                   '[]'::jsonb
               ) AS apps
        FROM packages p
        LEFT JOIN package_apps held ON held.package_id = p.id LEFT JOIN apps a ON a.id = held.app_id
        WHERE p.id = ANY($1)
        GROUP BY p.id
        """,
        list(package_ids),
        into=QuotedPackage,
    )
    return {row.id: row for row in rows}


async def find_bundles(reader: Reader, bundle_ids: Sequence[UUID]) -> dict[UUID, QuotedBundle]:
    """Return those of these bundles that there are, with the ids of their packages."""
    rows = await reader.fetch(
        """
        SELECT b.id, b.names, b.kind, b.discount_percent, b.state,
               ARRAY(SELECT held.package_id FROM bundle_packages held WHERE held.bundle_id = b.id
                     ORDER BY held.place, held.package_id) AS package_ids
        FROM bundles b WHERE b.id = ANY($1)
        """,
        list(bundle_ids),
        into=QuotedBundle,
    )
    return {row.id: row for row in rows}


class _Level(msgspec.Struct, frozen=True):
    age_level: int | None


async def find_age_level(reader: Reader, account_id: UUID) -> int | None:
    """Return the age level of an account; none of one that has said nothing."""
    found = await reader.fetch_one(
        "SELECT age_level FROM viewers WHERE account_id = $1", account_id, into=_Level
    )
    return found.age_level if found else None


class _Owned(msgspec.Struct, frozen=True):
    app_id: UUID


async def find_owned(reader: Reader, account_id: UUID, package_ids: Sequence[UUID]) -> set[UUID]:
    """Return which of the apps in these packages an account owns."""
    rows = await reader.fetch(
        """
        SELECT o.app_id FROM owned_apps o
        WHERE o.account_id = $1 AND o.app_id IN (SELECT app_id FROM package_apps WHERE package_id = ANY($2))
        """,
        account_id,
        list(package_ids),
        into=_Owned,
    )
    return {row.app_id for row in rows}
