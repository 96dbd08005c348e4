"""What one can do with packages: look at them, and edit them."""

from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.services.catalog.apps import cards
from samovar.services.catalog.domain import Viewer
from samovar.services.catalog.errors import AgeRestricted
from samovar.services.catalog.ownership import owned
from samovar.services.catalog.packages import repository, shown
from samovar.services.catalog.packages.bundles import links
from samovar.services.catalog.packages.errors import PackageNotFound
from samovar.services.catalog.packages.schemas import (
    Held,
    PackagePage,
)
from samovar.services.catalog.prices.pricing import Pricing


class Packages:
    """Packages as people see them."""

    def __init__(self, database: Database, *, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def show(self, package_id: UUID, viewer: Viewer) -> Held:
        """Return a package as the viewer sees it, and until when its price holds.

        Raises:
            PackageNotFound: There is none, or none that is shown in their country.
            AgeRestricted: Something in it is above their age level.
        """
        found = await repository.packages(self._database, [package_id])
        if not found or not found[0].shown_where.holds_in(viewer.country):
            raise PackageNotFound
        package = found[0]
        if package.age_rating > viewer.age_level:
            raise AgeRestricted(rating=package.age_rating)
        prices = await Pricing.of(self._database, [package.id], viewer.country, self._clock.now())
        price = prices.get(package.id)
        has = await owned.of(self._database, viewer.account_id, package.app_ids)
        apps = await cards.of(self._database, package.app_ids, viewer.language)
        page = PackagePage(
            id=package.id,
            slug=package.slug,
            name=shown.text(package.names, viewer.language),
            game_id=package.app_id,
            state=package.state,
            country=viewer.country,
            age_rating=package.age_rating,
            is_preorder=package.awaits_release,
            price=shown.price(price) if price else None,
            is_activatable=package.activatable.holds_in(viewer.country),
            is_owned=has.issuperset(package.app_ids),
            contents=[
                shown.game(apps[app_id], is_owned=app_id in has)
                for app_id in package.app_ids
                if app_id in apps
            ],
            bundles=await links.of(self._database, package.id, viewer),
        )
        return Held(page, price.valid_until if price else None)
