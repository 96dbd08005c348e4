"""The checks of sales: L8; see `invariants`."""

from collections.abc import Iterator, Sequence
from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.services.payment.ledger.domain import Fault, Kind, leg_id
from samovar.services.payment.moscow import day_of
from samovar.services.payment.revenue import repository as sales
from samovar.services.payment.revenue.checking import repository
from samovar.services.payment.revenue.checking.repository import Reversed, SplitSale
from samovar.services.payment.revenue.domain import Parts, Tier, TierTable, split
from samovar.services.payment.revenue.vat import VatRegime, vat_percent_of

FAULTS_MAX = 100
SLICE = 10_000
_NIL = UUID(int=0)


async def wrong(database: Database) -> list[Fault]:
    """Return what is wrong with sales."""
    found = await _wrong_splits(database)
    found += await _wrong_reversals(database)
    found += [
        Fault(invariant="L8", subject=f"owner {wrong.owner}:{wrong.currency}", detail=wrong.detail)
        for wrong in await repository.wrong_owners(database, FAULTS_MAX)
    ]
    return found[:FAULTS_MAX]


async def _wrong_splits(database: Database) -> list[Fault]:
    tables = {table.version: table for table in await sales.tier_tables(database)}
    found: list[Fault] = []
    after = 0
    while len(found) < FAULTS_MAX:
        # A split and its transfers are of one transaction: whoever sees the one sees the other a moment later.
        rows = await repository.split_sales(database, after, SLICE)
        if not rows:
            break
        after = rows[-1].seq
        moved = await repository.moved(database, [leg for row in rows for leg, _ in _legs_of(row)])
        for row in rows:
            found += _faults_of(row, tables, moved)
    return found


async def _wrong_reversals(database: Database) -> list[Fault]:
    found: list[Fault] = []
    after = (_NIL, _NIL)
    while len(found) < FAULTS_MAX:
        rows = await repository.reversals(database, after, SLICE)
        if not rows:
            break
        after = (rows[-1].refund_id, rows[-1].line_id)
        moved = await repository.moved(database, [leg for row in rows for leg, _ in _legs_back(row)])
        found += [
            Fault(
                invariant="L8",
                subject=f"refund {row.refund_id} of line {row.line_id}",
                detail=f"transfer {leg} moved {moved.get(leg, 0)}, not {amount}",
            )
            for row in rows
            for leg, amount in _legs_back(row)
            if moved.get(leg, 0) != amount
        ]
    return found


def _legs_of(sale: SplitSale) -> Iterator[tuple[UUID, int]]:
    yield leg_id(sale.line_id, Kind.PAYABLE), sale.developer
    yield leg_id(sale.line_id, Kind.COMMISSION), sale.commission
    yield leg_id(sale.line_id, Kind.TAX), sale.tax


def _legs_back(row: Reversed) -> Iterator[tuple[UUID, int]]:
    taken = {
        Kind.PREPAID: row.amount if row.is_early else 0,
        Kind.TAX: row.tax,
        Kind.COMMISSION: row.commission,
        Kind.PAYABLE: row.from_payable,
        Kind.RESERVE: row.from_reserve,
        Kind.DEBT: row.from_debt,
    }
    for kind, amount in taken.items():
        yield leg_id(row.refund_id, f"{row.line_id}:{kind}"), amount


def _faults_of(sale: SplitSale, tables: dict[int, TierTable], moved: dict[UUID, int]) -> Iterator[Fault]:
    for detail in (*_rules_broken(sale, tables), *_legs_missing(sale, moved), *_refunds_differ(sale)):
        yield Fault(invariant="L8", subject=f"sale {sale.line_id}", detail=detail)


def _rules_broken(sale: SplitSale, tables: dict[int, TierTable]) -> Iterator[str]:
    table = tables.get(sale.tier_version)
    if table is None:
        yield f"there are no tiers {sale.tier_version}"
        return
    # Another currency without tiers of its own has the first share of the roubles' alone.
    tiers: Sequence[Tier] = table.tiers if table.currency == sale.currency else table.tiers[:1]
    again = split(
        sale.gross - sale.early,
        basis_before=sale.basis_before,
        tiers=tiers,
        vat_percent=sale.vat_percent,
    )
    if again != Parts(sale.tax, sale.commission, sale.developer):
        yield f"its rules make {again} of it"
    rate = vat_percent_of(msgspec.convert(sale.vat_regime, VatRegime), day_of(sale.delivered_at))
    if rate != sale.vat_percent:
        yield f"VAT of that day was {rate} %, not {sale.vat_percent}"


def _legs_missing(sale: SplitSale, moved: dict[UUID, int]) -> Iterator[str]:
    for leg, amount in _legs_of(sale):
        if moved.get(leg, 0) != amount:
            yield f"transfer {leg} moved {moved.get(leg, 0)}, not {amount}"


def _refunds_differ(sale: SplitSale) -> Iterator[str]:
    kept = (sale.reversed_tax, sale.reversed_commission, sale.reversed_developer, sale.early)
    summed = (sale.sum_tax, sale.sum_commission, sale.sum_developer, sale.sum_early)
    if kept != summed:
        yield f"refunds took {summed}, noted are {kept}"
