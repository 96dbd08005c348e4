"""The frame of one app: its name and state, its parts as tabs. Each part has a path of its own."""

from collections.abc import Callable

import flet as ft

from samovar.client.api.console.organisations import Organisations
from samovar.client.api.console.pages import Pages, Seen
from samovar.client.components import texts
from samovar.client.components.console.frame import crumbs, tabs
from samovar.client.components.panels import badge, note
from samovar.client.components.shell import screen
from samovar.client.components.states import error_state, skeleton_rows
from samovar.client.hooks import use_loaded, use_session, use_title, watch
from samovar.client.screens.console.standing import app_badge
from samovar.client.session import Session
from samovar.client.state.console.levels import APP_PARTS, may_change, open_parts
from samovar.client.theme.tokens import Space

_WIDTH = 1240

Body = Callable[[Seen, Callable[[], None]], ft.Control]
"""Makes a part of the draft as it was loaded; the second argument loads it anew."""


def app_path(app_id: str, part: str = "release") -> str:
    """Return where a part of an app is shown."""
    return f"/dev/apps/{app_id}" if part == "release" else f"/dev/apps/{app_id}/{part}"


def app_screen(part: str, body: Body) -> ft.Control:
    """Return a part of the app of the address. To be called by a component."""
    session = use_session()
    watch(session.window)
    words = session.words
    app_id = ft.use_route_params().get("app", "")

    async def load() -> tuple[Seen, list[str]]:
        seen = await Pages(session.player).show(app_id)
        return seen, await Organisations(session.player).levels(seen.draft.organisation_id)

    found = use_loaded(load, [app_id])
    use_title(str(found.value[0].draft.page.get("title", "")) if found.value else "")
    if found.value is None or found.value[0].draft.app_id != app_id:
        way = crumbs(session, ("console.crumb.home", words("console.title"), "/dev"))
        if found.problem and not found.is_loading:
            return screen(session, way, error_state("app.error", found.problem, words, found.again))
        return screen(session, way, skeleton_rows(4), width=_WIDTH)
    seen, levels = found.value
    parts = open_parts(APP_PARTS, levels)
    own = ", ".join(words(f"console.level.{one}") for one in levels)
    if part not in parts:
        shown: list[ft.Control] = [note("app.closed", words("app.closed", levels=own))]
    elif may_change(levels):
        shown = [body(seen, found.again)]
    else:
        shown = [note("app.looking", words("app.looking", levels=own)), body(seen, found.again)]
    return screen(session, _head(session, seen, part, parts), *shown, width=_WIDTH)


def _head(session: Session, seen: Seen, part: str, parts: list[str]) -> ft.Control:
    words = session.words
    draft = seen.draft
    up = f"/dev/organisations/{draft.organisation_id}" if draft.organisation_id else "/dev"
    way = crumbs(
        session,
        ("console.crumb.home", words("console.title"), "/dev"),
        ("console.crumb.organisation", words("app.all"), up),
    )
    marks: list[ft.Control] = [app_badge(words, draft.state)]
    if draft.draft_version and draft.state != "draft":
        marks.append(badge(words("console.state.changes"), tone="warning"))
    title = ft.Row(
        [texts.page_title(str(draft.page.get("title", ""))), *marks],
        spacing=Space.M,
        wrap=True,
        run_spacing=Space.S,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    items = [(f"app.tab.{one}", words(f"app.tab.{one}"), app_path(draft.app_id, one)) for one in parts]
    return ft.Column([way, title, tabs(session, items, f"app.tab.{part}")], spacing=Space.M, tight=True)
