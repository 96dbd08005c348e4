"""The entry of the console: the developer's organisations, and founding one."""

from collections.abc import Callable
from functools import partial

import flet as ft

from samovar.client.api.console.organisations import Organisation, Organisations, OwnOrganisation
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.fields import form_column, text_field
from samovar.client.components.panels import avatar, badge, panel, pressable
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton_rows
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.screens.console.standing import standing_badge
from samovar.client.session import Session, holds_keyboard
from samovar.client.theme.tokens import Colours, Grid, Space

_NAME_MAX, _WEBSITE_MAX = 100, 200
_FIELDS = ("name", "website")


@ft.component
def ConsoleHome() -> ft.Control:
    """Show the organisations of the developer."""
    session = use_session()
    watch(session.window)
    words = session.words
    calls = Organisations(session.player)
    found = use_loaded(calls.mine)
    is_founding, set_founding = ft.use_state(False)
    title = texts.page_title(words("console.title"))

    def head(*, with_action: bool) -> ft.Control:
        parts: list[ft.Control] = [
            ft.Column([title, texts.muted(words("console.lead"))], spacing=Space.XS, tight=True)
        ]
        if with_action:
            found_one = button(
                "console.found",
                words("console.found.open"),
                lambda: set_founding(True),
                icon=ft.Icons.ADD_ROUNDED,
            )
            parts.append(found_one)
        return ft.Row(parts, alignment=ft.MainAxisAlignment.SPACE_BETWEEN, wrap=True, run_spacing=Space.M)

    if found.value is None:
        if found.problem and not found.is_loading:
            return screen(session, title, error_state("console.error", found.problem, words, found.again))
        return screen(session, title, skeleton_rows(2, height=76), width=Grid.READING)
    if is_founding:
        return screen(
            session, head(with_action=False), FoundPanel(partial(set_founding, False)), width=Grid.READING
        )
    if not found.value:
        start = button(
            "console.found",
            words("console.found.open"),
            lambda: set_founding(True),
            kind="primary",
            icon=ft.Icons.ADD_ROUNDED,
        )
        nothing = empty_state(
            "console.empty",
            ft.Icons.ROCKET_LAUNCH_OUTLINED,
            words("console.empty.title"),
            words("console.empty.detail"),
            action=start,
        )
        return screen(session, head(with_action=False), nothing, width=Grid.READING)
    rows = [_organisation(session, one) for one in found.value]
    return screen(
        session,
        head(with_action=True),
        ft.Column(
            list(rows), spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        ),
        width=Grid.READING,
    )


def _organisation(session: Session, own: OwnOrganisation) -> ft.Control:
    words = session.words
    one = own.organisation
    levels = ", ".join(words(f"console.level.{level}") for level in own.levels)
    about = ft.Row(
        [standing_badge(words, one.standing), *([badge(levels)] if levels else [])],
        spacing=Space.S,
        wrap=True,
        run_spacing=Space.XS,
    )
    row = ft.Row(
        [
            avatar(one.name, size=44),
            ft.Column([texts.strong(one.name, lines=1), about], spacing=Space.XS, tight=True, expand=True),
            ft.Icon(ft.Icons.CHEVRON_RIGHT_ROUNDED, color=Colours.TEXT3),
        ],
        spacing=Space.L,
    )
    to = partial(session.go, organisation_path(one))
    return pressable(f"console.organisation.{one.id}", row, to, padding=Space.L)


@ft.component
def FoundPanel(cancel: Callable[[], None]) -> ft.Control:
    """Found an organisation."""
    session = use_session()
    words = session.words
    form = use_form({})
    doing = use_doing()

    async def found() -> None:
        if not form.require(("name",), words("form.required")):
            return

        async def work() -> None:
            made = await Organisations(session.player).found(form.text("name"), form.address("website"))
            # The role in it stands in the next token alone.
            await session.tokens.renew(await session.tokens.token())
            session.toast(words("console.found.done"), "success")
            session.go(organisation_path(made))

        await doing.run(work)

    placed = show_errors(form, doing, _FIELDS)
    fields = form_column(
        text_field(
            "console.found.name",
            form,
            "name",
            words("console.found.name"),
            hint=words("console.found.name.hint"),
            helper=words("console.found.name.rule"),
            length_max=_NAME_MAX,
            autofocus=holds_keyboard(session),
        ),
        text_field(
            "console.found.website",
            form,
            "website",
            words("console.found.website"),
            hint="https://",
            length_max=_WEBSITE_MAX,
            keyboard=ft.KeyboardType.URL,
            on_submit=lambda: session.later(found()),
        ),
    )
    save = button(
        "console.found.submit", words("console.found.submit"), found, kind="primary", busy=doing.is_busy
    )
    back = button("console.found.cancel", words("action.cancel"), cancel, kind="quiet")
    return panel(
        *problem_note("console.found.problem", doing, placed=placed),
        fields,
        ft.Row([save, back], spacing=Space.S, wrap=True),
        texts.caption(words("console.found.rule")),
        title=words("console.found.title"),
    )


def organisation_path(one: Organisation) -> str:
    """Return where an organisation is shown."""
    return f"/dev/organisations/{one.id}"
