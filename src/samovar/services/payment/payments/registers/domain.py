"""Comparing a day of a provider's register with what payments say. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Literal

import msgspec

from samovar.services.payment.moscow import beginning_of, day_of
from samovar.services.payment.providers.port import RegisterRow

DIFFERENCES_MAX: Final = 100
# Movements near midnight may stand on the other day there.
EDGE: Final = timedelta(minutes=10)
DAYS_BACK: Final = 3

Status = Literal["agreed", "differs", "unread", "none"]
Key = tuple[str, str]


class Movement(msgspec.Struct, frozen=True, kw_only=True):
    """A movement as payments know it: `payment` or `refund`, the provider's id, minor units, when it was written down."""

    kind: str
    id: str
    amount: int
    at: datetime


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """A movement that the two do not tell alike; none of an amount means that one side does not know it."""

    kind: str
    id: str
    there: int | None
    here: int | None


class Register(msgspec.Struct, frozen=True, kw_only=True):
    """A day of a provider.

    Attributes:
        found: How many differences there are; the first hundred of them are kept.
    """

    provider: str
    day: date
    status: Status
    taken_there: int = 0
    taken_here: int = 0
    back_there: int = 0
    back_here: int = 0
    differences: list[Difference] = []
    found: int = 0
    checked_at: datetime


def span_of(day: date) -> tuple[datetime, datetime]:
    """Return the beginning of a day of Moscow, which is that of a register by its contract, and that of the next one."""
    since = beginning_of(day)
    return since, since + timedelta(days=1)


def days_to_check(now: datetime) -> list[date]:
    """Return the days that are over and recent, the oldest first: what differed on one may agree by now."""
    today = day_of(now)
    return [today - timedelta(days=back) for back in range(DAYS_BACK, 0, -1)]


def compared(
    provider: str,
    day: date,
    there: Sequence[RegisterRow],
    here: Sequence[Movement],
    *,
    known: Mapping[Key, int],
    now: datetime,
) -> Register:
    """Return what the comparison of a day comes to.

    Args:
        provider: Whose register it is.
        day: Of Moscow.
        there: What stands in the register.
        here: What payments know of the day, a little over its edges.
        known: What payments know of movements in `there`, whenever they were written down.
        now: The time.
    """
    since, until = span_of(day)
    theirs = {(row.kind, row.id): row.amount.amount for row in there}
    differences = [
        Difference(kind=kind, id=id_, there=amount, here=known.get((kind, id_)))
        for (kind, id_), amount in theirs.items()
        if known.get((kind, id_)) != amount
    ]
    inside = [one for one in here if since <= one.at < until]
    differences += [
        Difference(kind=one.kind, id=one.id, there=None, here=one.amount)
        for one in inside
        if (one.kind, one.id) not in theirs and since + EDGE <= one.at < until - EDGE
    ]
    return Register(
        provider=provider,
        day=day,
        status="differs" if differences else "agreed",
        taken_there=sum(amount for (kind, _), amount in theirs.items() if kind == "payment"),
        taken_here=sum(one.amount for one in inside if one.kind == "payment"),
        back_there=sum(amount for (kind, _), amount in theirs.items() if kind == "refund"),
        back_here=sum(one.amount for one in inside if one.kind == "refund"),
        differences=differences[:DIFFERENCES_MAX],
        found=len(differences),
        checked_at=now,
    )
