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
from samovar.services.catalog.prices.repository import Package, Reader


async def hold(tx: Transaction, package_ids: Sequence[UUID]) -> dict[UUID, Package]:
    """Return the packages that exist, whole, under a lock. Two that hold some of the same packages come one after the other."""
    await repository.lock_packages(tx, package_ids)
    return await look(tx, package_ids)


async def look(reader: Reader, package_ids: Sequence[UUID]) -> dict[UUID, Package]:
    """Return the packages that exist, with every price and discount that they ever had."""
    packages = await repository.find_packages(reader, package_ids)
    bases = await repository.find_bases(reader, package_ids, regions=None, since=None)
    discounts = await repository.find_discounts(reader, package_ids, since=None)
    return {
        package.id: msgspec.structs.replace(
            package,
            dated=msgspec.structs.replace(
                package.dated, bases=bases.get(package.id, []), discounts=discounts.get(package.id, [])
            ),
        )
        for package in packages.values()
    }


def moment_of(package: Package, now: datetime) -> datetime:
    """Return when a change happens: now, and not before the last change of its prices, whatever clock that was judged by."""
    return max([now, *(base.since for base in package.dated.bases)])


async def rules_for(reader: Reader, at: datetime) -> RulesVersion:
    """Return the rules for discounts that hold at an instant."""
    return rules_at(await repository.find_rules(reader), at)
