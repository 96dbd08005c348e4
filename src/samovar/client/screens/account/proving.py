"""Proving who one is in the middle of something that needs it fresh: the platform asks, a field appears, the same button goes on."""

from collections.abc import Callable
from dataclasses import dataclass

import flet as ft

from samovar.client.components.buttons import OnClick, button
from samovar.client.components.fields import text_field
from samovar.client.components.panels import note
from samovar.client.hooks import Doing, use_session
from samovar.client.session import Session
from samovar.client.state.forms import Form

_STEP_UP = "auth.step_up_required"
# What the platform says of a wrong password and of a wrong code.
_WRONG = frozenset({"auth.bad_credentials", "auth.second_factor_wrong"})


@dataclass(frozen=True)
class Proof:
    """What is asked for: `password`, `code`, or nothing.

    Attributes:
        kind: The field of the form that takes it; empty while nothing is asked for.
        is_asked: The last try failed for want of it alone, or it was wrong, which its field says: no note is needed.
        over: Called when it was accepted: it counts for minutes.
    """

    session: Session
    form: Form
    kind: str
    is_asked: bool
    over: Callable[[], None]

    def fields(self, name: str, go_on: OnClick | None = None) -> list[ft.Control]:
        """Return the field and why it is there; nothing while nothing is asked for.

        Args:
            name: See `identified`.
            go_on: Does again what wanted the proof, where no button of the form does.
        """
        if not self.kind:
            return []
        words = self.session.words
        is_password = self.kind == "password"
        field = text_field(
            f"{name}.{self.kind}",
            self.form,
            self.kind,
            words(f"proof.{self.kind}"),
            password=is_password,
            length_max=128,
            autofill=ft.AutofillHint.PASSWORD if is_password else ft.AutofillHint.ONE_TIME_CODE,
        )
        parts = [note(f"{name}.proof", words("proof.why")), field]
        if go_on is not None:
            parts.append(ft.Row([button(f"{name}.go_on", words("action.next"), go_on, kind="primary")]))
        return parts

    async def show(self) -> None:
        """Prove it where it is asked for.

        Raises:
            SdkError: It is wrong.
        """
        if not self.kind:
            return
        security = self.session.security
        prove = security.prove_by_code if self.kind == "code" else security.prove
        fresh = await prove(self.form.values.get(self.kind, ""))
        await self.session.tokens.strengthen(fresh.access_token, fresh.expires_in)
        self.form.values.pop(self.kind, None)
        self.over()


def use_proof(form: Form, doing: Doing) -> Proof:
    """Return what must be proved for what a button does."""
    session = use_session()
    kind, set_kind = ft.use_state("")
    code = doing.problem.code if doing.problem else ""

    async def ask() -> None:
        if code == _STEP_UP and not kind:
            factors = await session.security.factors()
            wanted = "code" if factors.second_factors else "password"
            set_kind(wanted)
            form.seek(wanted)

    ft.use_effect(ask, [doing.problem])
    is_asked = code == _STEP_UP or (bool(kind) and code in _WRONG)
    return Proof(session, form, kind, is_asked, lambda: set_kind(""))
