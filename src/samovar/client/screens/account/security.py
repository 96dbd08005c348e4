"""Settings: security. The password, the second factor, and where the account is signed in."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import cast

import flet as ft

from samovar.client.api.auth import Session as SignedInPlace
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.fields import form_column, text_field
from samovar.client.components.panels import badge, divider, panel
from samovar.client.components.people.tabs import settings_tabs
from samovar.client.components.shell import screen
from samovar.client.components.states import error_state, skeleton_rows
from samovar.client.hooks import use_doing, use_loaded, use_session
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.screens.account.second_factor import SecondFactorPanel
from samovar.client.screens.settings.proof import Proof
from samovar.client.session import Session
from samovar.client.state.forms import Form
from samovar.client.theme.tokens import Colours, Grid, Radius, Space
from samovar.sdk.errors import Refused, SignInNeeded

_STEP_UP = "auth.step_up_required"


@ft.component
def Security() -> ft.Control:
    """Show the three parts of an account's security."""
    session = use_session()
    words = session.words
    turn, set_turn = ft.use_state(0)
    return screen(
        session,
        texts.page_title(words("settings.title")),
        settings_tabs(session, "security"),
        SecondFactorPanel(),
        PasswordPanel(partial(set_turn, turn + 1)),
        # Another password ends the other sessions.
        ft.Container(SessionsPanel(), key=str(turn)),
        width=Grid.READING,
    )


@ft.component
def PasswordPanel(changed: Callable[[], None]) -> ft.Control:
    """Change the password, and tell `changed`."""
    session = use_session()
    doing = use_doing()
    form = use_form({})
    is_open, set_open = ft.use_state(False)
    words = session.words
    if not is_open:
        change = button("security.password.open", words("security.password.change"), lambda: set_open(True))
        return panel(
            texts.muted(words("security.password.detail")),
            title=words("security.password.title"),
            action=change,
        )

    async def change_it() -> None:
        if not form.require(("current_password", "new_password"), words("form.required")):
            return

        async def work() -> None:
            await session.security.change_password(
                current=form.values["current_password"], new=form.values["new_password"]
            )
            form.values.clear()
            set_open(False)
            session.toast(words("security.password.done"), "success")
            changed()

        await doing.run(work)

    placed = show_errors(
        form, doing, ("current_password", "new_password"), proof="current_password", words=words
    )
    return panel(
        *problem_note("security.password.problem", doing, placed=placed),
        _password_fields(
            session,
            form,
            lambda: session.later(change_it()),
        ),
        ft.Row(
            [
                button(
                    "security.password.save",
                    words("security.password.save"),
                    change_it,
                    kind="primary",
                    busy=doing.is_busy,
                ),
                button(
                    "security.password.cancel", words("action.cancel"), lambda: set_open(False), kind="quiet"
                ),
            ],
            spacing=Space.S,
            wrap=True,
        ),
        title=words("security.password.title"),
    )


def _password_fields(session: Session, form: Form, submit: Callable[[], None]) -> ft.Control:
    words = session.words
    return form_column(
        text_field(
            "security.password.current",
            form,
            "current_password",
            words("security.password.current"),
            password=True,
            autofocus=True,
            length_max=128,
            autofill=ft.AutofillHint.PASSWORD,
        ),
        text_field(
            "security.password.new",
            form,
            "new_password",
            words("security.password.new"),
            helper=words("sign_up.password_rule"),
            password=True,
            length_max=128,
            autofill=ft.AutofillHint.NEW_PASSWORD,
            on_submit=submit,
        ),
    )


@ft.component
def SessionsPanel() -> ft.Control:
    """Show where the account is signed in, and end what its owner does not know."""
    session = use_session()
    doing = use_doing()
    words = session.words
    found = use_loaded(session.security.sessions)
    # What waits for a fresh proof of who it is that ends it.
    waiting, set_waiting = ft.use_state(cast("tuple[Callable[[], Awaitable[None]], ...]", ()))

    async def done(end: Callable[[], Awaitable[None]]) -> None:
        await end()
        session.toast(words("security.sessions.ended"), "success")
        found.again()

    def ending(end: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            try:
                await done(end)
            except (SignInNeeded, Refused) as error:
                if error.problem.get("code") != _STEP_UP:
                    raise
                set_waiting((partial(done, end),))

        return lambda: doing.run(work)

    if found.problem and found.value is None:
        content: list[ft.Control] = [error_state("security.sessions", found.problem, words, found.again)]
    elif found.value is None:
        content = [skeleton_rows(3)]
    else:
        content = []
        for place in found.value:
            if content:
                content.append(divider())
            end = ending(partial(session.security.end_session, place.id))
            content.append(_place(session, place, end, busy=doing.is_busy))
    others = any(not one.is_current for one in found.value or [])
    action = button(
        "security.sessions.end_others",
        words("security.sessions.end_others"),
        ending(session.security.end_others),
        kind="danger",
        busy=doing.is_busy,
        disabled=not others,
    )
    verb = words("security.sessions.end")
    asked = [Proof("security.sessions", verb, end, partial(set_waiting, ()), "danger") for end in waiting]
    return panel(
        texts.muted(words("security.sessions.detail")),
        *asked,
        *problem_note("security.sessions.problem", doing, placed=False),
        *content,
        title=words("security.sessions.title"),
        action=action,
    )


def _place(
    session: Session, place: SignedInPlace, end: Callable[[], Awaitable[None]], *, busy: bool
) -> ft.Control:
    words = session.words
    name = (place.device.name if place.device else "") or place.label or words("security.sessions.unknown")
    phone = any(word in name for word in ("iPhone", "Android", "iPad"))
    head: list[ft.Control] = [texts.strong(name)]
    if place.is_current:
        head.append(badge(words("security.sessions.this"), tone="success"))
    seen = words("security.sessions.seen", moment=words.moment(place.last_used_at))
    about = f"{place.address} · {seen}" if place.address else seen
    row: list[ft.Control] = [
        ft.Container(
            ft.Icon(
                ft.Icons.SMARTPHONE_ROUNDED if phone else ft.Icons.COMPUTER_ROUNDED,
                size=20,
                color=Colours.TEXT2,
            ),
            width=40,
            height=40,
            bgcolor=Colours.SURFACE2,
            border_radius=Radius.CARD,
            alignment=ft.Alignment.CENTER,
        ),
        ft.Container(
            ft.Column(
                [ft.Row(head, spacing=Space.S, wrap=True, run_spacing=2), texts.caption(about)],
                spacing=2,
                tight=True,
            ),
            expand=True,
        ),
    ]
    if not place.is_current:
        row.append(
            button(
                f"security.session.{place.id}.end",
                words("security.sessions.end"),
                end,
                kind="quiet",
                busy=busy,
            )
        )
    return ft.Row(row, spacing=Space.M)
