"""Bundles that hold a package, for the package's page."""

from uuid import UUID

from samovar.kit.database import Database
from samovar.services.catalog.domain import Viewer
from samovar.services.catalog.packages import repository as packages_repository
from samovar.services.catalog.packages import shown
from samovar.services.catalog.packages.bundles import domain, repository
from samovar.services.catalog.packages.schemas import BundleLink

BUNDLES_MAX = 10


async def of(database: Database, package_id: UUID, viewer: Viewer) -> list[BundleLink]:
    """Return the newest bundles that hold a package and that the viewer may see and buy."""
    bundles = await repository.bundles_on_sale_with(database, package_id, BUNDLES_MAX)
    ids = sorted({held_id for bundle in bundles for held_id in bundle.package_ids})
    packages = {package.id: package for package in await packages_repository.packages(database, ids)}
    links = []
    for bundle in bundles:
        held = [packages[held_id] for held_id in bundle.package_ids]
        if domain.age_rating(held) > viewer.age_level or not domain.shown_in(viewer.country, bundle, held):
            continue
        if domain.is_sold_in(viewer.country, bundle, held):
            links.append(
                BundleLink(
                    id=bundle.id,
                    slug=bundle.slug,
                    name=shown.text(bundle.names, viewer.language),
                    discount_percent=bundle.discount_percent,
                )
            )
    return links
