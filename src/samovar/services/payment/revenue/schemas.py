"""What doors of revenue show and take."""

from datetime import datetime
from uuid import UUID

import msgspec


class LineSplit(msgspec.Struct, frozen=True, kw_only=True):
    """What became of the money of one line, in minor units of its currency.

    Attributes:
        gross: What was paid for it.
        early: What went back before it was split.
        split_at: None: it waits to be split, and there are no parts yet.
        tier_version: The table of tiers by which it was split.
        basis_before: What the owner had earned before.
    """

    line_id: UUID
    owner: str
    currency: str
    gross: int
    early: int
    delivered_at: datetime
    split_at: datetime | None
    tier_version: int | None
    basis_before: int | None
    vat_regime: str | None
    vat_percent: int | None
    tax: int | None
    commission: int | None
    developer: int | None
    reversed_tax: int
    reversed_commission: int
    reversed_developer: int
