"""What a bundle may be, and what somebody pays for it. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Literal
from uuid import UUID

import msgspec

from samovar.kit.errors import FieldError
from samovar.kit.money import Money, total_of
from samovar.services.catalog.domain import Availability
from samovar.services.catalog.packages import regions
from samovar.services.catalog.packages.domain import Package, PackageState
from samovar.services.catalog.prices.domain import Line, Price

BundleKind = Literal["complete_the_set", "must_purchase_together"]
PACKAGES_PER_BUNDLE_MIN = 2
PACKAGES_PER_BUNDLE_MAX = 50
BUNDLES_PER_ORGANISATION_MAX = 500
DISCOUNT_PERCENT_MAX = 95


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle, as it is kept.

    Attributes:
        names: Russian and, where there is one, English; `descriptions` likewise.
        discount_percent: Comes off what each package costs at the moment, after its own discount.
        package_ids: In the order in which they are shown.
    """

    id: UUID
    slug: str
    organisation_id: UUID | None
    names: dict[str, str | None]
    descriptions: dict[str, str | None]
    kind: BundleKind
    discount_percent: int
    state: PackageState
    version: int
    package_ids: tuple[UUID, ...]


class Cost(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody pays for a bundle.

    Attributes:
        lines: The packages that they pay for, the bundle's percentage off.
        base: What these cost without any discount.
        total: What they pay.
    """

    lines: tuple[Line, ...]
    base: Money
    total: Money


def shown_where(packages: Sequence[Package], state: PackageState) -> Availability:
    """Return where a bundle may be looked at: where each of its packages may."""
    if state == "draft":
        return regions.NOWHERE
    return regions.meet(*(package.shown_where for package in packages))


def sold_where(packages: Sequence[Package], state: PackageState) -> Availability:
    """Return where a bundle may be bought: where each of its packages may. One that is sold in part would not be what it says."""
    if state != "on_sale" or len(packages) < PACKAGES_PER_BUNDLE_MIN:
        return regions.NOWHERE
    return regions.meet(*(package.sold_where for package in packages))


def cost_of(
    bundle: Bundle, packages: Sequence[Package], prices: Mapping[UUID, Price], owned: Collection[UUID]
) -> Cost | None:
    """Return what somebody pays for a bundle now; none where it cannot be had, or where nothing is left to pay for.

    Args:
        bundle: The bundle. `complete_the_set`: one pays for the packages of which one lacks something; `must_purchase_together`: for all,
            whatever one has.
        packages: Those in it.
        prices: What each costs in the country.
        owned: The apps that they have.
    """
    if any(package.id not in prices for package in packages):
        return None
    paid_for = [
        package
        for package in packages
        if bundle.kind == "must_purchase_together" or not set(package.app_ids) <= set(owned)
    ]
    if not paid_for:
        return None
    lines = tuple(
        Line.of(package.id, prices[package.id], bundle.discount_percent) for package in paid_for
    )
    currency = lines[0].final.currency
    if any(line.price.base.currency != currency for line in lines):
        # Prices of one country in two currencies: nobody can add them up, so nobody can buy them at once.
        return None
    return Cost(
        lines=lines,
        base=total_of((line.price.base for line in lines), currency),
        total=total_of((line.final for line in lines), currency),
    )


def faults_of_bundle(
    *,
    organisation_id: UUID | None,
    package_ids: Sequence[UUID],
    owners: Mapping[UUID, UUID | None],
    crosses_organisations: bool,
) -> list[FieldError]:
    """Return what is wrong with the packages of a bundle that somebody wants to write.

    Args:
        organisation_id: Whose bundle it is.
        package_ids: What it shall hold.
        owners: The organisation of each package that exists.
        crosses_organisations: Packages of other organisations are allowed, too.
    """
    faults = []
    if len(package_ids) < PACKAGES_PER_BUNDLE_MIN:
        limit = str(PACKAGES_PER_BUNDLE_MIN)
        faults.append(FieldError("package_ids", "too_short", f"at least {limit} packages", limit=limit))
    if len(package_ids) > PACKAGES_PER_BUNDLE_MAX:
        limit = str(PACKAGES_PER_BUNDLE_MAX)
        faults.append(FieldError("package_ids", "too_long", f"at most {limit} packages", limit=limit))
    for place, package_id in enumerate(package_ids):
        field = f"package_ids[{place}]"
        if package_id not in owners:
            faults.append(FieldError(field, "package_unknown", "there is no such package"))
        elif package_id in package_ids[:place]:
            faults.append(FieldError(field, "repeated", "it is there already"))
        elif not crosses_organisations and owners[package_id] != organisation_id:
            faults.append(FieldError(field, "package_foreign", "it is of another organisation"))
    return faults
