"""Giving a build to players: to which branch and how many, with what the update costs them said before."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import flet as ft

from samovar.client.api.console.builds import MAIN, AppBuilds, Branch, Build, UpdatePreview
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.facts import named
from samovar.client.components.fields import check_box, form_column, text_field
from samovar.client.components.panels import note, panel
from samovar.client.components.states import skeleton_lines
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.session import Session
from samovar.client.state.forms import Form
from samovar.client.theme.tokens import Space

_FIELDS = ("name", "percent", "password", "note")
_LARGEST = 5
_PERCENT_MAX = 100


@ft.component
def GoingLive(
    build: Build,
    builds: Sequence[Build],
    branches: Sequence[Branch],
    calls: AppBuilds,
    done: Callable[[], None],
    cancel: Callable[[], None],
) -> ft.Control:
    """Let a branch give a build."""
    session = use_session()
    watch(session.window)
    words = session.words
    doing = use_doing()
    form = use_form({"name": MAIN, "percent": str(_PERCENT_MAX)})
    branch = next((one for one in branches if one.name == form.text("name")), None)

    async def give() -> None:
        if (change := _change(session, form, build.id)) is None:
            return
        await calls.change(form.text("name"), change)
        session.toast(words("builds.live.done"), "success")
        done()

    placed = show_errors(form, doing, _FIELDS)
    actions = [
        button(
            "live.give",
            words("builds.live.give"),
            partial(doing.run, give),
            kind="primary",
            busy=doing.is_busy,
        ),
        button("live.cancel", words("action.cancel"), cancel, kind="quiet"),
    ]
    return panel(
        *problem_note("live.problem", doing, placed=placed),
        _fields(session, form),
        Cost(build, branch.build_id if branch else None, builds, calls),
        ft.Row(list(actions), spacing=Space.S, wrap=True, run_spacing=Space.S),
        texts.caption(words("builds.live.rule")),
        title=words("builds.live.title", number=str(build.number)),
    )


def _fields(session: Session, form: Form) -> ft.Control:
    words = session.words
    number = ft.KeyboardType.NUMBER
    row = ft.Row(
        [
            ft.Container(
                text_field(
                    "live.name",
                    form,
                    "name",
                    words("builds.live.name"),
                    helper=words("builds.live.name.rule"),
                    length_max=40,
                    on_submit=form.changed,
                ),
                width=280,
            ),
            ft.Container(
                text_field(
                    "live.percent",
                    form,
                    "percent",
                    words("builds.live.percent"),
                    helper=words("builds.live.percent.rule"),
                    length_max=3,
                    keyboard=number,
                ),
                width=280,
            ),
        ],
        spacing=Space.L,
        wrap=True,
        run_spacing=Space.L,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
    return form_column(
        row,
        text_field(
            "live.password",
            form,
            "password",
            words("builds.live.password"),
            helper=words("builds.live.password.rule"),
            length_max=100,
        ),
        check_box("live.open", form, "is_open", words("builds.live.open")),
        text_field("live.note", form, "note", words("builds.live.note"), length_max=2_000),
    )


def _change(session: Session, form: Form, build_id: str) -> dict[str, Any] | None:
    """Return what the branch is to give as the platform takes it; none, with errors at their fields."""
    words = session.words
    percent = form.text("percent")
    wrong: dict[str, str] = {}
    if not percent.isdecimal() or not 1 <= int(percent) <= _PERCENT_MAX:
        wrong["percent"] = words("builds.live.percent.rule")
    if not form.text("name"):
        wrong["name"] = words("form.required")
    if not form.tell(wrong):
        return None
    change: dict[str, Any] = {"build_id": build_id, "percent": int(percent), "note": form.text("note")}
    if form.text("password"):
        change["password"] = form.text("password")
    elif form.chosen("is_open"):
        change["password"] = None
    return change


@ft.component
def Cost(build: Build, from_build_id: str | None, builds: Sequence[Build], calls: AppBuilds) -> ft.Control:
    """Say what players fetch: from what the branch gives now, or at a first install."""
    session = use_session()
    former = from_build_id if from_build_id != build.id else None
    found = use_loaded(lambda: calls.preview(build.id, former), [build.id, former])
    if found.value is None:
        if found.problem and not found.is_loading:
            return note("live.cost.problem", found.problem.detail, tone="warning")
        return skeleton_lines(3)
    number = next((one.number for one in builds if one.id == former), None)
    return _cost(session, found.value, number)


def _cost(session: Session, cost: UpdatePreview, former: int | None) -> ft.Control:
    words = session.words
    head = words("builds.cost.update", number=str(former)) if former else words("builds.cost.install")
    rows: list[ft.Control] = [
        texts.strong(head),
        named(words("builds.cost.download"), words.size(cost.download_bytes)),
        named(words("builds.cost.disk"), words.size(cost.disk_bytes_peak)),
    ]
    large = [one for one in cost.largest[:_LARGEST] if one.new_bytes]
    if former and large:
        files = ", ".join(f"{one.path} ({words.size(one.new_bytes)})" for one in large)
        rows.append(named(words("builds.cost.files"), files))
    box = ft.Column(rows, spacing=Space.S, tight=True)
    return ft.Semantics(key="live.cost", identifier="live.cost", content=box)
