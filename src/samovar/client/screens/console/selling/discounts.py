"""Discounts on a package: what holds and what is planned, planning one with the judgement of the rules before it, calling one off."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, cast

import flet as ft

from samovar.client.api.console.selling import Discount, Package, Sale, Selling, Verdict
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.console.frame import table
from samovar.client.components.dialogs.confirm import Confirm
from samovar.client.components.fields import select, text_field
from samovar.client.components.panels import note, panel
from samovar.client.hooks import use_doing, use_session, watch
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.screens.console.selling.regions import region_name
from samovar.client.screens.console.standing import discount_badge
from samovar.client.session import Session
from samovar.client.state.console.moments import read_moment
from samovar.client.state.forms import Form
from samovar.client.state.names import name_of
from samovar.client.theme.tokens import Space

_DAYS_MAX = 366
_KIND_WIDTH = 360
# What begins at once begins so much later: the platform takes no beginning in the past.
_AT_ONCE = timedelta(minutes=1)
_LIVE = ("active", "scheduled", "waiting")


@dataclass(frozen=True)
class Kind:
    """A kind of discount that can be planned; of a seasonal one with the sale that it joins."""

    name: str
    sale: Sale | None = None

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return self.sale.id if self.sale else self.name


def open_kinds(sales: Sequence[Sale], *, is_out: bool) -> list[Kind]:
    """Return the kinds that make sense now, the likeliest first: before the release that is a launch discount."""
    if not is_out:
        return [Kind("launch"), Kind("custom")]
    now = datetime.now(UTC)
    return [Kind("custom"), *(Kind("seasonal", one) for one in sales if one.join_until > now)]


@ft.component
def Discounts(
    package: Package,
    discounts: list[Discount],
    kinds: Sequence[Kind],
    sales: Sequence[Sale],
    calls: Selling,
    again: Callable[[], None],
) -> ft.Control:
    """Show the discounts of a package, and the sales of the store that it may join."""
    session = use_session()
    watch(session.window)
    words = session.words
    opened, set_opened = ft.use_state(cast("Kind | None", None))
    leaving, set_leaving = ft.use_state(cast("Discount | None", None))

    def done() -> None:
        set_opened(None)
        again()

    async def call_off(one: Discount) -> None:
        await calls.call_off(one.id)
        session.toast(words("console.discount.called_off"), "success")
        again()

    parts: list[ft.Control] = []
    if opened:
        form = PlanForm(package, kinds, opened, calls, done, partial(set_opened, None))
        parts.append(ft.Container(form, key=opened.key))
    else:
        joined = {one.sale_id for one in discounts if one.state in _LIVE}
        parts += [
            _open_sale(session, one.sale, partial(set_opened, one))
            for one in kinds
            if one.sale and one.sale.id not in joined
        ]
    if discounts:
        heads = [words(f"console.discount.{one}") for one in ("percent", "kind", "when", "state")]
        rows = [_row(session, one, sales, partial(set_leaving, one)) for one in discounts]
        parts.append(table(session, [*heads, ""], rows, weights=(1, 2, 5, 2, 2)))
    elif not opened:
        parts.append(texts.muted(words("console.discount.none")))
    plan = button(
        "discount.open",
        words("console.discount.plan"),
        partial(set_opened, kinds[0]),
        icon=ft.Icons.PERCENT_ROUNDED,
    )
    if leaving is not None:
        parts.append(_question(session, leaving, partial(call_off, leaving), partial(set_leaving, None)))
    return panel(*parts, title=words("console.discount.title"), action=None if opened else plan)


def _question(
    session: Session, one: Discount, work: Callable[[], Awaitable[None]], close: Callable[[], None]
) -> ft.Control:
    words = session.words
    key = f"console.discount.{'stop' if one.state == 'active' else 'cancel'}.sure"
    title = words(f"{key}.title", percent=words.discount(one.percent))
    return Confirm("discount.sure", title, words(f"{key}.detail"), words(f"{key}.yes"), work, close)


def _open_sale(session: Session, sale: Sale, join: Callable[[], None]) -> ft.Control:
    """Return what is known of a sale of the store, and the way into it."""
    words = session.words
    said = words(
        "console.discount.open_sale",
        name=name_of(sale.names, words.language),
        since=words.moment(sale.starts_at),
        until=words.moment(sale.ends_at),
        last=words.moment(sale.join_until),
    )
    way = texts.link(f"discount.join.{sale.id}", words("console.discount.join"), join)
    return note(f"discount.sale.{sale.id}", said, action=way)


def _row(
    session: Session, one: Discount, sales: Sequence[Sale], call_off: Callable[[], Any]
) -> list[ft.Control | str]:
    words = session.words
    sale = next((each for each in sales if each.id == one.sale_id), None)
    cells: list[ft.Control | str] = [
        words.discount(one.percent),
        _kind_name(session, Kind(one.kind, sale)),
        _when(session, one),
        ft.Row([discount_badge(words, one.state)], tight=True),
    ]
    if one.state in _LIVE:
        label = words("console.discount.stop" if one.state == "active" else "console.discount.cancel")
        cells.append(button(f"discount.{one.id}.call_off", label, call_off, kind="danger"))
    else:
        cells.append("")
    return cells


def _when(session: Session, one: Discount) -> str:
    words = session.words
    if one.kind == "launch":
        # Its dates are but a plan: it lasts as long, from the release on.
        return words("console.discount.launch_days", count=(one.ends_at - one.starts_at).days)
    # What was called off before it began has no end of its own.
    ended = one.ended_at if one.ended_at and one.ended_at > one.starts_at else one.ends_at
    return f"{words.moment(one.starts_at)} \u2013 {words.moment(ended)}"


@ft.component
def PlanForm(
    package: Package,
    kinds: Sequence[Kind],
    first: Kind,
    calls: Selling,
    done: Callable[[], None],
    cancel: Callable[[], None],
) -> ft.Control:
    """Plan a discount. The rules are asked first: what stands against it is said, and until when."""
    session = use_session()
    words = session.words
    doing = use_doing()
    form = use_form({"percent": "20", "days": "7", "kind": first.key})
    verdict, set_verdict = ft.use_state(cast("Verdict | None", None))
    kind = next((one for one in kinds if one.key == form.values["kind"]), kinds[0])

    async def judge() -> None:
        wish = _wish(session, form, kind, package.id)
        if wish is not None:
            set_verdict(await calls.preview(wish))

    async def plan() -> None:
        wish = _wish(session, form, kind, package.id)
        if wish is None:
            return
        found = await calls.preview(wish)
        set_verdict(found)
        if found.is_allowed:
            await calls.plan(wish)
            session.toast(words("console.discount.planned"), "success")
            done()

    placed = show_errors(form, doing, ("percent", "starts_at", "days"))

    def choose(key: str) -> None:
        form.write("kind", key)
        set_verdict(None)
        form.errors.clear()
        form.changed()

    parts = [
        _fields(session, form, kinds, kind, choose),
        *problem_note("discount.plan.problem", doing, placed=placed),
    ]
    if verdict is not None:
        parts.append(_verdict(session, verdict, kind))
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


def _fields(
    session: Session, form: Form, kinds: Sequence[Kind], kind: Kind, choose: Callable[[str], None]
) -> ft.Control:
    """Return what a kind leaves open: a launch begins with the release, a sale has its own days."""
    words = session.words
    chosen = select(
        "discount.kind",
        words("console.discount.kind"),
        [(one.key, _kind_name(session, one)) for one in kinds],
        kind.key,
        choose,
        width=min(_KIND_WIDTH, round(session.window.width) - 4 * Space.XL),
    )

    def field(name: str, width: int, **more: Any) -> ft.Control:
        label = words(f"console.discount.{name}")
        return ft.Container(text_field(f"discount.{name}", form, name, label, **more), width=width)

    number = ft.KeyboardType.NUMBER
    fields: list[ft.Control] = [chosen, field("percent", 110, length_max=3, keyboard=number)]
    if kind.name == "custom":
        rule = words("console.discount.starts_at.rule")
        fields.append(field("starts_at", 240, length_max=20, hint="01.12.2026 12:00", helper=rule))
    if kind.name != "seasonal":
        fields.append(field("days", 110, length_max=4, keyboard=number))
    row = ft.Row(
        fields,
        spacing=Space.L,
        wrap=True,
        run_spacing=Space.L,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    parts: list[ft.Control] = [row]
    if kind.sale:
        since, until = words.moment(kind.sale.starts_at), words.moment(kind.sale.ends_at)
        parts.append(texts.caption(words("console.discount.seasonal", since=since, until=until)))
    elif kind.name == "launch":
        parts.append(texts.caption(words("console.discount.launch")))
    return ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _kind_name(session: Session, kind: Kind) -> str:
    if kind.sale:
        return name_of(kind.sale.names, session.words.language)
    return session.words(f"console.discount.kind.{kind.name}")


def _wish(session: Session, form: Form, kind: Kind, package_id: str) -> dict[str, Any] | None:
    """Return what is wanted as the platform takes it; none, with errors at their fields."""
    words = session.words
    percent, days, typed = form.text("percent"), form.text("days"), form.text("starts_at")
    wrong: dict[str, str] = {}
    if not percent.isdecimal() or not 1 <= int(percent) <= 99:  # noqa: PLR2004  What the platform takes at all.
        wrong["percent"] = words("console.discount.percent.rule")
    wish: dict[str, Any] = {"package_id": package_id, "kind": kind.name}
    if kind.sale:
        wish["sale_id"] = kind.sale.id
    else:
        starts = read_moment(typed) if typed and kind.name == "custom" else datetime.now(UTC) + _AT_ONCE
        if starts is None:
            wrong["starts_at"] = words("release.at.rule")
        if not days.isdecimal() or not 1 <= int(days) <= _DAYS_MAX:
            wrong["days"] = words("console.discount.days.rule")
        elif starts is not None:
            wish["starts_at"] = starts.isoformat()
            wish["ends_at"] = (starts + timedelta(days=int(days))).isoformat()
    if not form.tell(wrong):
        return None
    return wish | {"percent": int(percent)}


def _verdict(session: Session, verdict: Verdict, kind: Kind) -> ft.Control:
    """Return what the rules say: each objection with its end, or what the prices would be."""
    words = session.words
    if not verdict.is_allowed:
        said = "\n".join(one.detail for one in verdict.objections)
        return note("discount.verdict", said, tone="danger")
    prices = ", ".join(
        f"{region_name(words, region)} {words.money(one.final)}"
        for region, one in sorted(verdict.prices.items(), key=lambda each: (each[0] != "RU", each[0]))
    )
    said = words("console.discount.allowed", prices=prices, until=words.moment(verdict.ends_at))
    if kind.name == "launch":
        said = words("console.discount.allowed_launch", prices=prices)
    return note("discount.verdict", said, tone="success")
