"""The frame of the console's screens: where one is, its parts as tabs, and tables that read on a phone too."""

from collections.abc import Sequence
from functools import partial

import flet as ft

from samovar.client.components import texts
from samovar.client.components.identify import whole
from samovar.client.session import Session
from samovar.client.theme.tokens import Colours, Grid, Motion, Space

_STATE = ft.ControlState


def crumbs(session: Session, *steps: tuple[str, str, str]) -> ft.Control:
    """Return the way up: of each step its name, its words and its path; the screen itself is not among them."""
    parts: list[ft.Control] = []
    for name, words, to in steps:
        parts.append(texts.link(name, words, partial(session.go, to)))
        parts.append(ft.Icon(ft.Icons.CHEVRON_RIGHT_ROUNDED, size=16, color=Colours.TEXT3))
    return ft.Row(parts[:-1], spacing=Space.XS, wrap=True, vertical_alignment=ft.CrossAxisAlignment.CENTER)


def tabs(session: Session, items: Sequence[tuple[str, str, str]], chosen: str) -> ft.Control:
    """Return the parts of something: of each its name, its words and its path. On a phone they scroll sideways."""
    shown = [_tab(session, name, words, to, chosen=name == chosen) for name, words, to in items]
    is_narrow = session.window.kind == "phone"
    row = ft.Row(list(shown), spacing=0 if is_narrow else Space.XS, scroll=ft.ScrollMode.HIDDEN)
    return ft.Container(row, border=ft.Border(bottom=ft.BorderSide(1, Colours.SURFACE3)))


def _tab(session: Session, name: str, words: str, to: str, *, chosen: bool) -> ft.Control:
    label = ft.Text(
        words,
        style=ft.TextStyle(
            size=14,
            weight=ft.FontWeight.W_600 if chosen else ft.FontWeight.W_500,
            color=Colours.TEXT if chosen else Colours.TEXT2,
        ),
    )
    inner = ft.TextButton(
        content=label,
        height=Grid.TARGET,
        style=ft.ButtonStyle(
            overlay_color=ft.Colors.TRANSPARENT,
            bgcolor={_STATE.HOVERED: Colours.SURFACE2, _STATE.DEFAULT: ft.Colors.TRANSPARENT},
            side={
                _STATE.FOCUSED: ft.BorderSide(2, Colours.ACCENT),
                _STATE.DEFAULT: ft.BorderSide(2, ft.Colors.TRANSPARENT),
            },
            shape=ft.RoundedRectangleBorder(radius=ft.BorderRadius.only(top_left=8, top_right=8)),
            padding=ft.Padding.symmetric(horizontal=Space.S if session.window.kind == "phone" else Space.M),
            animation_duration=Motion.HOVER,
        ),
        on_click=lambda _: session.go(to),
    )
    line = ft.Border(bottom=ft.BorderSide(2, Colours.ACCENT if chosen else ft.Colors.TRANSPARENT))
    return whole(name, ft.Container(inner, border=line), link=True, selected=chosen)


def table(
    session: Session,
    heads: Sequence[str],
    rows: Sequence[Sequence[ft.Control | str]],
    *,
    weights: Sequence[int],
    numbers: Sequence[int] = (),
) -> ft.Control:
    """Return a table. On a phone each row is a card: the first cell its heading, the others under their names.

    Args:
        session: Whose window it is.
        heads: The names of the columns.
        rows: Cells, texts or controls.
        weights: How wide the columns are, against each other.
        numbers: Which columns stand at the right edge.
    """
    if session.window.kind == "phone":
        return ft.Column([_narrow(heads, row) for row in rows], spacing=Space.S, tight=True)
    head = _row([texts.caption(one, lines=1) for one in heads], weights, numbers)
    lines: list[ft.Control] = [head]
    for row in rows:
        cells = [texts.body(one, lines=1) if isinstance(one, str) else one for one in row]
        lines.append(
            ft.Container(
                _row(cells, weights, numbers),
                border=ft.Border(top=ft.BorderSide(1, Colours.SURFACE2)),
                padding=ft.Padding.symmetric(vertical=Space.S),
            )
        )
    return ft.Column(lines, spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _row(cells: Sequence[ft.Control], weights: Sequence[int], numbers: Sequence[int]) -> ft.Control:
    return ft.Row(
        [
            ft.Container(
                cell,
                expand=weight,
                alignment=ft.Alignment.CENTER_RIGHT if at in numbers else ft.Alignment.CENTER_LEFT,
            )
            for at, (cell, weight) in enumerate(zip(cells, weights, strict=True))
        ],
        spacing=Space.M,
        vertical_alignment=ft.CrossAxisAlignment.CENTER,
    )


def _narrow(heads: Sequence[str], row: Sequence[ft.Control | str]) -> ft.Control:
    parts: list[ft.Control] = []
    for at, (head, cell) in enumerate(zip(heads, row, strict=True)):
        shown = texts.body(cell, align=ft.TextAlign.END) if isinstance(cell, str) else cell
        if at == 0:
            parts.append(texts.strong(cell) if isinstance(cell, str) else cell)
        elif head:
            # The value takes the rest: a long one breaks into lines, and its name never does.
            value = ft.Container(shown, expand=True, alignment=ft.Alignment.CENTER_RIGHT)
            parts.append(
                ft.Row(
                    [texts.caption(head, lines=1), value],
                    spacing=Space.M,
                    vertical_alignment=ft.CrossAxisAlignment.START,
                )
            )
        elif cell != "":
            parts.append(shown)
    return ft.Container(
        ft.Column(parts, spacing=Space.XS, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        bgcolor=Colours.SURFACE2,
        border_radius=8,
        padding=Space.M,
    )


def side_by_side(session: Session, left: ft.Control, right: ft.Control) -> ft.Control:
    """Return two parts beside each other, where there is room; else the first above the second."""
    if session.window.kind == "desktop":
        return ft.Row(
            [ft.Container(left, expand=1), ft.Container(right, expand=1)],
            spacing=Space.XL,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    return ft.Column(
        [left, right], spacing=Space.XL, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
    )
