"""REST: reports."""

from datetime import date
from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.rest.answers import Answer
from samovar.kit.routes import RateLimit, get
from samovar.services.developer.errors import CatalogAway, LibraryAway
from samovar.services.developer.reports.errors import ReportNotFound, ReportTooLong
from samovar.services.developer.reports.schemas import (
    Groupings,
    Period,
    PlayReport,
    SalesReport,
    TrafficGroupings,
    TrafficReport,
    WishlistReport,
)
from samovar.services.developer.reports.table import play_table, sales_table, traffic_table, wishes_table
from samovar.services.developer.reports.use_cases import Reports
from samovar.services.developer.rights import REPORTS

READS = RateLimit(60, per_s=60, by="account")
EXPORTS = RateLimit(10, per_s=60, by="account")
CSV = "text/csv"
PLAY_TIMEOUT_MS = 10_000
Report = SalesReport | WishlistReport | TrafficReport | PlayReport
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
    return _table("sales", report, sales_table(report))


@get(
    "/v1/dev/apps/{app_id:uuid}/reports/wishlists",
    auth="player",
    permissions=(REPORTS,),
    rate_limit=READS,
    raises=RAISES,
)
async def report_wishlists(
    app_id: UUID,
    caller: Caller,
    reports: Reports,
    since: date | None = None,
    until: date | None = None,
    by: Period = "day",
) -> WishlistReport:
    """Show how many put an app on their wishlists, took it off and got it; by default of the last thirty days."""
    return await reports.wishlists(caller, app_id, since=since, until=until, by=by)


@get(
    "/v1/dev/apps/{app_id:uuid}/reports/wishlists/csv",
    auth="player",
    permissions=(REPORTS,),
    rate_limit=EXPORTS,
    media_type=CSV,
    raises=RAISES,
)
async def export_wishlists(
    app_id: UUID,
    caller: Caller,
    reports: Reports,
    since: date | None = None,
    until: date | None = None,
    by: Period = "day",
) -> Answer:
    """Return the same as a table for spreadsheets."""
    report = await reports.wishlists(caller, app_id, since=since, until=until, by=by)
    return _table("wishlists", report, wishes_table(report))


@get(
    "/v1/dev/apps/{app_id:uuid}/reports/traffic",
    auth="player",
    permissions=(REPORTS,),
    rate_limit=READS,
    raises=RAISES,
)
async def report_traffic(
    app_id: UUID,
    caller: Caller,
    reports: Reports,
    since: date | None = None,
    until: date | None = None,
    by: TrafficGroupings = ("day",),
) -> TrafficReport:
    """Show how often the page of an app was looked at, and where from; by default by day, of the last thirty."""
    return await reports.traffic(caller, app_id, since=since, until=until, by=by)


@get(
    "/v1/dev/apps/{app_id:uuid}/reports/traffic/csv",
    auth="player",
    permissions=(REPORTS,),
    rate_limit=EXPORTS,
    media_type=CSV,
    raises=RAISES,
)
async def export_traffic(
    app_id: UUID,
    caller: Caller,
    reports: Reports,
    since: date | None = None,
    until: date | None = None,
    by: TrafficGroupings = ("day",),
) -> Answer:
    """Return the same as a table for spreadsheets."""
    report = await reports.traffic(caller, app_id, since=since, until=until, by=by)
    return _table("traffic", report, traffic_table(report))


@get(
    "/v1/dev/apps/{app_id:uuid}/reports/playtime",
    auth="player",
    permissions=(REPORTS,),
    rate_limit=READS,
    timeout_ms=PLAY_TIMEOUT_MS,
    raises=(*RAISES, LibraryAway),
)
async def report_playtime(
    app_id: UUID,
    caller: Caller,
    reports: Reports,
    since: date | None = None,
    until: date | None = None,
    by: Period = "day",
) -> PlayReport:
    """Show how many played an app, how often and how long; by default of the last thirty days."""
    return await reports.play_time(caller, app_id, since=since, until=until, by=by)


@get(
    "/v1/dev/apps/{app_id:uuid}/reports/playtime/csv",
    auth="player",
    permissions=(REPORTS,),
    rate_limit=EXPORTS,
    timeout_ms=PLAY_TIMEOUT_MS,
    media_type=CSV,
    raises=(*RAISES, LibraryAway),
)
async def export_playtime(
    app_id: UUID,
    caller: Caller,
    reports: Reports,
    since: date | None = None,
    until: date | None = None,
    by: Period = "day",
) -> Answer:
    """Return the same as a table for spreadsheets."""
    report = await reports.play_time(caller, app_id, since=since, until=until, by=by)
    return _table("playtime", report, play_table(report))


def _table(name: str, report: Report, table: bytes) -> Answer:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}-{report.since}-{report.until}.csv"',
        "X-Content-Type-Options": "nosniff",
    }
    return Answer(table, media_type=f"{CSV}; charset=utf-8", headers=headers)
