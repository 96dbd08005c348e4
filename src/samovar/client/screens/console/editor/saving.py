"""Saving a page: whether something is not saved, what stands against it, and where that is."""

from collections.abc import Callable, Mapping
from functools import partial

import flet as ft

from samovar.client.api.console.pages import Pages, Seen
from samovar.client.components import texts
from samovar.client.components.buttons import OnClick, button, icon_button
from samovar.client.components.panels import note
from samovar.client.hooks import use_doing, use_session, watch
from samovar.client.screens.console.app import app_path
from samovar.client.screens.console.editor.settling import use_settled
from samovar.client.session import Session
from samovar.client.state.console.editing import Editing
from samovar.client.state.console.fields import name_of_field, part_of
from samovar.client.theme.tokens import Colours, Radius, Space

_STALE = "request.precondition_failed"


@ft.component
def SaveBar(
    name: str,
    app_id: str,
    editing: Editing,
    saved: Callable[[Seen], None],
    dropped: Callable[[], None],
    reload: Callable[[], None],
) -> ft.Control:
    """Say whether something is not saved, and save it. It draws itself anew a moment after the last letter.

    Args:
        name: There is one above and one below.
        app_id: Whose page.
        editing: What is typed and chosen.
        saved: Called with the draft after saving.
        dropped: Forgets what is not saved.
        reload: Takes over what somebody else has saved meanwhile.
    """
    session = use_session()
    watch(session.window)
    words = session.words
    doing = use_doing()
    settled = use_settled(editing, first_at_once=True)

    async def save() -> None:
        faults = editing.faults()
        if not editing.form.tell({name: words(key) for name, key in faults.items()}):
            return
        now = await Pages(session.player).change(app_id, editing.patch(), seen=editing.etag)
        session.toast(words("editor.saved"), "success")
        saved(now)

    def placed() -> None:
        if doing.problem and doing.problem.fields:
            editing.form.tell({editing.place_of(name): told for name, told in doing.problem.fields.items()})

    ft.use_effect(placed, [doing.problem])
    is_changed = bool(settled and editing.patch())
    save_it = partial(doing.run, save)
    strip = _strip(name, session, save_it, dropped, is_changed=is_changed, is_busy=doing.is_busy)
    parts: list[ft.Control] = [ft.Semantics(key=f"{name}.state", identifier=f"{name}.state", content=strip)]
    if editing.form.errors:
        parts.append(_faults(name, session, app_id, editing.form.errors))
    elif doing.problem:
        parts.append(_problem(name, session, doing.problem.code, doing.problem.detail, reload))
    return ft.Column(parts, spacing=Space.S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _strip(
    name: str, session: Session, save: OnClick, drop: Callable[[], None], *, is_changed: bool, is_busy: bool
) -> ft.Control:
    words = session.words
    said = texts.body(words("editor.unsaved" if is_changed else "editor.all_saved"))
    line: list[ft.Control] = [
        ft.Icon(
            ft.Icons.EDIT_NOTE_ROUNDED if is_changed else ft.Icons.CLOUD_DONE_OUTLINED,
            size=20,
            color=Colours.WARNING if is_changed else Colours.SUCCESS,
        ),
        ft.Container(said, expand=True),
    ]
    if is_changed and session.window.kind == "phone":
        line.append(icon_button(f"{name}.drop", ft.Icons.UNDO_ROUNDED, words("editor.drop"), drop))
    elif is_changed:
        line.append(button(f"{name}.drop", words("editor.drop"), drop, kind="quiet"))
    line.append(
        button(
            f"{name}.save", words("editor.save"), save, kind="primary", busy=is_busy, disabled=not is_changed
        )
    )
    return ft.Container(
        ft.Row(line, spacing=Space.M),
        bgcolor=Colours.SURFACE1,
        border_radius=Radius.PANEL,
        padding=ft.Padding.symmetric(horizontal=Space.L, vertical=Space.S),
    )


def _faults(name: str, session: Session, app_id: str, errors: Mapping[str, str]) -> ft.Control:
    """Return what is wrong, each field by its name, for most of them are out of sight; with the way to the first."""
    words = session.words
    told = [f"{name_of_field(words, field)}: {sentence}" for field, sentence in errors.items()]
    to = f"{app_path(app_id, 'page')}?part={part_of(next(iter(errors)))}"
    look = texts.link(f"{name}.faults.look", words("editor.look"), partial(session.go, to))
    said = "\n".join([words("editor.faults", count=len(errors)), *told])
    return note(f"{name}.faults", said, tone="warning", action=look)


def _problem(name: str, session: Session, code: str, detail: str, reload: Callable[[], None]) -> ft.Control:
    """Return why saving failed; where somebody else has changed the page, with the way to their version."""
    words = session.words
    if code != _STALE:
        return note(f"{name}.problem", detail, tone="danger")
    take = texts.link(f"{name}.take_theirs", words("editor.take_theirs"), reload)
    return note(f"{name}.problem", words("editor.stale"), tone="warning", action=take)
