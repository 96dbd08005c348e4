"""What the screens of an account share: forms that draw their screen anew, and the way on after signing in."""

from collections.abc import Iterable
from typing import cast
from urllib.parse import parse_qs, urlsplit

import flet as ft

from samovar.client.components.panels import note
from samovar.client.hooks import Doing
from samovar.client.session import safe_next
from samovar.client.state.forms import Form


def use_form(values: dict[str, str]) -> Form:
    """Return a form whose errors draw the component anew."""
    kept = ft.use_ref(cast("Form | None", None))
    if kept.current is None:
        kept.current = Form(values=dict(values))
    form = kept.current
    _, set_turn = ft.use_state(0)
    form.changed = lambda: set_turn(lambda former: former + 1)
    return form


def show_errors(form: Form, doing: Doing, known: Iterable[str]) -> bool:
    """Put the errors of the last try at their fields; return whether all of them had one, so that no note is needed."""
    problem = doing.problem
    if problem is None:
        return True
    fields = {name.rpartition(".")[2]: sentence for name, sentence in problem.fields.items()}
    mine = {name: sentence for name, sentence in fields.items() if name in set(known)}
    form.errors.update(mine)
    return bool(mine) and len(mine) == len(fields)


def problem_note(name: str, doing: Doing, *, placed: bool) -> list[ft.Control]:
    """Return a note about the last try, where no field took its place."""
    if placed or doing.problem is None:
        return []
    return [note(name, doing.problem.detail or doing.problem.title, tone="danger")]


def next_of(route: str | None) -> str:
    """Return where the address says to go after signing in; the front of the store otherwise."""
    wanted = parse_qs(urlsplit(route or "").query).get("next", [None])[0]
    return safe_next(wanted)
