"""Reports as doors show them. All amounts are minor units of their currency; days are those of Moscow."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

Grouping = Literal["day", "month", "country", "package"]
GROUPINGS_MAX = 4
DAYS_MAX = 366
ROWS_MAX = 5_000

Groupings = Annotated[
    tuple[Grouping, ...], Meta(max_length=GROUPINGS_MAX, description="What lines are kept apart by.")
]


class SalesRow(msgspec.Struct, frozen=True, kw_only=True):
    """Sales that have what they are grouped by in common; the rest of that is none.

    Attributes:
        day: With the grouping `month`, its first.
        country: By the prices of which it was bought.
        units: Copies sold, free ones not counted.
        gross: What players paid for them.
        refunded_units: Copies given back in full.
        refunds: What went back to players.
        tax: VAT of what was sold, less that of what went back.
        commission: The platform's share, less that of what went back.
        net: What the organisation earned: gross less refunds, tax and commission.
    """

    day: date | None = None
    country: str | None = None
    package_id: UUID | None = None
    currency: str
    units: int
    gross: int
    refunded_units: int
    refunds: int
    tax: int
    commission: int
    net: int


class SalesReport(msgspec.Struct, frozen=True, kw_only=True):
    """What was sold of an app between two days, both counted in.

    Attributes:
        rows: By day, country and package, as far as asked for.
        totals: One line a currency.
    """

    since: date
    until: date
    rows: list[SalesRow]
    totals: list[SalesRow]
