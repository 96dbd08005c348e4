"""REST: reports."""

from datetime import date
from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.rest.answers import Answer
from samovar.kit.routes import RateLimit, get
from samovar.services.developer.errors import CatalogAway
from samovar.services.developer.reports.errors import ReportNotFound, ReportTooLong
from samovar.services.developer.reports.schemas import Groupings, SalesReport
from samovar.services.developer.reports.table import sales_table
from samovar.services.developer.reports.use_cases import Reports
from samovar.services.developer.rights import REPORTS

READS = RateLimit(60, per_s=60, by="account")
EXPORTS = RateLimit(10, per_s=60, by="account")
CSV = "text/csv"
RAISES = (InvalidInput, ReportNotFound, ReportTooLong, CatalogAway)


@get(
    "/v1/dev/apps/{app_id:uuid}/reports/sales",
    auth="player",
    permissions=(REPORTS,),
    rate_limit=READS,
    raises=RAISES,
)
async def report_sales(
    app_id: UUID,
    caller: Caller,
    reports: Reports,
    since: date | None = None,
    until: date | None = None,
    by: Groupings = ("day",),
) -> SalesReport:
    """Show what was sold of an app, less refunds; by default by day, of the last thirty. For owners and finance."""
    return await reports.sales(caller, app_id, since=since, until=until, by=by)


@get(
    "/v1/dev/apps/{app_id:uuid}/reports/sales/csv",
    auth="player",
    permissions=(REPORTS,),
    rate_limit=EXPORTS,
    media_type=CSV,
    raises=RAISES,
)
async def export_sales(
    app_id: UUID,
    caller: Caller,
    reports: Reports,
    since: date | None = None,
    until: date | None = None,
    by: Groupings = ("day",),
) -> Answer:
    """Return the same as a table for spreadsheets; amounts are minor units."""
    report = await reports.sales(caller, app_id, since=since, until=until, by=by)
    headers = {
        "Content-Disposition": f'attachment; filename="sales-{report.since}-{report.until}.csv"',
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(sales_table(report), media_type=f"{CSV}; charset=utf-8", headers=headers)
