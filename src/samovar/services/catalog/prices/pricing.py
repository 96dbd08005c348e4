"""What packages cost in a country, for every room that shows or searches prices.

    prices = await Pricing.of(database, package_ids, "RU", clock.now())
    prices[package_id].final

A package that is not on sale there, or has no price there, is left out.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.services.catalog.prices import repository
from samovar.services.catalog.prices.domain import LOWEST_WITHIN, Dated, Price
from samovar.services.catalog.prices.repository import Reader


class Pricing:
    """Prices of any number of packages, in one query."""

    @staticmethod
    async def regions(reader: Reader) -> dict[str, list[str]]:
        """Return by country the regions whose prices hold there, in their order."""
        return await repository.find_all_regions(reader)

    @staticmethod
    async def dated(reader: Reader, package_ids: Collection[UUID], at: datetime) -> dict[UUID, Dated]:
        """Return all that the prices of these packages follow from, in every region, from an instant on."""
        ids = list(package_ids)
        known = await repository.find_packages(reader, ids)
        bases = await repository.find_bases(reader, ids, regions=None, since=at)
        discounts = await repository.find_discounts(reader, ids, since=at)
        return {
            package_id: msgspec.structs.replace(
                package.dated, bases=bases.get(package_id, ()), discounts=discounts.get(package_id, ())
            )
            for package_id, package in known.items()
        }

    @staticmethod
    async def of(
        reader: Reader, package_ids: Collection[UUID], country: str, at: datetime
    ) -> dict[UUID, Price]:
        """Return what the packages cost at an instant, which may be past or to come.

        Args:
            reader: The database, or a transaction.
            package_ids: Any; unknown ones are left out.
            country: ISO 3166-1 alpha-2; in one that does not exist nothing is on sale.
            at: When.
        """
        if not package_ids:
            return {}
        found = await repository.find_priced(reader, list(package_ids), country, at - LOWEST_WITHIN)
        priced = {
            package.id: package.dated.price_at(package.regions, at)
            for package in found
            if package.sold_where.holds_in(country)
        }
        return {package_id: price for package_id, price in priced.items() if price}
