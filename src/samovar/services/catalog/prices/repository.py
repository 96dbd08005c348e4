"""The SQL of what packages cost: everything that a price follows from, for any number of packages at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.money import Money
from samovar.services.catalog.domain import Availability
from samovar.services.catalog.packages import regions as places
from samovar.services.catalog.packages.regions import Content, PackageState
from samovar.services.catalog.prices.discounts.domain import RulesVersion
from samovar.services.catalog.prices.domain import BasePrice, Dated, Discount, DiscountKind, Release

Reader = Database | Transaction


class _Base(msgspec.Struct, frozen=True, kw_only=True):
    package_id: UUID
    region: str
    amount: int | None
    currency: str
    since: datetime
    until: datetime | None
    is_raised: bool


class DiscountRow(msgspec.Struct, frozen=True, kw_only=True):
    """A discount as it is kept; `rest_days` are those of the rules that it was judged by."""

    id: UUID
    package_id: UUID
    kind: DiscountKind
    percent: int
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    rest_days: int

    @property
    def discount(self) -> Discount:
        """Itself, as prices follow from it."""
        return _discount_of(self)


async def find_regions(reader: Reader, country: str) -> list[str] | None:
    """Return the regions whose price holds in a country, in their order; none: there is no such country."""
    regions: list[str] | None = await reader.fetch_value(
        "SELECT regions FROM price_countries WHERE country = $1", country
    )
    return regions


async def find_all_regions(reader: Reader) -> dict[str, list[str]]:
    """Return the regions of every country."""
    rows = await reader.fetch("SELECT country, regions FROM price_countries", into=_Country)
    return {row.country: row.regions for row in rows}


class _Country(msgspec.Struct, frozen=True):
    country: str
    regions: list[str]


# One answer, whose text is read straight into structs: as many rows, each made into a struct by itself, take three times as long.
_PRICED = """
    SELECT coalesce(json_agg(json_build_array(
        p.id, p.state, p.sold, p.is_preorder, c.regions,
        (SELECT json_build_array(r.early_access_at, r.released_at) FROM app_releases r WHERE r.app_id = p.app_id),
        (
            SELECT coalesce(json_agg(json_build_object('state', a.state, 'stage', a.stage, 'visible', coalesce(a.visible, '{}'))), '[]')
            FROM package_apps held JOIN apps a ON a.id = held.app_id WHERE held.package_id = p.id
        ),
        (
            SELECT coalesce(json_agg(json_build_array(b.region, b.amount, b.currency, b.since, b.until, b.is_raised)), '[]')
            FROM base_prices b
            WHERE b.package_id = p.id AND b.region = ANY(c.regions) AND (b.until IS NULL OR b.until > $3)
        ),
        (
            SELECT coalesce(json_agg(json_build_array(
                d.id, d.kind, d.percent, d.starts_at, d.ends_at, d.ended_at, v.rules -> 'rest_days_after_release'
            )), '[]')
            FROM discounts d JOIN discount_rules v ON v.version = d.rules_version
            WHERE d.package_id = p.id AND (d.ends_at > $3 OR d.kind = 'launch')
              AND (d.ended_at IS NULL OR d.ended_at > d.starts_at OR d.kind = 'launch')
        )
    )), '[]')::text
    FROM price_countries c CROSS JOIN packages p
    WHERE c.country = $2 AND p.id = ANY($1)
"""


class _PricedBase(msgspec.Struct, frozen=True, array_like=True):
    region: str
    amount: int | None
    currency: str
    since: datetime
    until: datetime | None
    is_raised: bool


class _PricedDiscount(msgspec.Struct, frozen=True, array_like=True):
    id: UUID
    kind: DiscountKind
    percent: int
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    rest_days: int


class PricedPackage(msgspec.Struct, frozen=True, array_like=True):
    """A package with all that its price in a country follows from."""

    id: UUID
    state: PackageState
    sold: Availability
    is_preorder: bool
    regions: list[str]
    releases: tuple[datetime | None, datetime | None] | None
    contents: list[Content]
    bases: list[_PricedBase]
    discounts: list[_PricedDiscount]

    @property
    def sold_where(self) -> Availability:
        """In which countries it can be bought, by the answer that all rooms share."""
        return places.sold(
            state=self.state, is_preorder=self.is_preorder, sold=self.sold, contents=self.contents
        )

    @property
    def dated(self) -> Dated:
        """What the price follows from."""
        early_access_at, released_at = self.releases or (None, None)
        return Dated(
            release=Release(early_access_at=early_access_at, released_at=released_at),
            is_preorder=self.is_preorder,
            bases=[_base_of(base) for base in self.bases],
            discounts=[_discount_of(discount) for discount in self.discounts],
        )


_PRICED_ANSWER = msgspec.json.Decoder(list[PricedPackage])


async def find_priced(
    reader: Reader, package_ids: Sequence[UUID], country: str, since: datetime
) -> list[PricedPackage]:
    """Return the packages with what decides where they are sold, and what held in the country's regions at `since` or later."""
    answer: str = await reader.fetch_value(_PRICED, list(package_ids), country, since)
    return _PRICED_ANSWER.decode(answer)


class Package(msgspec.Struct, frozen=True, kw_only=True):
    """A package whose prices are looked at or changed.

    Attributes:
        dated: Its release, and no prices yet.
    """

    id: UUID
    slug: str
    app_id: UUID
    organisation_id: UUID | None
    names: dict[str, str | None]
    dated: Dated


class _Package(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    slug: str
    app_id: UUID
    organisation_id: UUID | None
    names: dict[str, str | None]
    is_preorder: bool
    early_access_at: datetime | None
    released_at: datetime | None
    other_releases: list[datetime]


async def find_packages(reader: Reader, package_ids: Sequence[UUID]) -> dict[UUID, Package]:
    """Return all of the packages that exist."""
    rows = await reader.fetch(
        """
        SELECT p.id, p.slug, p.app_id, p.organisation_id, p.names, p.is_preorder, r.early_access_at, r.released_at,
            ARRAY(
                SELECT moment
                FROM package_apps held
                    -- OFFSET keeps the look at each app a look by its key, however wrong the statistics of a filling table are.
                    CROSS JOIN LATERAL (
                        SELECT a.base_app_id, o.early_access_at, o.released_at
                        FROM apps a JOIN app_releases o ON o.app_id = a.id WHERE a.id = held.app_id OFFSET 0
                    ) AS other
                    CROSS JOIN unnest(ARRAY[other.early_access_at, other.released_at]) AS moment
                WHERE held.package_id = p.id AND held.app_id <> p.app_id AND moment IS NOT NULL
                    -- What belongs to the game whose page it is comes with it, and is no launch of its own.
                    AND (other.base_app_id IS DISTINCT FROM p.app_id
                        OR NOT EXISTS (SELECT FROM package_apps game WHERE game.package_id = p.id AND game.app_id = p.app_id))
            ) AS other_releases
        FROM packages p LEFT JOIN app_releases r ON r.app_id = p.app_id
        WHERE p.id = ANY($1)
        """,
        list(package_ids),
        into=_Package,
    )
    return {
        row.id: Package(
            id=row.id,
            slug=row.slug,
            app_id=row.app_id,
            organisation_id=row.organisation_id,
            names=row.names,
            dated=Dated(
                release=Release(early_access_at=row.early_access_at, released_at=row.released_at),
                is_preorder=row.is_preorder,
                other_releases=row.other_releases,
            ),
        )
        for row in rows
    }


class Offering(msgspec.Struct, frozen=True, kw_only=True):
    """What of a package says whether its price is really charged.

    Attributes:
        awaits_release: Something in it but the game of its page is not out yet.
        offered_since: Since when it has been on sale without a break; none: nobody noted it.
    """

    id: UUID
    created_at: datetime
    is_offered: bool
    awaits_release: bool
    offered_since: datetime | None


async def find_offerings(reader: Reader, package_ids: Sequence[UUID]) -> list[Offering]:
    """Return of all of the packages that exist whether they are on sale, and since when."""
    return await reader.fetch(
        """
        SELECT p.id, p.created_at, p.state = 'on_sale' AS is_offered,
            EXISTS (
                SELECT FROM package_apps held JOIN apps a ON a.id = held.app_id
                WHERE held.package_id = p.id AND held.app_id <> p.app_id AND a.stage = 'coming_soon'
            ) AS awaits_release,
            (
                SELECT min(v.changed_at) FROM package_versions v
                WHERE v.package_id = p.id AND v.version > coalesce((
                    SELECT max(n.version) FROM package_versions n
                    WHERE n.package_id = p.id AND n.document ->> 'state' <> 'on_sale'
                ), 0)
            ) AS offered_since
        FROM packages p WHERE p.id = ANY($1)
        """,
        list(package_ids),
        into=Offering,
    )


async def lock_packages(tx: Transaction, package_ids: Sequence[UUID]) -> None:
    """Let nobody else change prices of these packages, or release their games, until the end of the transaction."""
    await tx.execute(
        "SELECT FROM packages WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE", list(package_ids)
    )
    await tx.execute(
        """
        SELECT FROM apps WHERE id IN (SELECT app_id FROM packages WHERE id = ANY($1)) ORDER BY id FOR SHARE
        """,
        list(package_ids),
    )


async def find_package_of(reader: Reader, app_id: UUID, package_id: UUID | None) -> UUID | None:
    """Return a package that is offered on the page of an app: the one with this id, or the standard one."""
    found: UUID | None = await reader.fetch_value(
        "SELECT id FROM packages WHERE app_id = $1 AND ($2::uuid IS NULL OR id = $2) ORDER BY place LIMIT 1",
        app_id,
        package_id,
    )
    return found


async def find_rules(reader: Reader) -> list[RulesVersion]:
    """Return every version of the rules for discounts."""
    return await reader.fetch("SELECT version, effective_from, rules FROM discount_rules", into=RulesVersion)


async def find_currencies(reader: Reader) -> dict[str, str]:
    """Return the currency of every region."""
    rows = await reader.fetch("SELECT code, currency FROM price_regions ORDER BY code", into=_Region)
    return {row.code: row.currency for row in rows}


class _Region(msgspec.Struct, frozen=True):
    code: str
    currency: str


async def find_bases(
    reader: Reader, package_ids: Sequence[UUID], *, regions: Sequence[str] | None, since: datetime | None
) -> dict[UUID, list[BasePrice]]:
    """Return the base prices that held at `since` or later; without it, all that ever were.

    Args:
        reader: Where to look.
        package_ids: Whose.
        regions: In which regions; none: in all.
        since: The beginning of what counts.
    """
    rows = await reader.fetch(
        """
        SELECT package_id, region, amount, currency, since, until, is_raised
        FROM base_prices
        WHERE package_id = ANY($1) AND ($2::text[] IS NULL OR region = ANY($2))
          AND (until IS NULL OR $3::timestamptz IS NULL OR until > $3)
        ORDER BY since, until
        """,
        list(package_ids),
        None if regions is None else list(regions),
        since,
        into=_Base,
    )
    bases: dict[UUID, list[BasePrice]] = {}
    for row in rows:
        bases.setdefault(row.package_id, []).append(_base_of(row))
    return bases


async def find_discounts(
    reader: Reader, package_ids: Sequence[UUID], *, since: datetime | None
) -> dict[UUID, list[Discount]]:
    """Return the discounts that held at `since`, or may later; without it, all that ever were."""
    rows = await reader.fetch(
        """
        SELECT d.id, d.package_id, d.kind, d.percent, d.starts_at, d.ends_at, d.ended_at,
               (r.rules ->> 'rest_days_after_release')::int AS rest_days
        FROM discounts d JOIN discount_rules r ON r.version = d.rules_version
        WHERE d.package_id = ANY($1) AND ($2::timestamptz IS NULL OR d.ends_at > $2 OR d.kind = 'launch')
          AND (d.ended_at IS NULL OR d.ended_at > d.starts_at OR d.kind = 'launch')
        ORDER BY d.starts_at
        """,
        list(package_ids),
        since,
        into=DiscountRow,
    )
    discounts: dict[UUID, list[Discount]] = {}
    for row in rows:
        discounts.setdefault(row.package_id, []).append(row.discount)
    return discounts


def _base_of(row: _Base | _PricedBase) -> BasePrice:
    return BasePrice(
        region=row.region,
        price=None if row.amount is None else Money(row.amount, row.currency),
        since=row.since,
        until=row.until,
        is_raised=row.is_raised,
    )


def _discount_of(row: DiscountRow | _PricedDiscount) -> Discount:
    return Discount(
        id=row.id,
        kind=row.kind,
        percent=row.percent,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        ended_at=row.ended_at,
        rest_after_release=timedelta(days=row.rest_days),
    )
