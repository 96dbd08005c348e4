"""Reports as tables for spreadsheets."""

from samovar.kit.text.tables import csv_of
from samovar.services.developer.reports.schemas import SalesReport

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


def sales_table(report: SalesReport) -> bytes:
    """Return a line a row below the names of the columns, which are those of JSON; amounts stay minor units."""
    rows = ([_cell(getattr(row, name)) for name in _SALES] for row in report.rows)
    return csv_of([_SALES, *rows])


def _cell(value: object) -> object:
    return "" if value is None else value
