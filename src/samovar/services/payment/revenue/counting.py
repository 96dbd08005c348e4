"""Tells what was sold and taken back, by package, country and day, in the transaction that moves the money: nothing of a person."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from samovar.kit.database import Transaction
from samovar.services.payment.contract.revenue_events import SalesChange, SalesCounted
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.moscow import day_of
from samovar.services.payment.revenue import repository
from samovar.services.payment.revenue.domain import UNCLAIMED, Parts
from samovar.services.payment.revenue.repository import Sale, Split

CHANGES_MAX = 500
_NOTHING = Parts(0, 0, 0)


class _Key(NamedTuple):
    owner: str
    package_id: UUID
    country: str
    currency: str
    day: date


async def count_sold(tx: Transaction, sales: Sequence[Sale], splits: Sequence[Split], now: datetime) -> None:
    """Tell of lines that were divided just now; what nobody is paid for is not told."""
    owned = [(sale, split) for sale, split in zip(sales, splits, strict=True) if sale.owner != UNCLAIMED]
    places = await repository.places_of_sales(tx, [sale.line_id for sale, _ in owned])
    units: dict[_Key, int] = defaultdict(int)
    sold: dict[_Key, Parts] = defaultdict(lambda: _NOTHING)
    for sale, split in owned:
        place = places[sale.line_id]
        day = day_of(sale.delivered_at or now)
        key = _Key(sale.owner, place.package_id, place.country, sale.currency, day)
        units[key] += 1 if split.parts.total else 0
        sold[key] += split.parts
    changes = [
        SalesChange(
            organisation_id=UUID(key.owner),
            package_id=key.package_id,
            country=key.country,
            currency=key.currency,
            day=key.day,
            units=units[key],
            gross=parts.total,
            tax=parts.tax,
            commission=parts.commission,
            developer=parts.developer,
        )
        for key, parts in sold.items()
        if parts.total
    ]
    for start in range(0, len(changes), CHANGES_MAX):
        await tx.publish(SalesCounted(changes=tuple(changes[start : start + CHANGES_MAX]), counted_at=now))


async def count_refund(
    tx: Transaction, order: Order, line: OrderLine, sale: Sale, parts: Parts, now: datetime
) -> None:
    """Tell of a part of a divided line that went back; what nobody was paid for is not told."""
    if sale.owner == UNCLAIMED or not parts.total:
        return
    change = SalesChange(
        organisation_id=UUID(sale.owner),
        package_id=line.package_id,
        country=order.country,
        currency=sale.currency,
        day=day_of(now),
        refunded_units=1 if parts.total == sale.left else 0,
        refunds=parts.total,
        refunded_tax=parts.tax,
        refunded_commission=parts.commission,
        refunded_developer=parts.developer,
    )
    await tx.publish(SalesCounted(changes=(change,), counted_at=now))
