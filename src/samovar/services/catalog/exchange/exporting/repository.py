"""The SQL of an export: everything in an order that is the same for the same catalogue."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.catalog.domain import AppState, Availability
from samovar.services.catalog.editing.schemas import Changes
from samovar.services.catalog.exchange.repository import CreatorKnown, TermKnown
from samovar.services.catalog.exchange.schemas import BasePrice, OfferState
from samovar.services.catalog.packages.bundles.schemas import Descriptions
from samovar.services.catalog.prices.domain import DiscountKind
from samovar.services.catalog.prices.quotes.domain import BundleKind
from samovar.services.catalog.schemas import AppDocument, Names


async def list_terms(tx: Transaction, after: tuple[str, str], limit: int) -> list[TermKnown]:
    """Return terms in the order of kind and slug."""
    return await tx.fetch(
        """
        SELECT kind, slug, names FROM terms WHERE (kind COLLATE "C", slug COLLATE "C") > ($1, $2)
        ORDER BY kind COLLATE "C", slug COLLATE "C" LIMIT $3
        """,
        *after,
        limit,
        into=TermKnown,
    )


async def list_creators(tx: Transaction, after: str, limit: int) -> list[CreatorKnown]:
    """Return creators in the order of their slugs."""
    return await tx.fetch(
        """
        SELECT slug, name, website, organisation_id FROM creators WHERE slug COLLATE "C" > $1
        ORDER BY slug COLLATE "C" LIMIT $2
        """,
        after,
        limit,
        into=CreatorKnown,
    )


class AppRow(msgspec.Struct, frozen=True, kw_only=True):
    """An app as it is given out."""

    slug: str
    origin: str
    origin_key: str | None
    state: AppState
    organisation_id: UUID | None
    popularity: float
    early_access_at: datetime | None
    released_at: datetime | None
    document: AppDocument


async def list_apps(tx: Transaction, after: str, limit: int) -> list[AppRow]:
    """Return apps in the order of their slugs."""
    # A real as the shortest text that means the same: 0.1, not 0.10000000149.
    return await tx.fetch(
        """
        SELECT slug, origin, origin_key, state, organisation_id, popularity::text::float8 AS popularity,
            early_access_at, released_at, document
        FROM apps LEFT JOIN app_releases ON app_id = id
        WHERE slug COLLATE "C" > $1 ORDER BY slug COLLATE "C" LIMIT $2
        """,
        after,
        limit,
        into=AppRow,
    )


class ChangeRow(msgspec.Struct, frozen=True, kw_only=True):
    """An entry of a changelog as it is given out."""

    app: str
    published_at: datetime
    release: str
    texts: Changes


async def list_changes(
    tx: Transaction, after: tuple[str, datetime | None, str], limit: int
) -> list[ChangeRow]:
    """Return entries of changelogs in the order of app, moment and release."""
    return await tx.fetch(
        """
        SELECT a.slug AS app, c.published_at, c.release, c.texts
        FROM changelog_entries c JOIN apps a ON a.id = c.app_id
        WHERE (a.slug COLLATE "C", c.published_at, c.release COLLATE "C") > ($1, coalesce($2::timestamptz, '-infinity'), $3)
        ORDER BY a.slug COLLATE "C", c.published_at, c.release COLLATE "C" LIMIT $4
        """,
        *after,
        limit,
        into=ChangeRow,
    )


class PackageRow(msgspec.Struct, frozen=True, kw_only=True):
    """A package as it is given out."""

    slug: str
    app: str
    names: Names
    place: int
    state: OfferState
    is_preorder: bool
    contents: list[str]
    sold: Availability
    activatable: Availability
    prices: dict[str, BasePrice]


async def list_packages(tx: Transaction, after: str, limit: int) -> list[PackageRow]:
    """Return packages in the order of their slugs."""
    return await tx.fetch(
        """
        SELECT p.slug, a.slug AS app, p.names, p.place, p.state, p.is_preorder, p.sold, p.activatable, (
            SELECT coalesce(jsonb_agg(c.slug ORDER BY pa.place, pa.app_id), '[]')
            FROM package_apps pa JOIN apps c ON c.id = pa.app_id WHERE pa.package_id = p.id
        ) AS contents, (
            SELECT coalesce(jsonb_object_agg(region, jsonb_build_object('amount', amount, 'currency', currency)), '{}')
            FROM base_prices b WHERE b.package_id = p.id AND b.until IS NULL AND b.amount IS NOT NULL
        ) AS prices
        FROM packages p JOIN apps a ON a.id = p.app_id
        WHERE p.slug COLLATE "C" > $1 ORDER BY p.slug COLLATE "C" LIMIT $2
        """,
        after,
        limit,
        into=PackageRow,
    )


class PastRow(msgspec.Struct, frozen=True, kw_only=True):
    """A base price and since when it was asked."""

    package: str
    region: str
    amount: int
    currency: str
    since: datetime


async def list_past(tx: Transaction, packages: Sequence[str]) -> list[PastRow]:
    """Return what these packages ever cost in the regions in which they have a price, each change once."""
    return await tx.fetch(
        """
        SELECT package, region, amount, currency, since FROM (
            SELECT p.slug AS package, b.region, b.amount, b.currency, b.since,
                lag(b.amount) OVER (PARTITION BY p.id, b.region ORDER BY b.since) AS before,
                bool_or(b.until IS NULL) OVER (PARTITION BY p.id, b.region) AS is_priced
            FROM base_prices b JOIN packages p ON p.id = b.package_id
            WHERE p.slug = ANY($1) AND b.amount IS NOT NULL AND (b.until IS NULL OR b.until > b.since)
        ) steps
        WHERE is_priced AND before IS DISTINCT FROM amount
        ORDER BY package COLLATE "C", region COLLATE "C", since
        """,
        list(packages),
        into=PastRow,
    )


class BundleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle as it is given out."""

    slug: str
    names: Names
    descriptions: Descriptions
    kind: BundleKind
    discount_percent: int
    state: OfferState
    organisation_id: UUID | None
    packages: list[str]


async def list_bundles(tx: Transaction, after: str, limit: int) -> list[BundleRow]:
    """Return bundles in the order of their slugs."""
    return await tx.fetch(
        """
        SELECT b.slug, b.names, b.descriptions, b.kind, b.discount_percent, b.state, b.organisation_id, (
            SELECT coalesce(jsonb_agg(p.slug ORDER BY bp.place, p.id), '[]')
            FROM bundle_packages bp JOIN packages p ON p.id = bp.package_id WHERE bp.bundle_id = b.id
        ) AS packages
        FROM bundles b WHERE b.slug COLLATE "C" > $1 ORDER BY b.slug COLLATE "C" LIMIT $2
        """,
        after,
        limit,
        into=BundleRow,
    )


class DiscountRow(msgspec.Struct, frozen=True, kw_only=True):
    """A discount as it is given out."""

    package: str
    kind: DiscountKind
    percent: int
    starts_at: datetime
    ends_at: datetime


async def list_discounts(tx: Transaction, packages: Sequence[str]) -> list[DiscountRow]:
    """Return the discounts of these packages that were not called off.

    One of the launch is told with the moment of the release, at which it really began, where that came before its plan.
    """
    return await tx.fetch(
        """
        SELECT p.slug AS package, d.kind, d.percent, begun.at AS starts_at, begun.at + (d.ends_at - d.starts_at) AS ends_at
        FROM discounts d
        JOIN packages p ON p.id = d.package_id
        LEFT JOIN app_releases r ON r.app_id = p.app_id
        CROSS JOIN LATERAL (
            SELECT CASE WHEN d.kind = 'launch' THEN least(d.starts_at, r.early_access_at, r.released_at)
                ELSE d.starts_at END AS at
        ) begun
        WHERE p.slug = ANY($1) AND d.ended_at IS NULL
        ORDER BY p.slug COLLATE "C", begun.at, d.kind
        """,
        list(packages),
        into=DiscountRow,
    )
