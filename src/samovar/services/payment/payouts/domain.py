"""Months, what is due, and the ways of a payout. Pure.

proposed ──► approved ──► sending ──► executed ──► rejected   the bank has sent it back later, two persons say
│                        └──────► rejected   the money is owed as before; another attempt may follow
└──────► declined
"""

from datetime import date, datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from samovar.services.payment.moscow import MOSCOW

PayoutStatus = Literal["proposed", "declined", "approved", "sending", "executed", "rejected"]
WaitsFor = Literal[
    "inn_differs",
    "payee_frozen",
    "payee_changed",
    "details_new",
    "account_held",
    "holds_unknown",
    "npd_unknown",
    "npd_lost",
    "npd_limit",
    "npd_receipt_missing",
    "bank_missing",
    "bank_away",
]
CURRENCY = "RUB"
# A sale may be given back for so long after its delivery.
REFUND_WINDOW = timedelta(days=14)
_LAST_MONTH = 12
_LOOK_SOON_S = 5
_LOOK_LATE_S = 1_800
_DOUBLINGS_MAX = 10


class Payout(msgspec.Struct, frozen=True, kw_only=True):
    """A payout as it is kept; see its table for what the fields mean."""

    id: UUID
    organisation_id: UUID
    currency: str
    period: date
    attempt: int
    amount: int
    payable: int
    in_window: int
    inn: str
    payee_version: int
    is_professional: bool
    status: PayoutStatus
    waits_for: WaitsFor | None
    proposed_by: UUID
    proposed_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    reason: str | None
    sent_at: datetime | None
    next_look_at: datetime | None
    looks: int
    closed_at: datetime | None
    failure: str | None
    npd_receipt: str | None
    npd_receipt_at: datetime | None
    return_reason: str | None = None
    return_reported_by: UUID | None = None
    return_reported_at: datetime | None = None
    return_confirmed_by: UUID | None = None


def month_of(text: str) -> date:
    """Return the first day of a month written `2026-11`.

    Raises:
        ValueError: There is no such month.
    """
    year, _, month = text.partition("-")
    return date(int(year), int(month), 1)


def month_text(period: date) -> str:
    """Return a month as `2026-11`."""
    return f"{period:%Y-%m}"


def month_before(day: date) -> date:
    """Return the first day of the month before that of a day."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def bounds_of(period: date) -> tuple[datetime, datetime]:
    """Return when a month begins in Moscow, and when the next one does."""
    following = (
        period.replace(year=period.year + 1, month=1)
        if period.month == _LAST_MONTH
        else period.replace(month=period.month + 1)
    )
    begin, end = (datetime(day.year, day.month, 1, tzinfo=MOSCOW) for day in (period, following))
    return begin, end


def year_of(at: datetime) -> datetime:
    """Return when the year of a moment began in Moscow."""
    return datetime(at.astimezone(MOSCOW).year, 1, 1, tzinfo=MOSCOW)


def window_since(period: date, now: datetime) -> datetime:
    """Return since when deliveries do not count for the payout of a month: those after it, and those that may be given back."""
    return min(bounds_of(period)[1], now - REFUND_WINDOW)


def due(*, payable: int, in_window: int, minimum: int, left_this_year: int | None) -> int:
    """Return what is paid out; nothing when it is less than the minimum.

    Args:
        payable: What is owed and free.
        in_window: What of that may still be given back.
        minimum: The least that is sent.
        left_this_year: What a payer of НПД may still take this year; none: no limit.
    """
    amount = payable - in_window
    if left_this_year is not None:
        amount = min(amount, left_this_year)
    return amount if amount >= max(1, minimum) else 0


def look_after(looks: int) -> timedelta:
    """Return how long to wait after so many looks: seconds at first, half an hour later on."""
    return timedelta(seconds=min(_LOOK_LATE_S, _LOOK_SOON_S * 2 ** min(looks, _DOUBLINGS_MAX)))
