"""The events that catalog sends of discounts and sales. Additive change only."""

from datetime import datetime
from uuid import UUID

from samovar.kit.events import Aggregate, Event


class DiscountPlanned(Event, frozen=True, kw_only=True, subject="catalog.v1.discount_planned"):
    """A discount was granted and will begin.

    Attributes:
        app_id: The app on whose page the package is offered.
        kind: `launch`, `custom` or `seasonal`.
        starts_at: Of a launch discount a plan: it begins with the release.
    """

    discount_id: UUID
    package_id: UUID
    app_id: UUID
    kind: str
    percent: int
    starts_at: datetime
    ends_at: datetime
    sale_id: UUID | None = None

    def aggregate(self) -> Aggregate:
        """Return the package."""
        return Aggregate(str(self.package_id))


class DiscountStarted(Event, frozen=True, kw_only=True, subject="catalog.v1.discount_started"):
    """A discount holds since `starts_at`: told within seconds after it, once.

    Attributes:
        app_id: The app on whose page the package is offered.
        kind: `launch`, `custom` or `seasonal`.
        ends_at: When it will end, if nobody calls it off.
    """

    discount_id: UUID
    package_id: UUID
    app_id: UUID
    kind: str
    percent: int
    starts_at: datetime
    ends_at: datetime
    sale_id: UUID | None = None

    def aggregate(self) -> Aggregate:
        """Return the package."""
        return Aggregate(str(self.package_id))


class DiscountEnded(Event, frozen=True, kw_only=True, subject="catalog.v1.discount_ended"):
    """A discount holds no longer since `ended_at`, or was called off before it began.

    Attributes:
        has_held: Whether it ever did.
    """

    discount_id: UUID
    package_id: UUID
    app_id: UUID
    ended_at: datetime
    has_held: bool

    def aggregate(self) -> Aggregate:
        """Return the package."""
        return Aggregate(str(self.package_id))


class SaleChanged(Event, frozen=True, kw_only=True, subject="catalog.v1.sale_changed"):
    """A sale is new, or is not what it was.

    Attributes:
        names: `{"ru": …, "en": …}`.
        join_until: Until when packages may join.
        is_canceled: It was called off.
    """

    sale_id: UUID
    slug: str
    names: dict[str, str]
    starts_at: datetime
    ends_at: datetime
    join_until: datetime
    is_canceled: bool = False
    version: int

    def aggregate(self) -> Aggregate:
        """Return the sale."""
        return Aggregate(str(self.sale_id), self.version)


PRICES_EVENTS = (DiscountPlanned, DiscountStarted, DiscountEnded, SaleChanged)
