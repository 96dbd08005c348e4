"""What a machine must have: each platform of the game, the least beside what is advised."""

from functools import partial

import flet as ft

from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.fields import form_column, text_field
from samovar.client.components.panels import panel
from samovar.client.session import Session
from samovar.client.state.console.editing import LEVELS, NEEDS, Editing
from samovar.client.theme.tokens import Space

_NOTE_MAX = 500
_SIZE_LENGTH_MAX = 10
# A browser needs nothing of its own.
_WITHOUT = frozenset({"web"})


def needs_part(session: Session, editing: Editing, app_id: str) -> ft.Control:
    """Return the fields of what machines must have."""
    words = session.words
    platforms = [one for one in editing.lists["platforms"] if one not in _WITHOUT]
    if not platforms:
        to = partial(session.go, f"/dev/apps/{app_id}/page?part=words")
        return panel(
            texts.muted(words("editor.needs.none")),
            ft.Row([button("editor.needs.platforms", words("editor.needs.choose"), to)]),
            title=words("editor.part.needs"),
        )
    parts = [_platform(session, editing, one) for one in platforms]
    return ft.Column(
        list(parts), spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )


def _platform(session: Session, editing: Editing, platform: str) -> ft.Control:
    words = session.words
    columns = [_level(session, editing, platform, level) for level in LEVELS]
    if session.window.kind == "phone":
        body: ft.Control = ft.Column(list(columns), spacing=Space.XL, tight=True)
    else:
        body = ft.Row(
            [ft.Container(one, expand=1) for one in columns],
            spacing=Space.L,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    return panel(body, title=words(f"game.platform.{platform}"))


def _level(session: Session, editing: Editing, platform: str, level: str) -> ft.Control:
    words = session.words
    fields = [
        text_field(
            f"editor.needs.{platform}.{level}.{name}",
            editing.form,
            f"needs.{platform}.{level}.{name}",
            words(f"editor.needs.{name}"),
            length_max=_SIZE_LENGTH_MAX if name.endswith("_mib") else _NOTE_MAX,
        )
        for name in NEEDS
    ]
    return ft.Column(
        [texts.strong(words(f"game.needs.{level}")), form_column(*fields)],
        spacing=Space.M,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
