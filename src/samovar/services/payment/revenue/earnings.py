"""What organisations have earned: for whoever pays them out and tells them of it.

`settle_debts` comes first in every transaction that moves the money of an organisation out of `payable` or `reserve`.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from samovar.kit.database import Database, Transaction
from samovar.kit.ids import IdSource
from samovar.kit.money import Money
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.services.payment.revenue import repository
from samovar.services.payment.revenue.domain import Parts, share_at, table_at
from samovar.services.payment.revenue.repository import Earned, Growth


async def settle_debts(
    tx: Transaction, owners: Sequence[str], currency: str, *, now: datetime, new_id: IdSource
) -> None:
    """Lock organisations, and let what is owed to them pay what they owe: nobody is paid out while they owe something.

    Both stand side by side where a payout had set money aside when a refund was taken, and then did not go.
    """
    locked = await repository.lock_owners(tx, sorted((owner, currency) for owner in owners))
    owing = [one for one in locked.values() if one.debt]
    accounts = {one.owner: Account(Kind.PAYABLE, one.owner, currency) for one in owing}
    balances = await posting.balances(tx, list(accounts.values()))
    transfers, changed = [], []
    for one in owing:
        payable = accounts[one.owner]
        amount = min(one.debt, max(0, balances[payable].available))
        if amount:
            cause_id = new_id()
            transfers.append(
                Transfer(
                    id=leg_id(cause_id, "offset"),
                    debit=payable,
                    credit=Account(Kind.DEBT, one.owner, currency),
                    amount=Money(amount, currency),
                    code="offset",
                    cause_id=cause_id,
                )
            )
            changed.append(
                Growth(owner=one.owner, currency=currency, debt=one.debt - amount, parts=Parts(0, 0, 0))
            )
    if transfers:
        await posting.post(tx, transfers, now=now)
        await repository.grow_owners(tx, changed)


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
