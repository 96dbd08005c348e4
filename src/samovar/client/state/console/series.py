"""Reports as a graph takes them: a value for each day, also for days on which nothing was."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Protocol, TypeVar


class Dated(Protocol):
    """A row of a report."""

    @property
    def day(self) -> date | None:
        """Of which day it is."""
        ...


Row = TypeVar("Row", bound=Dated)


def by_day(
    rows: Iterable[Row], since: date, until: date, value: Callable[[Row], float]
) -> list[tuple[date, float]]:
    """Return a value for each day between two, both counted in; 0 where there is no row."""
    found: dict[date, float] = {}
    for row in rows:
        if row.day is not None:
            found[row.day] = found.get(row.day, 0.0) + value(row)
    days = (until - since).days + 1
    return [(day, found.get(day, 0.0)) for day in (since + timedelta(at) for at in range(days))]
