"""The rules of reports, free of I/O."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeVar

import msgspec

from samovar.kit.clock import MOSCOW
from samovar.kit.errors import FieldError, InvalidInput
from samovar.services.developer.reports.schemas import (
    DAYS_MAX,
    Period,
    SalesRow,
    TrafficGrouping,
    TrafficRow,
    WishesRow,
)

DAYS_BY_DEFAULT = 30
# No play was ever counted before.
FIRST_DAY = date(2026, 1, 1)

G = TypeVar("G", bound=str)


def checked_days(since: date | None, until: date | None, now: datetime) -> tuple[date, date]:
    """Return the first and the last day of a report; by default the last thirty.

    Raises:
        InvalidInput: The last comes before the first, or there are more days than a report may have.
    """
    last = until or now.astimezone(MOSCOW).date()
    try:
        first = since or last - timedelta(days=DAYS_BY_DEFAULT - 1)
    except OverflowError:
        first = last
    if last < first:
        raise InvalidInput(fields=[FieldError("until", "before_since", f"not before {first}")])
    if (last - first).days >= DAYS_MAX:
        raise InvalidInput(
            fields=[FieldError("since", "too_many_days", f"at most {DAYS_MAX} days", limit=str(DAYS_MAX))]
        )
    return first, last


def checked_groupings(by: Sequence[G]) -> frozenset[G]:
    """Return what lines are kept apart by.

    Raises:
        InvalidInput: By day and by month at once.
    """
    if {"day", "month"} <= set(by):
        raise InvalidInput(fields=[FieldError("by", "day_or_month", "by day or by month, not both")])
    return frozenset(by)


def totals_of(rows: Iterable[SalesRow]) -> list[SalesRow]:
    """Return the sums of rows, one a currency."""
    names = ("units", "gross", "refunded_units", "refunds", "tax", "commission", "net")
    sums: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(names, 0))
    for row in rows:
        for name in names:
            sums[row.currency][name] += getattr(row, name)
    return [msgspec.convert({"currency": currency, **sums[currency]}, SalesRow) for currency in sorted(sums)]


def wishes_by(rows: Sequence[WishesRow], period: Period) -> tuple[list[WishesRow], WishesRow]:
    """Return rows by day or by month, and the sum of all."""
    sums: dict[date | None, WishesRow] = {}
    for row in rows:
        for key in (begin_of(row.day, period), None):
            known = sums.get(key) or WishesRow(day=key, added=0, removed=0, conversions=0)
            sums[key] = WishesRow(
                day=key,
                added=known.added + row.added,
                removed=known.removed + row.removed,
                conversions=known.conversions + row.conversions,
            )
    total = sums.pop(None, None) or WishesRow(added=0, removed=0, conversions=0)
    return list(sums.values()), total


def views_by(rows: Sequence[TrafficRow], by: Collection[TrafficGrouping]) -> list[TrafficRow]:
    """Return rows kept apart by day or month and by source, as far as asked for, in that order."""
    sums: dict[tuple[date | None, str | None], TrafficRow] = {}
    for row in rows:
        day = row.day if "day" in by else begin_of(row.day, "month") if "month" in by else None
        source = row.source if "source" in by else None
        known = sums.get((day, source)) or TrafficRow(day=day, source=source, views=0, visitors=0)
        sums[day, source] = msgspec.structs.replace(
            known, views=known.views + row.views, visitors=known.visitors + row.visitors
        )
    return [sums[key] for key in sorted(sums, key=lambda key: (key[0] or date.min, key[1] or ""))]


def spans_of(first: date, last: date, period: Period) -> list[tuple[date, datetime, datetime]]:
    """Return each day or month, or as much of it as lies between the two days: its first day, its beginning and its end."""
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    begins = sorted({max(first, begin_of(day, period) or day) for day in days})
    ends = [*begins[1:], last + timedelta(days=1)]
    return [
        (begin_of(begin, period) or begin, _midnight(begin), _midnight(end))
        for begin, end in zip(begins, ends, strict=True)
    ]


def begin_of(day: date | None, period: Period) -> date | None:
    """Return the first day of the period in which a day lies."""
    return day.replace(day=1) if day and period == "month" else day


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), MOSCOW)
