"""Tiers as doors show and take them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import AMOUNT_MAX, Currency
from samovar.services.payment.revenue.domain import TIERS_MAX, WHOLE_BASIS_POINTS


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
    reason: Annotated[str, Meta(min_length=1, max_length=500, pattern=r"^\s*[^\s\x00][^\x00]*\Z")]


class TierTableView(msgspec.Struct, frozen=True, kw_only=True):
    """One version of the tiers, with who made it and why."""

    version: int
    currency: str
    valid_from: datetime
    tiers: tuple[TierBody, ...]
    actor_id: UUID | None
    reason: str
    created_at: datetime
