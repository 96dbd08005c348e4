"""The rules of reports, free of I/O."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone

import msgspec

from samovar.kit.errors import FieldError, InvalidInput
from samovar.services.developer.reports.schemas import DAYS_MAX, Grouping, SalesRow

# Without summer time since 2014 (248-ФЗ of 2014).
MOSCOW = timezone(timedelta(hours=3))
DAYS_BY_DEFAULT = 30


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


def checked_groupings(by: Sequence[Grouping]) -> frozenset[Grouping]:
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
