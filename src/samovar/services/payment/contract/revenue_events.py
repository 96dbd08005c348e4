"""The events about what organisations sell. Additive change only: an old sample must decode for ever."""

from datetime import date, datetime
from uuid import UUID

import msgspec

from samovar.kit.events import Event


class SalesChange(msgspec.Struct, frozen=True, kw_only=True):
    """What was added to the sales of one package in one country on one day. All amounts are minor units of the currency.

    A sale counts on the day in which it was delivered, a refund on the day in which it was granted; days are those of Moscow. What went
    back before a sale was divided is in neither.

    Attributes:
        organisation_id: Who is paid for it.
        country: By the prices of which it was bought, ISO 3166-1 alpha-2.
        units: Lines that were sold.
        gross: What players paid for them: tax, commission and the developer's part.
        refunded_units: Lines of which nothing is left.
        refunds: What went back to players: their tax, commission and developer's parts.
    """

    organisation_id: UUID
    package_id: UUID
    country: str
    currency: str
    day: date
    units: int = 0
    gross: int = 0
    tax: int = 0
    commission: int = 0
    developer: int = 0
    refunded_units: int = 0
    refunds: int = 0
    refunded_tax: int = 0
    refunded_commission: int = 0
    refunded_developer: int = 0


class SalesCounted(Event, frozen=True, kw_only=True, subject="payment.v1.sales_counted"):
    """Sales were divided, or taken back: the same as the ledger says, without anybody's name. Add the changes up, each event once.

    Attributes:
        changes: At most 500, each package, country, currency and day once.
    """

    changes: tuple[SalesChange, ...]
    counted_at: datetime


REVENUE_EVENTS = (SalesCounted,)
