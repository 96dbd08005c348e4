"""Text in the six sizes of the system. Prices and figures that stand under each other use `figures`."""

from collections.abc import Callable

import flet as ft

from samovar.client.components.buttons import clicked
from samovar.client.components.identify import whole
from samovar.client.theme.tokens import HEADING_HEIGHT, LINE_HEIGHT, Colours, Sizes

_HALF, _BOLD, _MEDIUM = ft.FontWeight.W_600, ft.FontWeight.W_700, ft.FontWeight.W_500


def hero(text: str, *, color: str = Colours.TEXT) -> ft.Control:
    """Return the largest heading, over art."""
    return _heading(text, Sizes.HERO, _BOLD, color)


def page_title(text: str) -> ft.Control:
    """Return the heading of a screen."""
    return _heading(text, Sizes.PAGE, _BOLD, Colours.TEXT)


def section_title(text: str, *, align: ft.TextAlign = ft.TextAlign.START) -> ft.Control:
    """Return the heading of a section."""
    return _heading(text, Sizes.SECTION, _HALF, Colours.TEXT, align)


def lead(text: str, *, color: str = Colours.TEXT, weight: ft.FontWeight | None = None) -> ft.Text:
    """Return text that is a little larger."""
    return _text(text, Sizes.LEAD, color, weight)


def body(
    text: str,
    *,
    color: str = Colours.TEXT,
    weight: ft.FontWeight | None = None,
    lines: int | None = None,
    align: ft.TextAlign | None = None,
) -> ft.Text:
    """Return running text; with `lines` it is cut by an ellipsis after that many."""
    return _text(text, Sizes.BODY, color, weight, lines, align)


def muted(text: str, *, lines: int | None = None, align: ft.TextAlign | None = None) -> ft.Text:
    """Return running text that matters less."""
    return _text(text, Sizes.BODY, Colours.TEXT2, None, lines, align)


def strong(text: str, *, lines: int | None = None) -> ft.Text:
    """Return running text that matters more."""
    return _text(text, Sizes.BODY, Colours.TEXT, _HALF, lines)


def caption(text: str, *, color: str = Colours.TEXT3, lines: int | None = None) -> ft.Text:
    """Return the smallest text. Never on `SURFACE3`: it would be too faint there."""
    return _text(text, Sizes.CAPTION, color, _MEDIUM, lines)


def link(name: str, text: str, on_click: Callable[[], object], *, size: int = Sizes.BODY) -> ft.Control:
    """Return words that lead somewhere."""
    inner = ft.TextButton(
        content=text,
        style=ft.ButtonStyle(
            color={
                ft.ControlState.DEFAULT: Colours.LINK,
                ft.ControlState.HOVERED: Colours.TEXT,
                ft.ControlState.FOCUSED: Colours.TEXT,
            },
            overlay_color=ft.Colors.TRANSPARENT,
            side={
                ft.ControlState.FOCUSED: ft.BorderSide(2, Colours.ACCENT),
                ft.ControlState.DEFAULT: ft.BorderSide(2, ft.Colors.TRANSPARENT),
            },
            padding=ft.Padding.symmetric(horizontal=4, vertical=2),
            shape=ft.RoundedRectangleBorder(radius=4),
            text_style=ft.TextStyle(size=size, weight=_MEDIUM),
        ),
        on_click=clicked(on_click),
    )
    return whole(name, inner, link=True)


def _heading(
    text: str, size: int, weight: ft.FontWeight, color: str, align: ft.TextAlign = ft.TextAlign.START
) -> ft.Control:
    style = ft.TextStyle(size=size, weight=weight, color=color, height=HEADING_HEIGHT)
    inner = ft.Text(text, style=style, text_align=align)
    return ft.Semantics(header=True, content=inner)


def _text(
    text: str,
    size: int,
    color: str,
    weight: ft.FontWeight | None = None,
    lines: int | None = None,
    align: ft.TextAlign | None = None,
) -> ft.Text:
    return ft.Text(
        text,
        style=ft.TextStyle(size=size, color=color, weight=weight, height=LINE_HEIGHT),
        max_lines=lines,
        overflow=ft.TextOverflow.ELLIPSIS if lines else ft.TextOverflow.CLIP,
        text_align=align or ft.TextAlign.START,
    )
