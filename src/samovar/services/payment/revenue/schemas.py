"""What doors of revenue show and take."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import AMOUNT_MAX, Currency
from samovar.services.payment.revenue.domain import TIERS_MAX, WHOLE_BASIS_POINTS


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


class TierBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A share of the platform, and from which earnings of an organisation on it holds."""

    above: Annotated[int, Meta(ge=0, le=AMOUNT_MAX, description="Earned before, without tax: minor units.")]
    basis_points: Annotated[
        int, Meta(ge=0, le=WHOLE_BASIS_POINTS, description="Hundredths of a percent: 1500 is 15 %.")
    ]


class NewTierTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Tiers that hold from a moment to come."""

    currency: Currency
    valid_from: Annotated[datetime, Meta(tz=True, description="A moment to come.")]
    tiers: Annotated[tuple[TierBody, ...], Meta(min_length=1, max_length=TIERS_MAX)]
    reason: Annotated[str, Meta(min_length=1, max_length=500)]


class TierTableView(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the tiers, with who made it and why."""

    version: int
    currency: str
    valid_from: datetime
    tiers: tuple[TierBody, ...]
    actor_id: UUID | None
    reason: str
    created_at: datetime
