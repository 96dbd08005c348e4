"""The page of an app as it is edited: fields at the left, at the right what players would see, and nothing typed is lost."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast
from urllib.parse import parse_qs, urlsplit

import flet as ft

from samovar.client.api.catalog import Named
from samovar.client.api.console.pages import Document, Pages, Seen
from samovar.client.components.console.frame import side_by_side
from samovar.client.components.panels import chip
from samovar.client.components.states import error_state, skeleton_rows
from samovar.client.hooks import use_loaded, use_session, watch
from samovar.client.screens.console.app import app_path, app_screen
from samovar.client.screens.console.editor.needs import needs_part
from samovar.client.screens.console.editor.pictures import Pictures
from samovar.client.screens.console.editor.preview import Preview
from samovar.client.screens.console.editor.said import texts_part
from samovar.client.screens.console.editor.saving import SaveBar
from samovar.client.screens.console.editor.words import words_part
from samovar.client.session import Session
from samovar.client.state.console.editing import Editing
from samovar.client.state.console.fields import PARTS
from samovar.client.theme.tokens import Space


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
