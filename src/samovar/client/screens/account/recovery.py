"""A forgotten password: a letter brings a link to the page for a new one, a text message brings a code for it."""

from collections.abc import Callable

import flet as ft

from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.fields import form_column, text_field
from samovar.client.components.gates import gate
from samovar.client.hooks import use_doing, use_session, watch
from samovar.client.screens.account.forms import show_errors, use_form
from samovar.client.session import holds_keyboard
from samovar.client.state.forms import Form


@ft.component
def Recovery() -> ft.Control:
    """Ask for the login; then say what was sent, or ask for the code and a new password."""
    session = use_session()
    watch(session.window)
    form = use_form({})
    is_sent, set_sent = ft.use_state(False)
    if not is_sent:
        return AskWhere(form, lambda: set_sent(True))
    if "@" in form.text("login"):
        return LetterSent(form, lambda: set_sent(False))
    return NewPassword(form)


@ft.component
def AskWhere(form: Form, sent: Callable[[], None]) -> ft.Control:
    """Ask where the letter or the code is to go."""
    session = use_session()
    doing = use_doing()
    words = session.words

    async def ask() -> None:
        if not form.require(("login",), words("form.required")):
            return

        async def work() -> None:
            await session.auth.forgot(form.text("login"))
            sent()

        await doing.run(work)

    fields = form_column(
        text_field(
            "recovery.login",
            form,
            "login",
            words("sign_in.login"),
            autofocus=holds_keyboard(session),
            length_max=254,
            keyboard=ft.KeyboardType.EMAIL,
            autofill=ft.AutofillHint.USERNAME,
            on_submit=lambda: session.later(ask()),
        ),
        button("recovery.ask", words("recovery.ask"), ask, kind="primary", busy=doing.is_busy, wide=True),
    )
    return gate(
        session,
        words("recovery.title"),
        fields,
        sentence=words("recovery.detail"),
        problem=doing.problem,
        foot=texts.link("recovery.back", words("recovery.back"), lambda: session.go("/sign-in")),
    )


@ft.component
def LetterSent(form: Form, again: Callable[[], None]) -> ft.Control:
    """Say that the letter leads on."""
    session = use_session()
    words = session.words
    return gate(
        session,
        words("recovery.letter_title"),
        button("recovery.again", words("recovery.again"), again, wide=True),
        sentence=words("recovery.letter_detail", login=form.text("login")),
        foot=texts.link("recovery.back", words("recovery.back"), lambda: session.go("/sign-in")),
    )


@ft.component
def NewPassword(form: Form) -> ft.Control:
    """Ask for the code and a new password."""
    session = use_session()
    doing = use_doing()
    own = use_form({"login": form.text("login")})
    words = session.words

    async def set_it() -> None:
        if not own.require(("code", "new_password"), words("form.required")):
            return

        async def work() -> None:
            await session.auth.reset(
                login=own.text("login"), code=own.text("code"), new_password=own.values["new_password"]
            )
            session.toast(words("recovery.done"), "success")
            session.go("/sign-in")

        await doing.run(work)

    placed = show_errors(own, doing, ("code", "new_password"))
    fields = form_column(
        text_field(
            "recovery.code",
            own,
            "code",
            words("recovery.code"),
            autofocus=True,
            length_max=64,
            autofill=ft.AutofillHint.ONE_TIME_CODE,
        ),
        text_field(
            "recovery.new_password",
            own,
            "new_password",
            words("recovery.new_password"),
            helper=words("sign_up.password_rule"),
            password=True,
            length_max=128,
            autofill=ft.AutofillHint.NEW_PASSWORD,
            on_submit=lambda: session.later(set_it()),
        ),
        button("recovery.set", words("recovery.set"), set_it, kind="primary", busy=doing.is_busy, wide=True),
    )
    return gate(
        session,
        words("recovery.sent_title"),
        fields,
        sentence=words("recovery.sent_detail", login=own.text("login")),
        problem=None if placed else doing.problem,
        foot=texts.link("recovery.back", words("recovery.back"), lambda: session.go("/sign-in")),
    )
