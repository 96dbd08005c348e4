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
from samovar.services.catalog.prices.domain import LOWEST_WITHIN, Price
from samovar.services.catalog.prices.repository import Reader


class Pricing:
    """Prices of any number of packages, in four queries."""

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
        regions = await repository.find_regions(reader, country)
        if not regions:
            return {}
        sold = await repository.find_on_sale(reader, list(package_ids), country)
        ids, since = list(sold), at - LOWEST_WITHIN
        bases = await repository.find_bases(reader, ids, regions=regions, since=since)
        discounts = await repository.find_discounts(reader, ids, since=since)
        prices: dict[UUID, Price] = {}
        for package_id, dated in sold.items():
            whole = msgspec.structs.replace(
                dated, bases=bases.get(package_id, ()), discounts=discounts.get(package_id, ())
            )
            price = whole.price_at(regions, at)
            if price:
                prices[package_id] = price
        return prices
