"""What a bundle may be. What somebody pays for it is prices' to say (`prices/quotes`). Pure."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from samovar.kit.errors import FieldError
from samovar.services.catalog.packages.domain import Package
from samovar.services.catalog.packages.regions import PackageState
from samovar.services.catalog.prices.quotes.domain import BundleKind, QuotedApp, QuotedBundle, QuotedPackage

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


def shown_in(country: str, bundle: Bundle, packages: Sequence[Package]) -> list[Package]:
    """Return the packages of a bundle that are shown in a country; none where the bundle itself is not.

    Of one that is bought all or nothing all must be shown; a set is shown as far as it goes.
    """
    if bundle.state == "draft":
        return []
    shown = [package for package in packages if package.shown_where.holds_in(country)]
    return [] if bundle.kind == "must_purchase_together" and len(shown) < len(packages) else shown


def is_sold_in(country: str, bundle: Bundle, packages: Sequence[Package]) -> bool:
    """Return whether somebody who has nothing of it could buy a bundle in a country: all of it, or of a set at least a part."""
    sold = [package.sold_where.holds_in(country) for package in packages]
    enough = all if bundle.kind == "must_purchase_together" else any
    return bundle.state == "on_sale" and enough(sold)


def age_rating(packages: Sequence[Package]) -> int:
    """Return the highest age mark of these packages."""
    return max((package.age_rating for package in packages), default=0)


def quoted_bundle(bundle: Bundle) -> QuotedBundle:
    """Return a bundle as what prices it wants it."""
    return QuotedBundle(
        id=bundle.id,
        names=bundle.names,
        kind=bundle.kind,
        discount_percent=bundle.discount_percent,
        state=bundle.state,
        package_ids=bundle.package_ids,
    )


def quoted_package(package: Package) -> QuotedPackage:
    """Return a package as what prices it wants it."""
    return QuotedPackage(
        id=package.id,
        names=package.names,
        state=package.state,
        is_preorder=package.is_preorder,
        sold=package.sold,
        activatable=package.activatable,
        apps=tuple(
            QuotedApp(
                app_id=app.app_id,
                state=app.state,
                stage=app.stage,
                age_rating=app.age_rating,
                visible=app.visible,
            )
            for app in package.contents
        ),
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
        is_foreign = not crosses_organisations and owners.get(package_id) != organisation_id
        if package_id not in owners or is_foreign:
            # Whether another organisation has such a package is not told.
            faults.append(FieldError(field, "package_unknown", "there is no such package"))
        elif package_id in package_ids[:place]:
            faults.append(FieldError(field, "repeated", "it is there already"))
    return faults
