"""The shapes of discounts that travel."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.kit.money import Money
from samovar.services.catalog.prices.domain import DiscountKind

Moment = Annotated[datetime, Meta(tz=True)]
DiscountState = Literal["waiting", "scheduled", "active", "ended", "canceled", "lapsed"]
"""`waiting` for the release; `lapsed`: a release came between, and it does not begin."""


class DiscountWish(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A discount that somebody wants.

    Attributes:
        package_id: On the page of the app; by default the standard one.
        starts_at: By default at once. A launch discount begins with the release, and this is but a plan.
        ends_at: Of a seasonal one the sale decides both.
        sale_id: The sale that a seasonal one belongs to.
    """

    package_id: UUID | None = None
    kind: DiscountKind
    percent: Annotated[int, Meta(ge=1, le=99)]
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    sale_id: UUID | None = None


class ReducedPrice(msgspec.Struct, frozen=True, kw_only=True):
    """What a discount makes of a price."""

    base: Money
    final: Money


class Objection(msgspec.Struct, frozen=True, kw_only=True):
    """One rule that a wish breaks.

    Attributes:
        code: Stable, for programs.
        detail: The rule, in the reader's language.
        until: Until when it stands against such a wish; null where time does not help, or nobody knows.
    """

    field: str
    code: str
    detail: str
    limit: str | None
    until: datetime | None


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What would come of a wish.

    Attributes:
        objections: All that stand against it; none: it would be granted now.
        prices: What it would make of the prices, by region.
    """

    package_id: UUID
    is_allowed: bool
    objections: list[Objection]
    starts_at: datetime
    ends_at: datetime
    rules_version: int
    prices: dict[str, ReducedPrice]


class DiscountShown(msgspec.Struct, frozen=True, kw_only=True):
    """A discount, as its owner sees it.

    Attributes:
        starts_at: When it begins or began; of one that waits for the release, the plan.
        ended_at: When it was called off.
        rules_version: By which rules it was judged.
    """

    id: UUID
    package_id: UUID
    kind: DiscountKind
    percent: int
    state: DiscountState
    starts_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    sale_id: UUID | None
    rules_version: int
    created_at: datetime
