"""Which games cost nothing: there a free licence is what a bought one is elsewhere."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from samovar.kit.database import Database, Transaction
from samovar.services.catalog.packages import offers
from samovar.services.catalog.prices.pricing import Pricing


async def among(
    reader: Database | Transaction, app_ids: Collection[UUID], *, country: str, at: datetime
) -> frozenset[UUID]:
    """Return those of the apps that are offered in a country and cost nothing there, discounts aside."""
    offered = await offers.of(reader, sorted(app_ids), country)
    package_ids = [offer.package_id for found in offered.values() for offer in found]
    prices = await Pricing.of(reader, package_ids, country, at)
    free = set()
    for app_id, found in offered.items():
        asked = [prices[offer.package_id].base.amount for offer in found if offer.package_id in prices]
        if asked and not any(asked):
            free.add(app_id)
    return frozenset(free)
