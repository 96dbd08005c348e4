"""Discounts on a package: what holds and what is planned, planning one with the judgement of the rules before it, calling one off."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

import flet as ft

from samovar.client.api.console.selling import Discount, Package, Selling, Verdict
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.console.frame import table
from samovar.client.components.fields import select, text_field
from samovar.client.components.panels import note, panel
from samovar.client.hooks import use_doing, use_session, watch
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.screens.console.standing import discount_badge
from samovar.client.session import Session
from samovar.client.state.console.moments import read_moment
from samovar.client.state.forms import Form
from samovar.client.theme.tokens import Space

_KINDS = ("custom", "launch")
_DAYS_MAX = 366
_LIVE = ("active", "scheduled", "waiting")


@ft.component
def Discounts(
    package: Package, discounts: list[Discount], calls: Selling, again: Callable[[], None]
) -> ft.Control:
    """Show the discounts of a package."""
    session = use_session()
    watch(session.window)
    words = session.words
    doing = use_doing()
    is_open, set_open = ft.use_state(False)

    def done() -> None:
        set_open(False)
        again()

    async def call_off(one: Discount) -> None:
        await calls.call_off(one.id)
        session.toast(words("console.discount.called_off"), "success")
        again()

    parts: list[ft.Control] = [*problem_note("discount.problem", doing, placed=False)]
    if is_open:
        parts.append(PlanForm(package, calls, done, lambda: set_open(False)))
    if discounts:
        heads = [words(f"console.discount.{one}") for one in ("percent", "kind", "when", "state")]
        rows = [_row(session, one, lambda one=one: doing.run(partial(call_off, one))) for one in discounts]  # type: ignore[misc]
        parts.append(table(session, [*heads, ""], rows, weights=(1, 2, 5, 2, 2)))
    elif not is_open:
        parts.append(texts.muted(words("console.discount.none")))
    plan = button(
        "discount.open", words("console.discount.plan"), lambda: set_open(True), icon=ft.Icons.PERCENT_ROUNDED
    )
    return panel(*parts, title=words("console.discount.title"), action=None if is_open else plan)


def _row(session: Session, one: Discount, call_off: Callable[[], Any]) -> list[ft.Control | str]:
    words = session.words
    cells: list[ft.Control | str] = [
        words.discount(one.percent),
        words(f"console.discount.kind.{one.kind}"),
        f"{words.moment(one.starts_at)} \u2013 {words.moment(one.ended_at or one.ends_at)}",
        ft.Row([discount_badge(words, one.state)], tight=True),
    ]
    if one.state in _LIVE:
        label = words("console.discount.stop" if one.state == "active" else "console.discount.cancel")
        cells.append(button(f"discount.{one.id}.call_off", label, call_off, kind="danger"))
    else:
        cells.append("")
    return cells


@ft.component
def PlanForm(
    package: Package, calls: Selling, done: Callable[[], None], cancel: Callable[[], None]
) -> ft.Control:
    """Plan a discount. The rules are asked first: what stands against it is said, and until when."""
    session = use_session()
    words = session.words
    doing = use_doing()
    form = use_form({"percent": "20", "days": "7", "kind": _KINDS[0]})
    verdict, set_verdict = ft.use_state(cast("Verdict | None", None))

    async def judge() -> None:
        wish = _wish(session, form, package.id)
        if wish is not None:
            set_verdict(await calls.preview(wish))

    async def plan() -> None:
        wish = _wish(session, form, package.id)
        if wish is None:
            return
        found = await calls.preview(wish)
        set_verdict(found)
        if found.is_allowed:
            await calls.plan(wish)
            session.toast(words("console.discount.planned"), "success")
            done()

    placed = show_errors(form, doing, ("percent", "starts_at", "days", "ends_at"))
    parts = [_fields(session, form), *problem_note("discount.plan.problem", doing, placed=placed)]
    if verdict is not None:
        parts.append(_verdict(session, verdict))
    actions = [
        button(
            "discount.plan",
            words("console.discount.plan"),
            partial(doing.run, plan),
            kind="primary",
            busy=doing.is_busy,
        ),
        button("discount.judge", words("console.discount.judge"), partial(doing.run, judge)),
        button("discount.close", words("action.cancel"), cancel, kind="quiet"),
    ]
    parts.append(ft.Row(list(actions), spacing=Space.S, wrap=True, run_spacing=Space.S))
    return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _fields(session: Session, form: Form) -> ft.Control:
    words = session.words
    kind = select(
        "discount.kind",
        words("console.discount.kind"),
        [(one, words(f"console.discount.kind.{one}")) for one in _KINDS],
        form.values["kind"],
        lambda chosen: form.write("kind", chosen),
        width=240,
    )

    def field(name: str, width: int, **more: Any) -> ft.Control:
        label = words(f"console.discount.{name}")
        return ft.Container(text_field(f"discount.{name}", form, name, label, **more), width=width)

    number = ft.KeyboardType.NUMBER
    fields = [
        kind,
        field("percent", 110, length_max=2, keyboard=number),
        field(
            "starts_at",
            240,
            length_max=20,
            hint="01.12.2026 12:00",
            helper=words("console.discount.starts_at.rule"),
        ),
        field("days", 110, length_max=3, keyboard=number),
    ]
    return ft.Row(
        list(fields),
        spacing=Space.L,
        wrap=True,
        run_spacing=Space.L,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def _wish(session: Session, form: Form, package_id: str) -> dict[str, Any] | None:
    """Return what is wanted as the platform takes it; none, with errors at their fields."""
    words = session.words
    percent, days = form.text("percent"), form.text("days")
    starts = read_moment(form.text("starts_at")) if form.text("starts_at") else datetime.now(UTC)
    if not percent.isdecimal() or not 1 <= int(percent) <= 99:  # noqa: PLR2004  What the platform takes at all.
        form.errors["percent"] = words("console.discount.percent.rule")
    if not days.isdecimal() or not 1 <= int(days) <= _DAYS_MAX:
        form.errors["days"] = words("console.discount.days.rule")
    if starts is None:
        form.errors["starts_at"] = words("release.at.rule")
    if form.errors or starts is None:
        form.changed()
        return None
    wish = {"package_id": package_id, "kind": form.values["kind"], "percent": int(percent)}
    if form.text("starts_at"):
        wish["starts_at"] = starts.isoformat()
    return wish | {"ends_at": (starts + timedelta(days=int(days))).isoformat()}


def _verdict(session: Session, verdict: Verdict) -> ft.Control:
    """Return what the rules say: each objection with its end, or what the prices would be."""
    words = session.words
    if not verdict.is_allowed:
        said = [
            one.detail
            + (f" {words('console.discount.until', moment=words.moment(one.until))}" if one.until else "")
            for one in verdict.objections
        ]
        return note("discount.verdict", "\n".join(said), tone="danger")
    prices = ", ".join(
        f"{words.money(one.final)} ({region})" for region, one in sorted(verdict.prices.items())
    )
    until = words.moment(verdict.ends_at)
    return note(
        "discount.verdict", words("console.discount.allowed", prices=prices, until=until), tone="success"
    )
