"""Packages with all their prices and discounts, for rooms that judge changes of them.

async with database.transaction() as tx:
    held = await hold(tx, package_ids)   # nobody else changes them until the commit
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.database import Transaction
from samovar.services.catalog.prices import repository
from samovar.services.catalog.prices.discounts.domain import RulesVersion, rules_at
from samovar.services.catalog.prices.domain import Dated
from samovar.services.catalog.prices.repository import Offering, Package, Reader


async def hold(tx: Transaction, package_ids: Sequence[UUID]) -> dict[UUID, Package]:
    """Return the packages that exist, whole, under a lock. Two that hold some of the same packages come one after the other."""
    await repository.lock_packages(tx, package_ids)
    return await look(tx, package_ids)


async def look(reader: Reader, package_ids: Sequence[UUID]) -> dict[UUID, Package]:
    """Return the packages that exist, with every price and discount that they ever had."""
    packages = await repository.find_packages(reader, package_ids)
    bases = await repository.find_bases(reader, package_ids, regions=None, since=None)
    discounts = await repository.find_discounts(reader, package_ids, since=None)
    offerings = {one.id: one for one in await repository.find_offerings(reader, package_ids)}
    return {
        package.id: msgspec.structs.replace(
            package,
            dated=_offered(
                msgspec.structs.replace(
                    package.dated, bases=bases.get(package.id, []), discounts=discounts.get(package.id, [])
                ),
                offerings.get(package.id),
            ),
        )
        for package in packages.values()
    }


def _offered(dated: Dated, offering: Offering | None) -> Dated:
    """Return a package with what says whether its price is charged; of the past an operator's import is believed."""
    if offering is None:
        return dated
    dated = msgspec.structs.replace(dated, awaits_release=offering.awaits_release)
    if any(base.since < offering.created_at for base in dated.bases):
        return dated
    return msgspec.structs.replace(
        dated, is_offered=offering.is_offered, offered_since=offering.offered_since
    )


def moment_of(package: Package, now: datetime) -> datetime:
    """Return when a change happens: now, and not before the last change of its prices, whatever clock that was judged by."""
    return max([now, *(base.since for base in package.dated.bases)])


async def rules_for(reader: Reader, at: datetime) -> RulesVersion:
    """Return the rules for discounts that hold at an instant."""
    return rules_at(await repository.find_rules(reader), at)
