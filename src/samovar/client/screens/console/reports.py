"""How an app does: sales, wishlists, visits of its page, play time. A graph, and the same as a table and as a file."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit

import flet as ft

from samovar.client.api.console.pages import Seen
from samovar.client.api.console.reports import Counts, CountsRow, Reports, Sales, SalesRow
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.console.chart import day_chart
from samovar.client.components.console.frame import table
from samovar.client.components.panels import card, chip, note, panel
from samovar.client.components.states import error_state, skeleton
from samovar.client.components.store.grid import rows_of
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.screens.console.app import app_path, app_screen
from samovar.client.session import Session
from samovar.client.state.console.series import by_day
from samovar.client.state.words import MOSCOW
from samovar.client.theme.tokens import Radius, Space

REPORTS = ("sales", "wishlists", "traffic", "playtime")
SPANS = (7, 30, 90)
_COLUMNS = {
    "wishlists": ("added", "removed", "conversions"),
    "traffic": ("views", "visitors"),
    "playtime": ("players", "sessions", "minutes", "median_minutes"),
}
_SALES = ("units", "gross", "refunds", "commission", "net")
_ROWS_MAX = 31
# How high graphs reach at least: minor units, and things.
_LEAST_SUM, _LEAST_COUNT = 40_000.0, 4.0


@ft.component
def AppReports() -> ft.Control:
    """Show the reports of an app."""
    return app_screen("reports", ReportsPart)


@ft.component
def ReportsPart(seen: Seen, again: Callable[[], None]) -> ft.Control:
    """Show the report of the address: `report` and `days` in the query."""
    del again
    session = use_session()
    watch(session.window)
    words = session.words
    app_id = seen.draft.app_id
    query = parse_qs(urlsplit(session.page.route or "").query)
    report = query.get("report", [REPORTS[0]])[0]
    report = report if report in REPORTS else REPORTS[0]
    days = next((one for one in SPANS if str(one) == query.get("days", ["30"])[0]), 30)
    until = datetime.now(UTC).astimezone(MOSCOW).date()
    since = until - timedelta(days=days - 1)

    async def load() -> Sales | Counts:
        calls = Reports(session.player, app_id)
        return await (calls.sales(since, until) if report == "sales" else calls.counts(report, since, until))

    found = use_loaded(load, [app_id, report, days])

    def to(which: str, span: int) -> Callable[[], None]:
        return partial(session.go, f"{app_path(app_id, 'reports')}?report={which}&days={span}")

    kinds = [
        chip(f"reports.{one}", words(f"reports.{one}"), to(one, days), selected=one == report)
        for one in REPORTS
    ]
    spans = [
        chip(f"reports.days.{one}", words("reports.days", count=one), to(report, one), selected=one == days)
        for one in SPANS
    ]
    choice = ft.Row(
        [ft.Row(list(one), spacing=Space.S, wrap=True, run_spacing=Space.S) for one in (kinds, spans)],
        alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
        wrap=True,
        run_spacing=Space.M,
    )
    is_other = isinstance(found.value, Sales) != (report == "sales")
    if found.value is None or (found.is_loading and is_other):
        if found.problem and not found.is_loading:
            body: ft.Control = error_state("reports.error", found.problem, words, found.again)
        else:
            body = skeleton(height=320, radius=Radius.PANEL)
    elif isinstance(found.value, Sales):
        body = _sales(session, found.value)
    else:
        body = _counts(session, report, found.value)
    return ft.Column(
        [choice, body, Export(app_id, report, since, until)],
        spacing=Space.L,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _sales(session: Session, sales: Sales) -> ft.Control:
    """Return sales: a graph of the currency that brings most, and a table of all."""
    words = session.words
    total = max(sales.totals, key=lambda one: one.units, default=None)
    currency = total.currency if total else "RUB"
    mine = [one for one in sales.rows if one.currency == currency]

    def money(height: float) -> str:
        return words.money({"amount": round(height), "currency": currency})

    def cell(row: SalesRow, name: str) -> str:
        value = getattr(row, name)
        return (
            words.number(value)
            if name == "units"
            else words.money({"amount": value, "currency": row.currency})
        )

    tiles = [
        _tile(words(f"reports.sales.{name}"), cell(total, name) if total else words.number(0))
        for name in ("units", "gross", "refunds", "net")
    ]
    points = by_day(mine, sales.since, sales.until, lambda row: row.net)
    heads = [words("reports.day"), *(words(f"reports.sales.{name}") for name in _SALES)]
    rows = [
        [words.day(row.day) if row.day else "", *(cell(row, name) for name in _SALES)]
        for row in sorted(sales.rows, key=lambda one: (one.day or date.min, one.currency), reverse=True)
    ]
    label = words("reports.sales.label", sum=money(total.net if total else 0))
    return _report(
        session,
        tiles,
        day_chart(session, label, points, money, least=_LEAST_SUM),
        heads,
        rows,
        words("reports.sales.title"),
    )


def _counts(session: Session, report: str, counts: Counts) -> ft.Control:
    words = session.words
    names = _COLUMNS[report]
    total = counts.totals[0] if counts.totals else CountsRow()
    tiles = [_tile(words(f"reports.{report}.{name}"), words.number(getattr(total, name))) for name in names]
    points = by_day(counts.rows, counts.since, counts.until, lambda row: getattr(row, names[0]))
    heads = [words("reports.day"), *(words(f"reports.{report}.{name}") for name in names)]
    rows = [
        [words.day(row.day) if row.day else "", *(words.number(getattr(row, name)) for name in names)]
        for row in sorted(counts.rows, key=lambda one: one.day or date.min, reverse=True)
    ]
    main = words(f"reports.{report}.{names[0]}")
    said = f"{main}: {words.number(getattr(total, names[0]))}"
    chart = day_chart(session, said, points, words.number, least=_LEAST_COUNT)
    return _report(session, tiles, chart, heads, rows, main)


def _report(
    session: Session,
    tiles: Sequence[ft.Control],
    chart: ft.Control,
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    title: str,
) -> ft.Control:
    words = session.words
    columns = 2 if session.window.kind == "phone" else len(tiles)
    parts: list[ft.Control] = [rows_of(tiles, columns, gap=Space.M), panel(chart, title=title)]
    if rows:
        weights = (3, *(2 for _ in heads[1:]))
        numbers = range(1, len(heads))
        shown = table(session, heads, rows[:_ROWS_MAX], weights=weights, numbers=numbers)
        parts.append(panel(shown, title=words("reports.by_day")))
    else:
        parts.append(panel(texts.muted(words("reports.none")), title=words("reports.by_day")))
    return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _tile(name: str, value: str) -> ft.Control:
    return card(
        ft.Column(
            [texts.caption(name, lines=1), texts.lead(value, weight=ft.FontWeight.W_600)],
            spacing=Space.XS,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        )
    )


@ft.component
def Export(app_id: str, report: str, since: date, until: date) -> ft.Control:
    """Save a report as a table for spreadsheets."""
    session = use_session()
    words = session.words
    doing = use_doing()

    async def save() -> None:
        content = await Reports(session.player, app_id).table(report, since, until)
        name = f"{report}-{since}-{until}.csv"
        await ft.FilePicker().save_file(file_name=name, src_bytes=content)

    parts: list[Any] = []
    if doing.problem:
        parts.append(note("reports.csv.problem", doing.problem.detail, tone="danger"))
    csv = button(
        "reports.csv",
        words("reports.csv"),
        partial(doing.run, save),
        icon=ft.Icons.DOWNLOAD_ROUNDED,
        busy=doing.is_busy,
    )
    parts.append(ft.Row([csv]))
    return ft.Column(parts, spacing=Space.S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
