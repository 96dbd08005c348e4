"""Splits delivered lines: one writer, in order, by batches; each batch one transaction.

One writer, because where an organisation stands among the tiers is one number: many writers would wait for each other there.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.database import Database, Transaction
from samovar.kit.ids import IdSource
from samovar.kit.money import Money
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Code, Kind, Transfer, leg_id
from samovar.services.payment.moscow import day_of
from samovar.services.payment.payouts.payees.regimes import Regimes, regimes_of
from samovar.services.payment.revenue import repository
from samovar.services.payment.revenue.counting import count_sold
from samovar.services.payment.revenue.domain import (
    UNCLAIMED,
    Parts,
    TierTable,
    keep_back,
    split,
    table_at,
)
from samovar.services.payment.revenue.repository import Growth, Hold, Sale, Split
from samovar.services.payment.revenue.vat import vat_percent_of

# Three transfers a line, and a few for each organisation, fit into one posting.
BATCH_MAX = 2_000

Key = tuple[str, str]


class Splitter:
    """Splits what waits, and gives back what was kept long enough.

    Args:
        reserve_percent: What is kept back of new earnings.
        reserve_days: For how long.
    """

    def __init__(
        self,
        database: Database,
        *,
        reserve_percent: int,
        reserve_days: int,
        clock: Clock,
        new_id: IdSource,
    ) -> None:
        self._database = database
        self._reserve_percent = reserve_percent
        self._reserve_for = timedelta(days=reserve_days)
        self._clock = clock
        self._new_id = new_id

    async def split_batch(self, limit: int = BATCH_MAX) -> int:
        """Split the oldest lines that wait, and return how many."""
        async with self._database.transaction() as tx:
            sales = await repository.lock_unsplit(tx, limit)
            if sales:
                await self._split(tx, sales)
        return len(sales)

    async def release_batch(self, limit: int = BATCH_MAX) -> int:
        """Give back what was kept until now, and return how many holds ended."""
        now = self._clock.now()
        due = await repository.find_due_holds(self._database, now, limit)
        by_owner: dict[Key, list[UUID]] = defaultdict(list)
        for hold in due:
            by_owner[hold.owner, hold.currency].append(hold.id)
        for key, ids in by_owner.items():
            await self._release(key, ids, now)
        return len(due)

    async def _release(self, key: Key, ids: Sequence[UUID], now: datetime) -> None:
        """Give an organisation back what refunds have left of what was kept, the oldest first."""
        reserve, payable = Account(Kind.RESERVE, *key), Account(Kind.PAYABLE, *key)
        async with self._database.transaction() as tx:
            await repository.lock_owners(tx, [key])
            left = (await posting.balance(tx, reserve)).available
            released, transfers = {}, []
            for hold in await repository.lock_holds(tx, ids):
                amount = min(hold.amount, left)
                left -= amount
                released[hold.id] = amount
                if amount:
                    transfers.append(_transfer(hold.id, "release", reserve, payable, amount, "release"))
            if transfers:
                await posting.post(tx, transfers, now=now)
            await repository.release_holds(tx, released, now)

    async def _split(self, tx: Transaction, sales: Sequence[Sale]) -> None:
        now = self._clock.now()
        tables = await repository.tier_tables(tx)
        owners = await repository.lock_owners(tx, sorted({(sale.owner, sale.currency) for sale in sales}))
        organisations = {sale.owner for sale in sales} - {UNCLAIMED}
        regimes = await regimes_of(tx, [UUID(owner) for owner in organisations])
        basis = {key: owner.basis for key, owner in owners.items()}
        splits, transfers = [], []
        sold: dict[Key, Parts] = defaultdict(lambda: Parts(0, 0, 0))
        for sale in sales:
            key = (sale.owner, sale.currency)
            divided = _divide(sale, basis[key], tables, regimes)
            splits.append(divided)
            basis[key] += divided.parts.net
            sold[key] += divided.parts
            transfers += _legs(sale, divided)
        holds, grown = [], []
        for key, parts in sold.items():
            offset, kept = keep_back(
                parts.developer, debt=owners[key].debt, reserve_percent=self._reserve_percent
            )
            grown.append(Growth(owner=key[0], currency=key[1], debt=owners[key].debt - offset, parts=parts))
            hold = Hold(id=self._new_id(), owner=key[0], currency=key[1], amount=kept)
            payable = Account(Kind.PAYABLE, *key)
            if offset:
                debt = Account(Kind.DEBT, *key)
                transfers.append(_transfer(hold.id, "offset", payable, debt, offset, "offset"))
            if kept:
                reserve = Account(Kind.RESERVE, *key)
                transfers.append(_transfer(hold.id, "reserve", payable, reserve, kept, "reserve"))
                holds.append(hold)
        if transfers:
            await posting.post(tx, transfers, now=now)
        await repository.write_splits(tx, splits, now)
        await count_sold(tx, sales, splits, now)
        await repository.grow_owners(tx, grown)
        if holds:
            await repository.add_holds(tx, holds, kept_at=now, due_at=now + self._reserve_for)


def _divide(sale: Sale, basis_before: int, tables: Sequence[TierTable], regimes: Regimes) -> Split:
    """Divide a sale by the rules of the moment in which it was delivered."""
    if sale.delivered_at is None:
        raise ValueError(f"{sale.line_id} is not delivered")
    table = table_at(tables, sale.currency, sale.delivered_at)
    regime = regimes.at(sale.owner, sale.delivered_at)
    vat_percent = vat_percent_of(regime, day_of(sale.delivered_at))
    parts = split(
        sale.gross - sale.early, basis_before=basis_before, tiers=table.tiers, vat_percent=vat_percent
    )
    return Split(
        line_id=sale.line_id,
        tier_version=table.version,
        basis_before=basis_before,
        vat_regime=regime,
        vat_percent=vat_percent,
        parts=parts,
    )


def _legs(sale: Sale, divided: Split) -> list[Transfer]:
    prepaid = Account(Kind.PREPAID, "", sale.currency)
    parts = (
        (Account(Kind.PAYABLE, sale.owner, sale.currency), divided.parts.developer),
        (Account(Kind.COMMISSION, "", sale.currency), divided.parts.commission),
        (Account(Kind.TAX, "", sale.currency), divided.parts.tax),
    )
    return [
        _transfer(sale.line_id, account.kind, prepaid, account, amount, "sale")
        for account, amount in parts
        if amount
    ]


def _transfer(cause_id: UUID, leg: str, debit: Account, credit: Account, amount: int, code: Code) -> Transfer:
    return Transfer(
        id=leg_id(cause_id, leg),
        debit=debit,
        credit=credit,
        amount=Money(amount, debit.currency),
        code=code,
        cause_id=cause_id,
    )
