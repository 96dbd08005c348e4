"""The frame of the settings: the title, the way to the other parts, and what each setting looks like."""

from collections.abc import Callable

import flet as ft

from samovar.client.components import texts
from samovar.client.components.identify import identified
from samovar.client.components.people.tabs import settings_tabs
from samovar.client.components.shell import screen
from samovar.client.session import Session
from samovar.client.theme.tokens import Colours, Grid, Space


def settings_screen(session: Session, part: str, *controls: ft.Control) -> ft.Control:
    """Return a part of the settings in its frame."""
    title = texts.page_title(session.words("settings.title"))
    return screen(session, title, settings_tabs(session, part), *controls, width=Grid.READING)


def switch(
    name: str,
    label: str,
    detail: str,
    on: bool,  # noqa: FBT001  What is shown, as in `ft.Switch(value=…)`.
    change: Callable[[bool], object],
    *,
    disabled: bool = False,
) -> ft.Control:
    """Return a setting that is on or off: what it does at the left, the switch at the right."""
    inner = ft.Switch(
        value=on,
        disabled=disabled,
        active_color=Colours.ACCENT,
        on_change=lambda event: change(bool(event.control.value)),
    )
    words: list[ft.Control] = [texts.body(label)]
    if detail:
        words.append(texts.caption(detail))
    return ft.Row(
        [
            ft.Container(ft.Column(words, spacing=2, tight=True), expand=True),
            identified(name, inner, label=label),
        ],
        spacing=Space.L,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
