"""Registering with an e-mail address and a password."""

from collections.abc import Callable
from urllib.parse import quote

import flet as ft

from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.dialogs.wording import Wordings
from samovar.client.components.fields import check_box, form_column, text_field
from samovar.client.components.gates import gate
from samovar.client.hooks import use_doing, use_session, watch
from samovar.client.screens.account.forms import next_of, show_errors, use_form
from samovar.client.session import Session, holds_keyboard
from samovar.client.state.forms import Form
from samovar.client.theme.tokens import Space

FIELDS = ("email", "password", "display_name")
# What a person agrees to by registering; account keeps who agreed to what and when.
CONSENTS = ("terms", "personal_data")


@ft.component
def SignUp() -> ft.Control:
    """Ask for what an account needs."""
    session = use_session()
    account = watch(session.account)
    watch(session.window)
    doing = use_doing()
    form = use_form({})
    words = session.words
    onward = next_of(session.page.route)

    def already_in() -> None:
        if account.is_player:
            session.go(onward)

    ft.use_effect(already_in, [account.standing])

    async def register() -> None:
        complete = form.require(FIELDS, words("form.required"))
        agreed = form.require(("terms",), words("sign_up.terms_needed"))
        if not (complete and agreed):
            return

        async def work() -> None:
            signed_in = await session.auth.register(
                email=form.text("email"),
                password=form.values["password"],
                display_name=form.text("display_name"),
                consents=list(CONSENTS),
            )
            await session.enter(signed_in, remember=True, display_name=form.text("display_name"))
            session.toast(words("sign_up.welcome", name=form.text("display_name")), "success")

        await doing.run(work)

    placed = show_errors(form, doing, FIELDS)
    send = button(
        "sign_up.submit", words("sign_up.submit"), register, kind="primary", busy=doing.is_busy, wide=True
    )
    fields = form_column(*_fields(session, form, lambda: session.later(register())), send)
    return gate(
        session,
        words("sign_up.title"),
        fields,
        sentence=words("sign_up.detail"),
        problem=None if placed else doing.problem,
        foot=_foot(session, onward),
    )


def _fields(session: Session, form: Form, submit: Callable[[], None]) -> list[ft.Control]:
    words = session.words
    return [
        text_field(
            "sign_up.display_name",
            form,
            "display_name",
            words("sign_up.display_name"),
            helper=words("sign_up.display_name_rule"),
            autofocus=holds_keyboard(session),
            length_max=32,
            autofill=ft.AutofillHint.NICKNAME,
            on_submit=submit,
        ),
        text_field(
            "sign_up.email",
            form,
            "email",
            words("sign_up.email"),
            length_max=254,
            keyboard=ft.KeyboardType.EMAIL,
            autofill=ft.AutofillHint.EMAIL,
            on_submit=submit,
        ),
        text_field(
            "sign_up.password",
            form,
            "password",
            words("sign_up.password"),
            helper=words("sign_up.password_rule"),
            password=True,
            length_max=128,
            autofill=ft.AutofillHint.NEW_PASSWORD,
            on_submit=submit,
        ),
        ft.Column(
            [
                check_box("sign_up.terms", form, "terms", words("sign_up.terms")),
                Wordings("sign_up.read", CONSENTS),
            ],
            spacing=0,
            tight=True,
        ),
    ]


def _foot(session: Session, onward: str) -> ft.Control:
    words = session.words
    return ft.Row(
        [
            texts.muted(words("sign_up.have_account")),
            texts.link(
                "sign_up.sign_in",
                words("account.sign_in"),
                lambda: session.go(f"/sign-in?next={quote(onward)}"),
            ),
        ],
        alignment=ft.MainAxisAlignment.CENTER,
        spacing=Space.XS,
        wrap=True,
    )
