"""What the screens of an account share: forms that draw their screen anew, and the way on after signing in."""

from collections.abc import Iterable
from typing import cast
from urllib.parse import parse_qs, urlsplit

import flet as ft

from samovar.client.components.panels import note
from samovar.client.hooks import Doing, use_session
from samovar.client.session import focus, safe_next
from samovar.client.state.forms import Form
from samovar.client.state.problems import sentence_of
from samovar.client.state.words import Words

_PASSWORD_WRONG = "auth.bad_credentials"  # noqa: S105  A code of the platform, no password.
# The field that a refusal is about which names none.
_FIELD_OF = {
    "account.name_changed_lately": "name",
    "account.name_taken": "name",
    "auth.login_taken": "email",
    "catalog.slug_taken": "slug",
    "developer.inn_taken": "inn",
    "library.collection_name_taken": "name",
}
_PROOF_WRONG = frozenset({_PASSWORD_WRONG, "auth.second_factor_wrong"})


def use_form(values: dict[str, str]) -> Form:
    """Return a form whose errors draw the component anew; the keyboard stands in the first wrong field after a try."""
    session = use_session()
    kept = ft.use_ref(cast("Form | None", None))
    if kept.current is None:
        kept.current = Form(values=dict(values))
    form = kept.current
    _, set_turn = ft.use_state(0)
    form.changed = lambda: set_turn(lambda former: former + 1)
    form.places.clear()
    moved = ft.use_ref(0)

    def stand() -> None:
        if moved.current == form.moves:
            return
        moved.current = form.moves
        place = form.standing()
        if isinstance(place, ft.TextField):
            session.later(focus(place))

    ft.use_effect(stand)
    return form


def show_errors(
    form: Form, doing: Doing, known: Iterable[str], *, proof: str = "", words: Words | None = None
) -> bool:
    """Put the errors of the last try at their fields; return whether all of them had one, so that no note is needed.

    Args:
        form: What keeps them.
        doing: What was tried.
        known: The fields of the form.
        proof: Its field for what proves who one is: a wrong password or code stands there.
        words: What says so of a password; the platform says it of a login with it.
    """
    problem = doing.problem
    if problem is None:
        return True
    fields = {name.rpartition(".")[2]: sentence for name, sentence in problem.fields.items()}
    if proof and problem.code in _PROOF_WRONG:
        own = words("form.password_wrong") if words and problem.code == _PASSWORD_WRONG else ""
        fields = {proof: own or problem.detail}
    if problem.code in _FIELD_OF:
        fields = {_FIELD_OF[problem.code]: problem.detail}
    mine = {name: sentence for name, sentence in fields.items() if name in {*known, proof}}
    form.refuse(problem, mine)
    return bool(mine) and len(mine) == len(fields)


def problem_note(name: str, doing: Doing, *, placed: bool) -> list[ft.Control]:
    """Return a note about the last try, where no field took its place."""
    if placed or doing.problem is None:
        return []
    return [note(name, sentence_of(doing.problem), tone="danger")]


def next_of(route: str | None) -> str:
    """Return where the address says to go after signing in; the front of the store otherwise."""
    wanted = parse_qs(urlsplit(route or "").query).get("next", [None])[0]
    return safe_next(wanted)
