"""The shapes of the history of prices."""

from datetime import datetime
from uuid import UUID

import msgspec

from samovar.kit.money import Money


class PriceStep(msgspec.Struct, frozen=True, kw_only=True):
    """What was charged from `since` until `until`; null: until now and on.

    Attributes:
        final: What was paid; an amount of 0 is free.
    """

    since: datetime
    until: datetime | None
    base: Money
    final: Money
    discount_percent: int


class PriceHistory(msgspec.Struct, frozen=True, kw_only=True):
    """What a package cost in a country.

    Attributes:
        region: Whose price it is: the country's, or that of a group it falls back to; null where it never had a price there.
        steps: The oldest first; up to two years.
        lowest_30d: The lowest that was really charged in the last 30 days; null where it is not on sale now.
    """

    package_id: UUID
    country: str
    region: str | None
    steps: list[PriceStep]
    lowest_30d: Money | None
