"""The events of compensations. Additive change only: an old sample must decode for ever."""

from datetime import datetime
from uuid import UUID

from samovar.kit.events import Aggregate, Event
from samovar.kit.money import Money


class CompensationGiven(Event, frozen=True, kw_only=True, subject="payment.v1.compensation_given"):
    """Support has given somebody money.

    Attributes:
        kind: `wallet` or `bonus`.
        reason: A stable code: `platform_fault`, `goodwill`, …
        line_id: For which line of an order; none where it is for no purchase.
    """

    compensation_id: UUID
    account_id: UUID
    kind: str
    amount: Money
    reason: str
    line_id: UUID | None = None
    given_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the compensation."""
        return Aggregate(str(self.compensation_id), 1)


COMPENSATION_EVENTS = (CompensationGiven,)
