"""The API keys of an organisation: for its servers and scripts. A new key is shown once."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, cast

import flet as ft

from samovar.client.api.console.pages import OwnApp, Pages
from samovar.client.api.console.team import ApiKey, ApiKeyMade, Team
from samovar.client.components import texts
from samovar.client.components.buttons import button, icon_button
from samovar.client.components.dialogs.confirm import Confirm
from samovar.client.components.fields import check_box, field_error, form_column, select, text_field
from samovar.client.components.panels import divider, note, panel
from samovar.client.components.states import error_state, skeleton_rows
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.screens.account.proving import use_proof
from samovar.client.session import Session
from samovar.client.state.forms import Form
from samovar.client.theme.tokens import Colours, Radius, Sizes, Space

SCOPES = {
    "builds": "download.build.push download.build.read",
    "prices": "catalog.price.edit",
    "reports": "developer.report.read",
}
_DAYS = ("30", "90", "365")
_NAME_MAX = 64
_ALL = "all"


@ft.component
def KeysPanel(organisation_id: str) -> ft.Control:
    """Show the keys, and make one. For owners: whoever is none is told so."""
    session = use_session()
    words = session.words
    team = Team(session.player, organisation_id)
    made, set_made = ft.use_state(cast("ApiKeyMade | None", None))

    async def load() -> tuple[list[ApiKey], list[OwnApp]]:
        return await team.keys(), (await Pages(session.player).apps(organisation_id)).items

    found = use_loaded(load, [organisation_id])
    if found.value is None:
        if found.problem and not found.is_loading:
            if found.problem.code == "developer.organisation_not_found":
                return note("keys.owners", words("keys.owners"))
            return error_state("keys.error", found.problem, words, found.again)
        return skeleton_rows(3)
    keys, apps = found.value

    def done(one: ApiKeyMade) -> None:
        set_made(one)
        found.again()

    first: ft.Control = KeyForm(apps, team, done)
    if made is not None:
        first = MadeKey(made, partial(set_made, None))
    return ft.Column(
        [first, KeyList(keys, apps, team, found.again)],
        spacing=Space.L,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def MadeKey(made: ApiKeyMade, close: Callable[[], None]) -> ft.Control:
    """Show a new key: once."""
    session = use_session()
    words = session.words

    async def copy() -> None:
        await ft.Clipboard().set(made.key)
        session.toast(words("action.copied"), "success")

    key = ft.Text(made.key, style=ft.TextStyle(size=Sizes.BODY), selectable=True)
    line = ft.Row(
        [
            ft.Container(
                ft.Semantics(
                    key="keys.made",
                    identifier="keys.made",
                    label=made.key,
                    content=key,
                    exclude_semantics=True,
                ),
                expand=True,
            ),
            icon_button("keys.copy", ft.Icons.CONTENT_COPY_ROUNDED, words("action.copy"), copy),
        ],
        spacing=Space.S,
    )
    box = ft.Container(
        line, bgcolor=Colours.CANVAS, border_radius=Radius.CARD, padding=ft.Padding.only(left=Space.L)
    )
    return panel(
        note("keys.once", words("keys.once"), tone="warning"),
        box,
        ft.Row([button("keys.kept", words("keys.kept"), close, kind="primary")]),
        title=made.made.name,
    )


@ft.component
def KeyForm(apps: Sequence[OwnApp], team: Team, done: Callable[[ApiKeyMade], None]) -> ft.Control:
    """Make a key."""
    session = use_session()
    words = session.words
    doing = use_doing()
    form = use_form({"game": _ALL, "days": _DAYS[1], "builds": "yes"})
    proof = use_proof(form, doing)

    async def make() -> None:
        scopes = [scope for name, scope in SCOPES.items() if form.chosen(name)]
        if not scopes:
            form.tell({"scope": words("keys.scope.rule")})
        if (
            not form.require(("name", *([proof.kind] if proof.kind else [])), words("form.required"))
            or not scopes
        ):
            return

        async def work() -> None:
            await proof.show()
            order: dict[str, Any] = {"name": form.text("name"), "scope": " ".join(scopes)}
            order["expires_in_days"] = int(form.values["days"])
            if form.values["game"] != _ALL:
                order["game_id"] = form.values["game"]
            done(await team.make_key(order))

        await doing.run(work)

    placed = show_errors(form, doing, ("name", "password", "code"), proof=proof.kind, words=words)
    parts: list[ft.Control] = [texts.muted(words("keys.detail"))]
    parts += [] if proof.is_asked else problem_note("keys.problem", doing, placed=placed)
    parts.append(_fields(session, form, apps))
    parts += proof.fields("keys")
    parts.append(ft.Row([button("keys.make", words("keys.make"), make, kind="primary", busy=doing.is_busy)]))
    return panel(*parts, title=words("keys.new"))


def _fields(session: Session, form: Form, apps: Sequence[OwnApp]) -> ft.Control:
    words = session.words

    def choose(field: str, chosen: str) -> None:
        form.write(field, chosen)
        form.changed()

    def forget(*, chosen: bool) -> None:
        del chosen
        form.errors.pop("scope", None)
        form.changed()

    games = [(_ALL, words("keys.game.all")), *((one.app_id, one.title) for one in apps)]
    name = text_field(
        "keys.name",
        form,
        "name",
        words("keys.name"),
        hint=words("keys.name.hint"),
        length_max=_NAME_MAX,
    )
    boxes: list[ft.Control] = [
        check_box(
            f"keys.scope.{one}",
            form,
            one,
            words(f"keys.scope.{one}"),
            on_change=lambda chosen: forget(chosen=chosen),
        )
        for one in SCOPES
    ]
    if error := form.errors.get("scope"):
        boxes.append(field_error("keys.scope.error", error))
    days = [(one, words("reports.days", count=int(one))) for one in _DAYS]
    choice = ft.Row(
        [
            select(
                "keys.game",
                words("keys.game"),
                games,
                form.values["game"],
                partial(choose, "game"),
                width=300,
            ),
            select(
                "keys.days", words("keys.days"), days, form.values["days"], partial(choose, "days"), width=160
            ),
        ],
        spacing=Space.L,
        wrap=True,
        run_spacing=Space.L,
    )
    return form_column(name, ft.Column(boxes, spacing=0, tight=True), choice)


@ft.component
def KeyList(
    keys: Sequence[ApiKey], apps: Sequence[OwnApp], team: Team, again: Callable[[], None]
) -> ft.Control:
    """Show the keys that hold, and end one."""
    session = use_session()
    watch(session.window)
    words = session.words
    doing = use_doing()
    form = use_form({})
    proof = use_proof(form, doing)
    ending, set_ending = ft.use_state(cast("ApiKey | None", None))

    last = ft.use_ref(cast("ApiKey | None", None))

    async def end() -> None:
        if last.current is not None:
            await proof.show()
            await team.end_key(last.current.id)
            session.toast(words("keys.ended"), "success")
            again()

    async def go_on() -> None:
        await doing.run(end)

    async def sure() -> None:
        last.current = ending
        session.later(go_on())

    placed = show_errors(form, doing, ("password", "code"), proof=proof.kind, words=words)
    parts: list[ft.Control] = [] if proof.is_asked else problem_note("keys.end.problem", doing, placed=placed)
    parts += proof.fields("keys.end", go_on)
    titles = {one.app_id: one.title for one in apps}
    if not keys:
        parts.append(texts.muted(words("keys.none")))
    for at, one in enumerate(keys):
        if at:
            parts.append(divider())
        parts.append(_key(session, one, titles, partial(set_ending, one)))
    if ending is not None:
        title = words("keys.end.title", name=ending.name)
        close = partial(set_ending, None)
        parts.append(
            Confirm("keys.sure", title, words("keys.end.detail"), words("keys.end.yes"), sure, close)
        )
    return panel(*parts, title=words("organisation.keys"))


def _key(session: Session, one: ApiKey, titles: dict[str, str], end: Callable[[], None]) -> ft.Control:
    words = session.words
    held = set(one.scope.split())
    may = [words(f"keys.scope.{name}") for name, scope in SCOPES.items() if held.issuperset(scope.split())]
    known = {each for scope in SCOPES.values() for each in scope.split()}
    may += sorted(held - known)
    where = titles.get(one.game_id, one.game_id) if one.game_id else words("keys.game.all")
    used = (
        words("keys.used", moment=words.moment(one.last_used_at)) if one.last_used_at > one.created_at else ""
    )
    lines = [
        f"{one.hint}\u2026 \u00b7 {where}",
        ", ".join(may),
        " \u00b7 ".join(part for part in (words("keys.until", day=words.day(one.expires_at)), used) if part),
    ]
    about = ft.Column(
        [texts.strong(one.name), *(texts.caption(line) for line in lines)], spacing=2, tight=True
    )
    verb = button(f"keys.{one.name}.end", words("keys.end.yes"), end, kind="danger")
    return ft.Row([ft.Container(about, expand=True), verb], spacing=Space.M)
