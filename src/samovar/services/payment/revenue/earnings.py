"""What organisations have earned: for whoever pays them out and tells them of it.

`lock` comes first in every transaction that moves the money of an organisation out of `payable` or `reserve`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from samovar.kit.database import Database, Transaction
from samovar.services.payment.revenue import repository
from samovar.services.payment.revenue.domain import share_at, table_at
from samovar.services.payment.revenue.repository import Earned


async def lock(tx: Transaction, owners: Sequence[str], currency: str) -> None:
    """Keep everybody else from moving the money of these organisations until this transaction ends."""
    await repository.lock_owners(tx, sorted((owner, currency) for owner in owners))


async def in_window(
    reader: Database | Transaction, owners: Sequence[str], currency: str, since: datetime
) -> dict[str, int]:
    """Return what developers earned by sales delivered since then, and not given back: it may still be."""
    return await repository.earned_since(reader, owners, currency, since)


async def earned_of(reader: Database | Transaction, owner: str) -> list[Earned]:
    """Return what an organisation has sold, given back and earned in all, in each currency."""
    return await repository.find_earned(reader, owner)


async def windows_of(reader: Database | Transaction, owner: str, since: datetime) -> dict[str, int]:
    """Return, in each currency, what an organisation earned by sales delivered since then, and not given back."""
    return await repository.earned_since_by_currency(reader, owner, since)


async def shares_of(
    reader: Database | Transaction, bases: Mapping[str, int], now: datetime
) -> dict[str, int]:
    """Return what the platform takes of the next sale in each currency, by what was earned: hundredths of a percent."""
    tables = await repository.tier_tables(reader)
    return {
        currency: share_at(table_at(tables, currency, now).tiers, basis) for currency, basis in bases.items()
    }
