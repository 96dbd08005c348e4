"""A fresh proof of who one is, before what a stolen session must not be able to do."""

from collections.abc import Awaitable, Callable

import flet as ft

from samovar.client.components import texts
from samovar.client.components.buttons import Kind, button
from samovar.client.components.fields import form_column, text_field
from samovar.client.hooks import use_doing, use_loaded, use_session
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.theme.tokens import Space


@ft.component
def Proof(
    name: str, verb: str, work: Callable[[], Awaitable[None]], close: Callable[[], None], look: Kind
) -> ft.Control:
    """Ask for the password, or for a code where the account has a second factor, and then do the work.

    Args:
        name: The controls are `<name>.proof`, `<name>.yes` and `<name>.no`.
        verb: What the button says.
        work: What is done with the fresh token.
        close: Called when the question is over.
        look: Of the button that does it.
    """
    session = use_session()
    words = session.words
    doing = use_doing()
    form = use_form({})
    factors = use_loaded(session.security.factors)
    by_code = factors.value is not None and "totp" in factors.value.second_factors

    async def prove() -> None:
        if not form.require(("proof",), words("form.required")):
            return

        async def steps() -> None:
            security = session.security
            typed = form.values["proof"]
            ask = security.prove_by_code if by_code else security.prove
            fresh = await ask(typed)
            await session.tokens.strengthen(fresh.access_token, fresh.expires_in)
            await work()
            close()

        await doing.run(steps)

    placed = show_errors(form, doing, ("proof",), proof="proof", words=words)
    field = text_field(
        f"{name}.proof",
        form,
        "proof",
        words("second_factor.totp.label" if by_code else "sign_in.password"),
        helper=words("settings.proof_code") if by_code else None,
        password=not by_code,
        autofocus=True,
        length_max=128,
        autofill=ft.AutofillHint.ONE_TIME_CODE if by_code else ft.AutofillHint.PASSWORD,
        on_submit=lambda: session.later(prove()),
    )
    is_ready = factors.value is not None
    yes = button(f"{name}.yes", verb, prove, kind=look, busy=doing.is_busy, disabled=not is_ready)
    no = button(f"{name}.no", words("action.cancel"), close, kind="quiet")
    return ft.Column(
        [
            texts.muted(words("settings.proof")),
            *problem_note(f"{name}.problem", doing, placed=placed),
            form_column(field),
            ft.Row([yes, no], spacing=Space.S, wrap=True, run_spacing=Space.S),
        ],
        spacing=Space.L,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
