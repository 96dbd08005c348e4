"""Facts: a name, and what it is."""

import flet as ft

from samovar.client.components import texts
from samovar.client.theme.tokens import Colours, Space

_NAME_WIDTH = 116


def named(name: str, value: str, *, color: str = Colours.TEXT) -> ft.Control:
    """Return a fact: its name at the left, its value beside it."""
    return ft.Row(
        [
            ft.Container(texts.caption(name), width=_NAME_WIDTH),
            ft.Container(texts.body(value, color=color), expand=True),
        ],
        spacing=Space.M,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )


def summed(name: str, value: str, *, strong: bool = False, color: str | None = None) -> ft.Control:
    """Return a line of a sum: its name, and the amount at the right edge."""
    shade = color or (Colours.TEXT if strong else Colours.TEXT2)
    weight = ft.FontWeight.W_600 if strong else None
    return ft.Row(
        [
            ft.Container(texts.body(name, color=shade, weight=weight), expand=True),
            texts.body(value, color=shade, weight=weight),
        ],
        spacing=Space.M,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
