"""Reports as tables for spreadsheets."""

from collections.abc import Sequence

from samovar.kit.text.tables import csv_of
from samovar.services.developer.reports.schemas import PlayReport, SalesReport, TrafficReport, WishlistReport

_SALES = (
    "day",
    "country",
    "package_id",
    "currency",
    "units",
    "gross",
    "refunded_units",
    "refunds",
    "tax",
    "commission",
    "net",
)


_WISHES = ("day", "added", "removed", "conversions")
_TRAFFIC = ("day", "source", "views", "visitors")
_PLAY = ("day", "players", "sessions", "minutes", "median_minutes")


def sales_table(report: SalesReport) -> bytes:
    """Return a line a row below the names of the columns, which are those of JSON; amounts stay minor units."""
    return _table(_SALES, report.rows)


def wishes_table(report: WishlistReport) -> bytes:
    """Return the changes of wishlists likewise."""
    return _table(_WISHES, report.rows)


def traffic_table(report: TrafficReport) -> bytes:
    """Return views likewise."""
    return _table(_TRAFFIC, report.rows)


def play_table(report: PlayReport) -> bytes:
    """Return what was played likewise."""
    return _table(_PLAY, report.rows)


def _table(columns: Sequence[str], rows: Sequence[object]) -> bytes:
    return csv_of([columns, *([_cell(getattr(row, name)) for name in columns] for row in rows)])


def _cell(value: object) -> object:
    return "" if value is None else value
