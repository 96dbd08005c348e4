"""The frame of the settings: the title, the way to the other parts, and what each setting looks like."""

from collections.abc import Callable

import flet as ft

from samovar.client.components import texts
from samovar.client.components.identify import whole
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
    fixed: bool = False,
) -> ft.Control:
    """Return a setting that is on or off: what it does at the left, the switch at the right.

    Args:
        name: See `identified`.
        label: What it is.
        detail: What follows from it.
        on: Whether it is on.
        change: Called with what is wanted.
        disabled: It cannot be changed now.
        fixed: It can never be changed: a mark stands in place of the switch, which would look as if it were off.
    """
    inner: ft.Control = ft.Switch(
        value=on,
        disabled=disabled,
        active_color=Colours.ACCENT,
        on_change=lambda event: change(bool(event.control.value)),
    )
    if fixed:
        sign, color = (ft.Icons.CHECK_CIRCLE_ROUNDED, Colours.SUCCESS)
        if not on:
            sign, color = (ft.Icons.REMOVE_CIRCLE_OUTLINE_ROUNDED, Colours.TEXT3)
        inner = ft.Container(ft.Icon(sign, size=24, color=color), padding=ft.Padding.only(right=Space.M))
    words: list[ft.Control] = [texts.body(label)]
    if detail:
        words.append(texts.caption(detail))
    return ft.Row(
        [
            ft.Container(ft.Column(words, spacing=2, tight=True), expand=True),
            whole(name, inner, label=label, about=detail),
        ],
        spacing=Space.L,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )
