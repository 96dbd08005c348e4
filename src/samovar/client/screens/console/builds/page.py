"""The builds of an app: how to bring one, the branches that give them to players, the list of all."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import cast

import flet as ft

from samovar.client.api.console.builds import MAIN, AppBuilds, Branch, Build, Builds
from samovar.client.api.console.pages import Seen
from samovar.client.components import texts
from samovar.client.components.buttons import button, icon_button
from samovar.client.components.console.frame import table
from samovar.client.components.panels import badge, panel
from samovar.client.components.states import error_state, skeleton_rows
from samovar.client.hooks import use_loaded, use_session, watch
from samovar.client.screens.console.app import app_screen
from samovar.client.screens.console.builds.branches import Branches
from samovar.client.screens.console.builds.going_live import GoingLive
from samovar.client.screens.console.standing import build_badge
from samovar.client.session import Session, scroll_to_top
from samovar.client.theme.tokens import Colours, Radius, Space
from samovar.sdk.errors import SdkError


@ft.component
def AppBuildList() -> ft.Control:
    """Show the builds of an app."""
    return app_screen("builds", BuildsPart)


@ft.component
def BuildsPart(seen: Seen, again: Callable[[], None]) -> ft.Control:
    """Show how to push, the branches and the builds."""
    del again
    session = use_session()
    watch(session.window)
    words = session.words
    calls = AppBuilds(session.player, seen.draft.app_id)
    going, set_going = ft.use_state("")

    async def load() -> tuple[Builds, list[Branch]]:
        return await calls.builds(), await calls.branches()

    found = use_loaded(load, [seen.draft.app_id])
    costs = use_costs(calls, found.value[0].items if found.value else [])
    if found.value is None:
        if found.problem and not found.is_loading:
            return error_state("builds.error", found.problem, words, found.again)
        return skeleton_rows(4)
    builds, branches = found.value

    def done() -> None:
        set_going("")
        found.again()

    parts: list[ft.Control] = []

    def give(build_id: str) -> None:
        set_going(build_id)
        session.later(scroll_to_top(session))

    build = next((one for one in builds.items if one.id == going), None)
    if build is not None:
        form = GoingLive(build, builds.items, branches, calls, done, lambda: set_going(""))
        parts.append(ft.Container(form, key=build.id))
    if branches:
        parts.append(Branches(branches, builds.items, calls, found.again))
    parts.append(_list(session, builds.items, branches, costs, give))
    parts.append(_push(session, seen))
    return ft.Column(parts, spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def use_costs(calls: AppBuilds, builds: Sequence[Build]) -> dict[str, int]:
    """Return what the update to a build costs whoever has the one before, in bytes, as far as it is known already."""
    costs, set_costs = ft.use_state(cast("dict[str, int]", {}))
    ready = [one for one in builds if one.state == "ready"]

    async def weigh() -> None:
        # One after another: the platform makes a plan for each.
        known: dict[str, int] = {}
        for build, former in pairwise(ready):
            try:
                known[build.id] = (await calls.preview(build.id, former.id)).download_bytes
            except SdkError:
                return
            set_costs(dict(known))

    ft.use_effect(weigh, [len(ready)])
    return costs


def _list(
    session: Session,
    builds: list[Build],
    branches: list[Branch],
    costs: dict[str, int],
    give: Callable[[str], None],
) -> ft.Control:
    words = session.words
    if not builds:
        return panel(texts.muted(words("builds.none")), title=words("builds.title"))
    heads = [words(f"builds.{one}") for one in ("number", "note", "size", "update", "made", "where")]
    rows = [_row(session, one, branches, costs, give) for one in builds]
    shown = table(session, [*heads, ""], rows, weights=(2, 4, 2, 2, 4, 2, 3))
    return panel(shown, texts.caption(words("builds.update_rule")), title=words("builds.title"))


def _row(
    session: Session,
    build: Build,
    branches: list[Branch],
    costs: dict[str, int],
    give: Callable[[str], None],
) -> list[ft.Control | str]:
    words = session.words
    names = [one.name for one in branches if one.build_id == build.id]
    if names:
        marks = [badge(one, tone="success" if one == MAIN else "info") for one in names]
        where: ft.Control = ft.Row(list(marks), spacing=Space.XS, wrap=True)
    else:
        where = ft.Row([build_badge(words, build.state)], tight=True)
    cells: list[ft.Control | str] = [
        words("builds.one", number=str(build.number)) if build.number else words("builds.unfinished"),
        build.note or "\u2013"
        if session.window.kind == "phone"
        else texts.body(build.note or "\u2013", lines=3),
        words.size(build.size_bytes) if build.size_bytes is not None else "\u2013",
        words.size(costs[build.id]) if build.id in costs else "\u2013",
        words.moment(build.committed_at or build.made_at),
        where,
    ]
    if build.state == "ready":
        name = f"builds.{build.number}.give"
        cells.append(button(name, words("builds.give"), lambda: give(build.id)))
    else:
        cells.append("")
    return cells


def _push(session: Session, seen: Seen) -> ft.Control:
    words = session.words
    line = f"samovar push ./{seen.draft.page.get('slug', 'game')} --app {seen.draft.app_id} --origin {session.origin}"

    async def copy() -> None:
        await ft.Clipboard().set(line)
        session.toast(words("action.copied"), "success")

    code = ft.Container(
        ft.Row(
            [
                ft.Container(texts.body(line), expand=True),
                icon_button("builds.copy", ft.Icons.CONTENT_COPY_ROUNDED, words("action.copy"), copy),
            ],
            spacing=Space.S,
        ),
        bgcolor=Colours.CANVAS,
        border_radius=Radius.CARD,
        padding=ft.Padding.only(left=Space.L, right=Space.XS, top=Space.XS, bottom=Space.XS),
    )
    return panel(
        texts.muted(words("builds.push.detail")),
        code,
        texts.caption(words("builds.push.rule")),
        title=words("builds.push.heading.text"),
    )
