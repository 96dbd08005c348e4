"""Reports as doors show them. All amounts are minor units of their currency; days are those of Moscow."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

Grouping = Literal["day", "month", "country", "package"]
TrafficGrouping = Literal["day", "month", "source"]
Period = Literal["day", "month"]
GROUPINGS_MAX = 4
DAYS_MAX = 366
ROWS_MAX = 5_000

Groupings = Annotated[
    tuple[Grouping, ...], Meta(max_length=GROUPINGS_MAX, description="What lines are kept apart by.")
]

TrafficGroupings = Annotated[
    tuple[TrafficGrouping, ...], Meta(max_length=GROUPINGS_MAX, description="What lines are kept apart by.")
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


class WishesRow(msgspec.Struct, frozen=True, kw_only=True):
    """How wishlists changed in a day or a month.

    Attributes:
        day: With months, the first; none in totals.
        added: How many put the game on their list.
        removed: How many took it off, or hid the game.
        conversions: How many of those who had it there have got the game.
    """

    day: date | None = None
    added: int
    removed: int
    conversions: int


class WishlistReport(msgspec.Struct, frozen=True, kw_only=True):
    """How wishlists changed between two days, both counted in.

    Attributes:
        rows: Days or months without a change are left out.
        totals: One line.
    """

    since: date
    until: date
    rows: list[WishesRow]
    totals: list[WishesRow]


class TrafficRow(msgspec.Struct, frozen=True, kw_only=True):
    """Views of a page that have what they are grouped by in common; the rest of that is none.

    Attributes:
        day: With the grouping `month`, its first.
        source: Where those who looked came from: `search`, `home`, `wishlist`…
        views: Of one visitor, those after half an hour of quiet; no bots.
        visitors: Each once a day, at the source that they came from first: over several days, the sum of those days.
    """

    day: date | None = None
    source: str | None = None
    views: int
    visitors: int


class TrafficReport(msgspec.Struct, frozen=True, kw_only=True):
    """How often a page was looked at between two days, both counted in.

    Attributes:
        rows: By day and source, as far as asked for.
        totals: One line.
    """

    since: date
    until: date
    rows: list[TrafficRow]
    totals: list[TrafficRow]


class PlayRow(msgspec.Struct, frozen=True, kw_only=True):
    """How much an app was played in a day, a month or the whole time of the report.

    Attributes:
        day: With months, the first; none in totals.
        players: Accounts that played, each once.
        sessions: How often somebody began to play; time without a break is one, on however many devices.
        minutes: By all players together.
        median_minutes: As many players played longer as shorter.
    """

    day: date | None = None
    players: int
    sessions: int
    minutes: int
    median_minutes: int


class PlayReport(msgspec.Struct, frozen=True, kw_only=True):
    """How much an app was played between two days, both counted in. What is played offline comes up to 30 days late.

    Attributes:
        rows: Days or months in which nobody played are left out.
        totals: One line, which counts whoever played on several days once.
    """

    since: date
    until: date
    rows: list[PlayRow]
    totals: list[PlayRow]
