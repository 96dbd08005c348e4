"""The page of an app as it is edited: fields at the left, at the right what players would see, and nothing typed is lost."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import flet as ft

from samovar.client.api.catalog import Named
from samovar.client.api.console.pages import Document, Pages, Seen
from samovar.client.components import texts
from samovar.client.components.buttons import OnClick, button, icon_button
from samovar.client.components.console.frame import side_by_side
from samovar.client.components.panels import chip, note
from samovar.client.components.states import error_state, skeleton_rows
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.screens.console.app import app_path, app_screen
from samovar.client.screens.console.editor.needs import needs_part
from samovar.client.screens.console.editor.pictures import Pictures
from samovar.client.screens.console.editor.preview import Preview
from samovar.client.screens.console.editor.said import texts_part
from samovar.client.screens.console.editor.settling import use_settled
from samovar.client.screens.console.editor.words import words_part
from samovar.client.session import Session
from samovar.client.state.console.editing import Editing
from samovar.client.theme.tokens import Colours, Radius, Space

PARTS = ("texts", "words", "needs", "pictures")
_STALE = "request.precondition_failed"


@ft.component
def AppPage() -> ft.Control:
    """Show the editor of an app's page."""
    return app_screen("page", EditorPart)


@ft.component
def EditorPart(seen: Seen, again: Callable[[], None]) -> ft.Control:
    """Load the words that pages choose from, then edit."""
    session = use_session()
    words = session.words

    async def load() -> tuple[list[Named], list[Named]]:
        calls = Pages(session.stranger)
        return await calls.words("genres"), await calls.words("tags")

    found = use_loaded(load)
    if found.value is None:
        if found.problem and not found.is_loading:
            return error_state("editor.error", found.problem, words, found.again)
        return skeleton_rows(5)
    genres, tags = found.value
    key = f"{seen.draft.app_id}#{words.language}"
    return ft.Container(Editor(seen, again, genres, tags), key=key)


@ft.component
def Editor(seen: Seen, again: Callable[[], None], genres: list[Named], tags: list[Named]) -> ft.Control:
    """Edit a page. What is typed and not saved is kept by the session, so that going away and coming back finds it."""
    session = use_session()
    watch(session.window)
    app_id = seen.draft.app_id
    editing, set_editing = cast(
        "tuple[Editing, Callable[[Editing], None]]",
        ft.use_state(cast("Any", lambda: _taken_up(session, seen))),
    )
    _, set_turn = ft.use_state(0)
    part = parse_qs(urlsplit(session.page.route or "").query).get("part", [PARTS[0]])[0]

    def draw() -> None:
        set_turn(lambda former: former + 1)

    editing.form.changed = draw

    def begin(page: Document, etag: str | None) -> None:
        fresh = Editing.of(page, etag)
        session.unsaved[app_id] = fresh
        set_editing(fresh)

    def saved(now: Seen) -> None:
        begin(now.draft.page, now.etag)
        again()

    def reload() -> None:
        session.unsaved.pop(app_id, None)
        again()

    def follow() -> None:
        if app_id not in session.unsaved:
            begin(seen.draft.page, seen.etag)

    ft.use_effect(follow, [seen.etag])

    fields = {
        "texts": lambda: texts_part(session, editing),
        "words": lambda: words_part(session, editing, genres, tags, draw),
        "needs": lambda: needs_part(session, editing, app_id),
        "pictures": lambda: Pictures(editing, draw),
    }[part if part in PARTS else PARTS[0]]()
    dropped = partial(begin, editing.base, editing.etag)
    bars = [SaveBar(name, app_id, editing, saved, dropped, reload) for name in ("editor", "editor.foot")]
    left = ft.Column(
        [_parts(session, app_id, part), fields, bars[1]],
        spacing=Space.L,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    names = {one.slug: one.name for one in genres}, {one.slug: one.name for one in tags}
    right = Preview(editing, *names)
    return ft.Column(
        [bars[0], side_by_side(session, left, right)],
        spacing=Space.L,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _taken_up(session: Session, seen: Seen) -> Editing:
    """Return what was left unsaved of this very draft, or the draft."""
    left = session.unsaved.get(seen.draft.app_id)
    if left is not None and left.etag == seen.etag:
        return left
    made = Editing.of(seen.draft.page, seen.etag)
    session.unsaved[seen.draft.app_id] = made
    return made


def _parts(session: Session, app_id: str, chosen: str) -> ft.Control:
    words = session.words
    chips = [
        chip(
            f"editor.part.{one}",
            words(f"editor.part.{one}"),
            partial(session.go, f"{app_path(app_id, 'page')}?part={one}"),
            selected=one == (chosen if chosen in PARTS else PARTS[0]),
        )
        for one in PARTS
    ]
    return ft.Row(list(chips), spacing=Space.S, wrap=True, run_spacing=Space.S)


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
    settled = use_settled(editing)

    async def save() -> None:
        faults = editing.faults()
        if faults:
            editing.form.errors |= {name: words(key) for name, key in faults.items()}
            editing.form.changed()
            session.toast(words("editor.faults", count=len(faults)), "warning")
            return
        now = await Pages(session.player).change(app_id, editing.patch(), seen=editing.etag)
        session.toast(words("editor.saved"), "success")
        saved(now)

    def placed() -> None:
        if doing.problem and doing.problem.fields:
            places = {editing.place_of(name): told for name, told in doing.problem.fields.items()}
            editing.form.errors |= places
            editing.form.changed()

    ft.use_effect(placed, [doing.problem])
    is_changed = bool(settled and editing.patch())
    save_it = partial(doing.run, save)
    strip = _strip(name, session, save_it, dropped, is_changed=is_changed, is_busy=doing.is_busy)
    parts: list[ft.Control] = [ft.Semantics(key=f"{name}.state", identifier=f"{name}.state", content=strip)]
    if doing.problem:
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


def _problem(name: str, session: Session, code: str, detail: str, reload: Callable[[], None]) -> ft.Control:
    """Return why saving failed; where somebody else has changed the page, with the way to their version."""
    words = session.words
    if code != _STALE:
        return note(f"{name}.problem", detail, tone="danger")
    take = texts.link(f"{name}.take_theirs", words("editor.take_theirs"), reload)
    return note(f"{name}.problem", words("editor.stale"), tone="warning", action=take)
