"""A mail address or a phone: what is known, proving it with a code, changing it."""

from collections.abc import Callable
from typing import cast

import flet as ft

from samovar.client.api.account.profiles import Contact
from samovar.client.api.account.settings import CodeSent, Contacts
from samovar.client.components import texts
from samovar.client.components.buttons import OnClick, button
from samovar.client.components.fields import form_column, text_field
from samovar.client.components.panels import badge, panel
from samovar.client.hooks import use_doing, use_session
from samovar.client.screens.account.forms import problem_note, show_errors, use_form
from samovar.client.screens.account.proving import use_proof
from samovar.client.session import Session
from samovar.client.theme.tokens import Space
from samovar.sdk.errors import Offline, Refused

_TOO_MANY = "account.too_many_codes"
_EMAIL_DIGITS = 6
_LENGTHS = {"email": 254, "phone": 32}


@ft.component
def ContactPanel(kind: str, contact: Contact | None, again: Callable[[], None]) -> ft.Control:
    """Show a contact of a kind: `email` or `phone`."""
    sent, set_sent = ft.use_state(cast("CodeSent | None", None))
    # Another one than is known, that the code went to.
    other, set_other = ft.use_state(cast("str | None", None))
    is_open, set_open = ft.use_state(False)

    def done() -> None:
        set_sent(None)
        set_open(False)
        again()

    def cancel() -> None:
        set_sent(None)
        set_open(False)

    def sent_to(code: CodeSent, value: str | None) -> None:
        set_other(value)
        set_sent(code)

    if sent is not None:
        return Confirming(kind, sent, other, done, cancel)
    if is_open:
        return Changing(kind, sent_to, cancel)
    return Known(kind, contact, lambda code: sent_to(code, None), lambda: set_open(True))


@ft.component
def Known(
    kind: str, contact: Contact | None, sent: Callable[[CodeSent], None], change: Callable[[], None]
) -> ft.Control:
    """Show what is known, and the way to prove or change it."""
    session = use_session()
    words = session.words
    doing = use_doing()

    async def verify() -> None:
        async def work() -> None:
            try:
                sent(await Contacts(session.player).verify(kind, None))
            except (Refused, Offline) as error:
                if error.problem.get("code") != _TOO_MANY or kind != "email" or contact is None:
                    raise
                # One went out a moment ago, as after signing up: it can be typed.
                sent(CodeSent(contact.value, "email", _EMAIL_DIGITS))

        await doing.run(work)

    verb = words("settings.contact_change" if contact else "settings.contact_add")
    actions: list[ft.Control] = []
    if contact is not None and not contact.verified:
        actions.append(
            button(
                f"settings.{kind}.verify",
                words("settings.contact_verify"),
                verify,
                kind="primary",
                busy=doing.is_busy,
            )
        )
    actions.append(button(f"settings.{kind}.change", verb, change))
    parts: list[ft.Control] = []
    if contact is None:
        parts.append(texts.muted(words(f"settings.{kind}_none")))
    else:
        key = "settings.contact_verified" if contact.verified else "settings.contact_unverified"
        mark = badge(words(key), tone="success" if contact.verified else "warning")
        parts.append(ft.Row([texts.strong(contact.value), mark], spacing=Space.M, wrap=True))
    parts += problem_note(f"settings.{kind}.problem", doing, placed=False)
    parts.append(ft.Row(actions, spacing=Space.S, wrap=True, run_spacing=Space.S))
    return panel(*parts, title=words(f"settings.{kind}"))


@ft.component
def Changing(kind: str, sent: Callable[[CodeSent, str], None], cancel: Callable[[], None]) -> ft.Control:
    """Ask for another one; a code goes there before it counts. Who signed in a while ago proves first who they are."""
    session = use_session()
    words = session.words
    doing = use_doing()
    form = use_form({})
    proof = use_proof(form, doing)

    async def ask() -> None:
        if not form.require((kind, *([proof.kind] if proof.kind else [])), words("form.required")):
            return

        async def work() -> None:
            await proof.show()
            value = form.text(kind)
            sent(await Contacts(session.player).verify(kind, value), value)

        await doing.run(work)

    placed = show_errors(form, doing, (kind, "password", "code"), proof=proof.kind, words=words)
    field = text_field(
        f"settings.{kind}.field",
        form,
        kind,
        words(f"settings.{kind}"),
        hint="+7 900 000-00-00" if kind == "phone" else "name@example.org",
        helper=words("settings.contact_rule"),
        autofocus=True,
        length_max=_LENGTHS[kind],
        keyboard=ft.KeyboardType.PHONE if kind == "phone" else ft.KeyboardType.EMAIL,
        autofill=ft.AutofillHint.TELEPHONE_NUMBER if kind == "phone" else ft.AutofillHint.EMAIL,
        on_submit=lambda: session.later(ask()),
    )
    return panel(
        *([] if proof.is_asked else problem_note(f"settings.{kind}.problem", doing, placed=placed)),
        form_column(field, *proof.fields(f"settings.{kind}")),
        _buttons(
            session, f"settings.{kind}.send", words("settings.contact_send"), ask, cancel, busy=doing.is_busy
        ),
        title=words(f"settings.{kind}"),
    )


@ft.component
def Confirming(
    kind: str, sent: CodeSent, other: str | None, done: Callable[[], None], cancel: Callable[[], None]
) -> ft.Control:
    """Ask for the code that went out; or for the call, where one is to call. `other` is a contact that is not known yet."""
    session = use_session()
    words = session.words
    doing = use_doing()
    form = use_form({})
    calls = sent.method == "reverse_call"

    async def confirm() -> None:
        if not calls and not form.require(("code",), words("form.required")):
            return
        # A code is copied with the blanks of its letter.
        code = "".join(form.text("code").split())
        if not calls and len(code) != sent.code_length:
            form.tell({"code": words("settings.code_rule", digits=sent.code_length)})
            return

        async def work() -> None:
            await Contacts(session.player).confirm(kind, None if calls else code)
            session.toast(words("settings.contact_done"), "success")
            done()

        await doing.run(work)

    async def send_again() -> None:
        async def work() -> None:
            await Contacts(session.player).verify(kind, other)
            form.values.pop("code", None)
            session.toast(words("settings.code_sent"), "success")

        await doing.run(work)

    placed = show_errors(form, doing, ("code",))
    asked = words(f"settings.sent.{sent.method}", to=sent.sent_to, number=sent.call_number or "")
    parts: list[ft.Control] = [texts.muted(asked)]
    parts += problem_note(f"settings.{kind}.problem", doing, placed=placed)
    if not calls:
        parts.append(
            form_column(
                text_field(
                    f"settings.{kind}.code",
                    form,
                    "code",
                    words("settings.code"),
                    hint="0" * sent.code_length,
                    autofocus=True,
                    length_max=12,
                    keyboard=ft.KeyboardType.NUMBER,
                    autofill=ft.AutofillHint.ONE_TIME_CODE,
                    on_submit=lambda: session.later(confirm()),
                )
            )
        )
    verb = words("settings.called" if calls else "settings.contact_confirm")
    parts.append(_buttons(session, f"settings.{kind}.confirm", verb, confirm, cancel, busy=doing.is_busy))
    if not calls:
        again = texts.link(f"settings.{kind}.again", words("settings.code_again"), send_again, size=13)
        parts += [texts.caption(words("settings.code_newest")), ft.Row([again])]
    return panel(*parts, title=words(f"settings.{kind}"))


def _buttons(
    session: Session, name: str, verb: str, do: OnClick, cancel: Callable[[], None], *, busy: bool
) -> ft.Control:
    return ft.Row(
        [
            button(name, verb, do, kind="primary", busy=busy),
            button(f"{name}.cancel", session.words("action.cancel"), cancel, kind="quiet"),
        ],
        spacing=Space.S,
        wrap=True,
        run_spacing=Space.S,
    )
