"""The second factor of an account: an authenticator app, set up step by step."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import cast

import flet as ft

from samovar.client.api.auth import Factors, SecondFactor, TotpSecret
from samovar.client.components import texts
from samovar.client.components.buttons import Kind, button, icon_button
from samovar.client.components.fields import form_column, text_field
from samovar.client.components.identify import identified
from samovar.client.components.panels import badge, note, panel
from samovar.client.components.states import error_state, skeleton_lines
from samovar.client.components.store.paying import qr_picture
from samovar.client.hooks import Loaded, use_doing, use_loaded, use_session
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.screens.settings.proof import Proof
from samovar.client.session import Session, scroll_to_top
from samovar.client.theme.tokens import Colours, Radius, Sizes, Space


@ft.component
def SecondFactorPanel() -> ft.Control:
    """Show whether there is a second factor, and set one up."""
    session = use_session()
    words = session.words
    found = use_loaded(session.security.factors)
    step, set_step = ft.use_state("rest")
    secret, set_secret = ft.use_state(cast("TotpSecret | None", None))
    codes, set_codes = ft.use_state(cast("list[str]", []))

    def made(new: TotpSecret) -> None:
        set_secret(new)
        set_step("confirm")

    def confirmed(new: list[str]) -> None:
        set_secret(None)
        set_codes(new)
        set_step("rest")
        found.again()

    def rest() -> None:
        set_codes([])
        set_step("rest")

    async def remove() -> None:
        await SecondFactor(session.player).remove_totp()
        session.toast(words("security.factor.off.done"), "success")
        found.again()

    async def renew() -> None:
        set_codes(await SecondFactor(session.player).renew_recovery_codes())
        found.again()

    if codes:
        return RecoveryCodesPanel(codes, rest)
    if step == "confirm" and secret is not None:
        return ConfirmTotp(secret, confirmed, rest)
    steps: dict[str, Callable[[], ft.Control]] = {
        "prove": lambda: BeginTotp(made, rest),
        "off": lambda: _proving(session, "off", remove, partial(set_step, "rest")),
        "renew": lambda: _proving(session, "renew", renew, partial(set_step, "rest")),
    }
    if step in steps:
        return steps[step]()
    if found.value is not None:
        return _standing(found.value, set_step)
    return _absent(session, found)


def _absent(session: Session, found: Loaded[Factors]) -> ft.Control:
    if found.problem:
        return panel(error_state("security.factors", found.problem, session.words, found.again))
    return panel(skeleton_lines(2), title=session.words("security.factor.title"))


def _proving(
    session: Session, what: str, work: Callable[[], Awaitable[None]], close: Callable[[], None]
) -> ft.Control:
    """Return the question for a fresh proof, before the second factor is touched."""
    words = session.words
    name = f"security.factor.{what}"
    look: Kind = "danger" if what == "off" else "primary"
    return panel(
        texts.muted(words(f"{name}.detail")),
        Proof(name, words(f"{name}.verb"), work, close, look),
        title=words("security.factor.title"),
    )


def _standing(factors: Factors, go: Callable[[str], None]) -> ft.Control:
    session = use_session()
    words = session.words
    if "totp" not in factors.second_factors:
        return panel(
            texts.muted(words("security.factor.detail")),
            title=words("security.factor.title"),
            action=button(
                "security.factor.begin",
                words("security.factor.begin"),
                partial(go, "prove"),
                kind="primary",
                icon=ft.Icons.SHIELD_OUTLINED,
            ),
        )
    since = words.day(factors.totp_added_at) if factors.totp_added_at else ""
    return panel(
        ft.Row(
            [
                badge(words("security.factor.on"), tone="success"),
                texts.muted(words("security.factor.since", day=since)),
            ],
            spacing=Space.M,
            wrap=True,
        ),
        texts.muted(words("security.factor.codes_left", count=factors.recovery_codes_left)),
        texts.caption(words("security.factor.moving")),
        ft.Row(
            [
                button("security.factor.renew", words("security.factor.renew.verb"), partial(go, "renew")),
                button(
                    "security.factor.off",
                    words("security.factor.off.verb"),
                    partial(go, "off"),
                    kind="danger",
                ),
            ],
            spacing=Space.S,
            run_spacing=Space.S,
            wrap=True,
        ),
        title=words("security.factor.title"),
    )


@ft.component
def BeginTotp(made: Callable[[TotpSecret], None], cancel: Callable[[], None]) -> ft.Control:
    """Ask for the password before a secret is made."""
    session = use_session()
    doing = use_doing()
    form = use_form({})
    words = session.words

    async def begin() -> None:
        if not form.require(("password",), words("form.required")):
            return

        async def work() -> None:
            made(await SecondFactor(session.player).begin_totp(form.values["password"]))

        await doing.run(work)

    placed = show_errors(form, doing, ("password",), proof="password", words=words)
    return panel(
        texts.muted(words("security.factor.password_first")),
        *problem_note("security.factor.problem", doing, placed=placed),
        form_column(
            text_field(
                "security.factor.password",
                form,
                "password",
                words("sign_in.password"),
                password=True,
                autofocus=True,
                length_max=128,
                autofill=ft.AutofillHint.PASSWORD,
                on_submit=lambda: session.later(begin()),
            )
        ),
        ft.Row(
            [
                button(
                    "security.factor.next", words("action.next"), begin, kind="primary", busy=doing.is_busy
                ),
                button("security.factor.cancel", words("action.cancel"), cancel, kind="quiet"),
            ],
            spacing=Space.S,
        ),
        title=words("security.factor.title"),
    )


@ft.component
def ConfirmTotp(
    secret: TotpSecret, confirmed: Callable[[list[str]], None], cancel: Callable[[], None]
) -> ft.Control:
    """Show the secret to the app, and ask for its first code."""
    session = use_session()
    doing = use_doing()
    form = use_form({})
    words = session.words

    async def confirm() -> None:
        if not form.require(("code",), words("form.required")):
            return

        async def work() -> None:
            codes = await SecondFactor(session.player).confirm_totp(form.text("code").replace(" ", ""))
            confirmed(codes.recovery_codes or [])

        await doing.run(work)

    placed = show_errors(form, doing, ("code",), proof="code", words=words)
    return panel(
        texts.muted(words("security.factor.scan")),
        *_shown(session, secret),
        *problem_note("security.factor.problem", doing, placed=placed),
        form_column(
            text_field(
                "security.factor.code",
                form,
                "code",
                words("second_factor.totp.label"),
                hint="000000",
                autofocus=True,
                length_max=10,
                keyboard=ft.KeyboardType.NUMBER,
                autofill=ft.AutofillHint.ONE_TIME_CODE,
                on_submit=lambda: session.later(confirm()),
            )
        ),
        ft.Row(
            [
                button(
                    "security.factor.confirm",
                    words("security.factor.confirm"),
                    confirm,
                    kind="primary",
                    busy=doing.is_busy,
                ),
                button("security.factor.cancel", words("action.cancel"), cancel, kind="quiet"),
            ],
            spacing=Space.S,
        ),
        title=words("security.factor.title"),
    )


def _shown(session: Session, secret: TotpSecret) -> list[ft.Control]:
    """Return the secret as a picture for the app's camera, and as letters to type."""
    words = session.words

    async def copy() -> None:
        await ft.Clipboard().set(secret.secret)
        session.toast(words("action.copied"), "success")

    letters = " ".join(secret.secret[at : at + 4] for at in range(0, len(secret.secret), 4))
    shown = ft.Row(
        [
            identified(
                "security.factor.secret",
                ft.Text(
                    letters,
                    style=ft.TextStyle(size=Sizes.BODY, color=Colours.TEXT, letter_spacing=1),
                    selectable=True,
                ),
                label=letters,
                expand=True,
            ),
            icon_button("security.factor.copy", ft.Icons.COPY_ROUNDED, words("action.copy"), copy),
        ]
    )
    return [
        qr_picture(secret.otpauth_uri, words("security.factor.qr")),
        texts.caption(words("security.factor.by_hand")),
        shown,
    ]


@ft.component
def RecoveryCodesPanel(codes: list[str], done: Callable[[], None]) -> ft.Control:
    """Show the codes that stand in for a lost phone: once."""
    session = use_session()
    words = session.words

    async def copy() -> None:
        await ft.Clipboard().set("\n".join(codes))
        session.toast(words("action.copied"), "success")

    grid = ft.ResponsiveRow(
        [
            ft.Container(
                identified(
                    f"security.code.{number}",
                    ft.Text(code, style=ft.TextStyle(size=Sizes.BODY), selectable=True),
                    label=code,
                ),
                bgcolor=Colours.SURFACE2,
                border_radius=Radius.CARD,
                padding=ft.Padding.symmetric(horizontal=Space.XS, vertical=Space.M),
                alignment=ft.Alignment.CENTER,
                col={"xs": 12, "sm": 6},
            )
            for number, code in enumerate(codes)
        ],
        spacing=Space.S,
        run_spacing=Space.S,
    )
    ft.use_effect(lambda: session.later(scroll_to_top(session)), [])
    return panel(
        note("security.codes.note", words("security.codes.detail"), tone="warning"),
        grid,
        ft.Row(
            [
                button("security.codes.done", words("security.codes.done"), done, kind="primary"),
                button("security.codes.copy", words("action.copy"), copy, icon=ft.Icons.COPY_ROUNDED),
            ],
            spacing=Space.S,
            wrap=True,
        ),
        title=words("security.codes.title"),
    )
