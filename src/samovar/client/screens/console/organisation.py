"""One organisation: its apps, and a new one."""

from functools import partial
from urllib.parse import parse_qs, urlsplit

import flet as ft

from samovar.client.api.console.organisations import Organisation, Organisations
from samovar.client.api.console.pages import OwnApp, OwnApps, Pages
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.console.frame import crumbs, tabs
from samovar.client.components.panels import badge, note, pressable
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton_rows
from samovar.client.hooks import use_loaded, use_session, use_title, watch
from samovar.client.screens.console.app import app_path
from samovar.client.screens.console.legal import LegalPanel
from samovar.client.screens.console.new_app import NewAppPanel
from samovar.client.screens.console.standing import app_badge, standing_badge
from samovar.client.screens.console.team.keys import KeysPanel
from samovar.client.screens.console.team.members import MembersPanel
from samovar.client.session import Session
from samovar.client.state.console.levels import APP_PARTS, ORGANISATION_PARTS, may_change, open_parts
from samovar.client.theme.tokens import Colours, Grid, Radius, Space

_KINDS = {
    "game": ft.Icons.SPORTS_ESPORTS_OUTLINED,
    "dlc": ft.Icons.EXTENSION_OUTLINED,
    "demo": ft.Icons.PLAY_CIRCLE_OUTLINED,
    "soundtrack": ft.Icons.MUSIC_NOTE_OUTLINED,
    "tool": ft.Icons.BUILD_OUTLINED,
}


@ft.component
def OrganisationScreen() -> ft.Control:
    """Show the organisation of the address; `part` in the query is `apps`, `new`, `members`, `keys` or `legal`."""
    session = use_session()
    watch(session.window)
    words = session.words
    organisation_id = ft.use_route_params().get("organisation", "")
    part = parse_qs(urlsplit(session.page.route or "").query).get("part", ["apps"])[0]

    async def load() -> tuple[Organisation, list[str]]:
        calls = Organisations(session.player)
        return await calls.show(organisation_id), await calls.levels(organisation_id)

    found = use_loaded(load, [organisation_id])
    use_title(found.value[0].name if found.value else "")
    way = crumbs(session, ("console.crumb.home", words("console.title"), "/dev"))
    if found.value is None:
        if found.problem and not found.is_loading:
            wrong = error_state("organisation.error", found.problem, words, found.again)
            return screen(session, way, wrong, width=Grid.READING)
        return screen(session, way, skeleton_rows(4), width=_WIDTH)
    one, levels = found.value
    open_to_me = open_parts(ORGANISATION_PARTS, levels)
    at = f"/dev/organisations/{one.id}"
    shown = part if part in open_to_me or (part == "new" and may_change(levels)) else "apps"
    items = [
        (
            f"organisation.tab.{name}",
            words(f"organisation.{name}"),
            at if name == "apps" else f"{at}?part={name}",
        )
        for name in open_to_me
    ]
    parts = tabs(session, items, f"organisation.tab.{'apps' if shown == 'new' else shown}")
    head = ft.Row(
        [texts.page_title(one.name), standing_badge(words, one.standing)],
        spacing=Space.M,
        wrap=True,
        run_spacing=Space.S,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
    body: ft.Control
    match shown:
        case "legal":
            body = LegalPanel(one.id, found.again)
        case "members":
            body = MembersPanel(one.id)
        case "keys":
            body = KeysPanel(one.id)
        case "new":
            body = NewAppPanel(one.id)
        case _:
            body = AppList(one, levels)
    return screen(session, ft.Column([way, head, parts], spacing=Space.M, tight=True), body, width=_WIDTH)


_WIDTH = 960


@ft.component
def AppList(organisation: Organisation, levels: list[str]) -> ft.Control:
    """Show the apps of an organisation."""
    session = use_session()
    watch(session.window)
    words = session.words
    at = f"/dev/organisations/{organisation.id}"

    async def load() -> OwnApps:
        calls = Pages(session.player)
        first = await calls.apps(organisation.id)
        if first.next_cursor is None:
            return first
        second = await calls.apps(organisation.id, cursor=first.next_cursor)
        return OwnApps([*first.items, *second.items], second.next_cursor)

    found = use_loaded(load, [organisation.id])
    if found.value is None:
        if found.problem and not found.is_loading:
            return error_state("organisation.apps.error", found.problem, words, found.again)
        return skeleton_rows(3, height=68)
    new = button(
        "organisation.new_app",
        words("organisation.new_app"),
        lambda: session.go(f"{at}?part=new"),
        kind="primary",
        icon=ft.Icons.ADD_ROUNDED,
    )
    parts: list[ft.Control] = []
    if organisation.standing == "unconfirmed" and "legal" in open_parts(ORGANISATION_PARTS, levels):
        say = texts.link(
            "organisation.say_legal",
            words("organisation.say_legal"),
            lambda: session.go(f"{at}?part=legal"),
        )
        parts.append(
            note("organisation.unconfirmed", words("organisation.unconfirmed"), tone="warning", action=say)
        )
    if not found.value.items:
        parts.append(
            empty_state(
                "organisation.empty",
                ft.Icons.SPORTS_ESPORTS_OUTLINED,
                words("organisation.empty.title"),
                words("organisation.empty.detail"),
                action=new if may_change(levels) else None,
            )
        )
    else:
        if may_change(levels):
            parts.append(ft.Row([new], alignment=ft.MainAxisAlignment.END))
        part = open_parts(APP_PARTS, levels)[0]
        parts += [_app(session, one, part) for one in found.value.items]
    return ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _app(session: Session, app: OwnApp, part: str) -> ft.Control:
    words = session.words
    marks: list[ft.Control] = [app_badge(words, app.state)]
    if app.has_draft and app.state != "draft":
        marks.append(badge(words("console.state.changes"), tone="warning"))
    about = words("organisation.app.about", kind=words(f"console.kind.{app.kind}"), slug=app.slug)
    changed = words("organisation.app.changed", moment=words.moment(app.updated_at))
    is_narrow = session.window.kind == "phone"
    said = about if is_narrow else f"{about} · {changed}"
    text = ft.Column(
        [texts.strong(app.title, lines=1), texts.caption(said, lines=1)],
        spacing=2,
        tight=True,
        expand=True,
    )
    icon = ft.Container(
        ft.Icon(_KINDS.get(app.kind, ft.Icons.SPORTS_ESPORTS_OUTLINED), size=22, color=Colours.TEXT2),
        width=44,
        height=44,
        bgcolor=Colours.SURFACE2,
        border_radius=Radius.CARD,
        alignment=ft.Alignment.CENTER,
    )
    if is_narrow:
        text.controls.append(ft.Row(marks, spacing=Space.S, wrap=True, run_spacing=Space.XS))
        row = ft.Row([icon, text], spacing=Space.M)
    else:
        row = ft.Row([icon, text, *marks], spacing=Space.M)
    to = partial(session.go, app_path(app.app_id, part))
    return pressable(f"organisation.app.{app.slug}", row, to, padding=Space.L)
