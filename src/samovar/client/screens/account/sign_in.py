"""Signing in: password first, then the second factor where the account has one."""

from collections.abc import Callable
from typing import Protocol, cast
from urllib.parse import quote

import flet as ft

from samovar.client.api.auth import Method, SecondFactorAsked
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.fields import check_box, form_column, text_field
from samovar.client.components.gates import gate
from samovar.client.hooks import use_doing, use_session, watch
from samovar.client.screens.account.forms import next_of, use_form
from samovar.client.session import Session, holds_keyboard
from samovar.client.state.forms import Form
from samovar.client.theme.tokens import Space


class AskSecondFactor(Protocol):
    """Takes over a sign-in whose password was right; `remembered` says whether the browser is to keep it."""

    def __call__(self, outcome: SecondFactorAsked, *, remembered: bool) -> None:
        """Take it over."""
        ...


@ft.component
def SignIn() -> ft.Control:
    """Ask for the login and the password, and then for the second factor."""
    session = use_session()
    account = watch(session.account)
    watch(session.window)
    asked, set_asked = ft.use_state(cast("SecondFactorAsked | None", None))
    remember, set_remember = ft.use_state(True)
    onward = next_of(session.page.route)

    def already_in() -> None:
        if account.is_player:
            session.go(onward)

    ft.use_effect(already_in, [account.standing])
    if asked is not None:
        return SecondFactor(asked, remember, lambda: set_asked(None))

    def ask(outcome: SecondFactorAsked, *, remembered: bool) -> None:
        set_remember(remembered)
        set_asked(outcome)

    return Password(ask)


@ft.component
def Password(ask: AskSecondFactor) -> ft.Control:
    """Ask for the login and the password."""
    session = use_session()
    doing = use_doing()
    form = use_form({"remember": "yes"})
    onward = next_of(session.page.route)
    words = session.words

    async def enter() -> None:
        if not form.require(("login", "password"), words("form.required")):
            return

        async def work() -> None:
            outcome = await session.auth.sign_in(login=form.text("login"), password=form.values["password"])
            if isinstance(outcome, SecondFactorAsked):
                ask(outcome, remembered=form.chosen("remember"))
            else:
                await session.enter(outcome, remember=form.chosen("remember"))

        await doing.run(work)

    def submit() -> None:
        session.later(enter())

    send = button(
        "sign_in.submit", words("account.sign_in"), enter, kind="primary", busy=doing.is_busy, wide=True
    )
    fields = form_column(*_password_fields(session, form, submit), send)
    foot = ft.Row(
        [
            texts.muted(words("sign_in.no_account")),
            texts.link(
                "sign_in.sign_up",
                words("sign_in.sign_up"),
                lambda: session.go(f"/sign-up?next={quote(onward)}"),
            ),
        ],
        alignment=ft.MainAxisAlignment.CENTER,
        spacing=Space.XS,
        wrap=True,
    )
    return gate(session, words("sign_in.title"), fields, problem=doing.problem, foot=foot)


def _password_fields(session: Session, form: Form, submit: Callable[[], None]) -> list[ft.Control]:
    words = session.words
    return [
        text_field(
            "sign_in.login",
            form,
            "login",
            words("sign_in.login"),
            autofocus=holds_keyboard(session),
            length_max=254,
            keyboard=ft.KeyboardType.EMAIL,
            autofill=ft.AutofillHint.USERNAME,
            on_submit=submit,
        ),
        text_field(
            "sign_in.password",
            form,
            "password",
            words("sign_in.password"),
            password=True,
            length_max=128,
            autofill=ft.AutofillHint.PASSWORD,
            on_submit=submit,
        ),
        ft.Row(
            [
                ft.Container(
                    check_box("sign_in.remember", form, "remember", words("sign_in.remember")), expand=True
                ),
                texts.link("sign_in.forgot", words("sign_in.forgot"), lambda: session.go("/recovery")),
            ],
            spacing=Space.S,
        ),
    ]


@ft.component
def SecondFactor(asked: SecondFactorAsked, remember: bool, back: Callable[[], None]) -> ft.Control:  # noqa: FBT001
    """Ask for a code of the authenticator app, or for a recovery code."""
    session = use_session()
    doing = use_doing()
    form = use_form({})
    offered = [method for method in ("totp", "recovery") if method in asked.methods]
    method, set_method = ft.use_state(offered[0] if offered else "totp")
    words = session.words

    async def enter() -> None:
        if not form.require(("code",), words("form.required")):
            return

        async def work() -> None:
            signed_in = await session.auth.second_factor(
                mfa_token=asked.mfa_token,
                method=cast("Method", method),
                code=form.text("code").replace(" ", ""),
                trust_device=form.chosen("trust"),
            )
            await session.enter(signed_in, remember=remember)

        await doing.run(work)

    other = "recovery" if method == "totp" else "totp"

    def change() -> None:
        # What was wrong with a code of the one way says nothing of the other.
        doing.clear()
        form.values.pop("code", None)
        set_method(other)

    fields = form_column(
        *_code_fields(session, form, method, lambda: session.later(enter())),
        button(
            "second_factor.submit",
            words("second_factor.submit"),
            enter,
            kind="primary",
            busy=doing.is_busy,
            wide=True,
        ),
    )
    ways: list[ft.Control] = []
    if other in offered:
        ways.append(texts.link("second_factor.other", words(f"second_factor.use_{other}"), change))
    ways.append(texts.link("second_factor.back", words("action.back"), back))
    return gate(
        session,
        words("second_factor.title"),
        fields,
        sentence=words(f"second_factor.{method}.detail"),
        problem=doing.problem,
        foot=ft.Row(ways, alignment=ft.MainAxisAlignment.CENTER, spacing=Space.L, wrap=True),
    )


def _code_fields(session: Session, form: Form, method: str, submit: Callable[[], None]) -> list[ft.Control]:
    words = session.words
    return [
        text_field(
            "second_factor.code",
            form,
            "code",
            words(f"second_factor.{method}.label"),
            hint=words(f"second_factor.{method}.hint"),
            autofocus=True,
            length_max=64,
            keyboard=ft.KeyboardType.NUMBER if method == "totp" else None,
            autofill=ft.AutofillHint.ONE_TIME_CODE,
            on_submit=submit,
        ),
        check_box("second_factor.trust", form, "trust", words("second_factor.trust")),
    ]
