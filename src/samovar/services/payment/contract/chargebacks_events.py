"""The events of chargebacks. Additive change only: an old sample must decode for ever."""

from datetime import datetime
from uuid import UUID

from samovar.kit.events import Aggregate, Event
from samovar.kit.money import Money


class ChargebackOpened(Event, frozen=True, kw_only=True, subject="payment.v1.chargeback_opened"):
    """The bank of whoever paid takes a payment back: their account is one to look at.

    Attributes:
        reason: A stable code: `fraud`, `not_received`, …
    """

    chargeback_id: UUID
    account_id: UUID
    payment_id: UUID
    amount: Money
    reason: str
    opened_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the chargeback."""
        return Aggregate(str(self.chargeback_id), 1)


class ChargebackDecided(Event, frozen=True, kw_only=True, subject="payment.v1.chargeback_decided"):
    """The dispute is over.

    Attributes:
        verdict: `won`: the money is back; `lost`: the licences go.
    """

    chargeback_id: UUID
    account_id: UUID
    payment_id: UUID
    amount: Money
    verdict: str
    decided_at: datetime

    def aggregate(self) -> Aggregate:
        """Return the chargeback."""
        return Aggregate(str(self.chargeback_id), 2)


CHARGEBACK_EVENTS = (ChargebackOpened, ChargebackDecided)
