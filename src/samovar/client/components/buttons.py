"""Buttons: one primary a screen, all of them 44 pixels high, with a ring where the keyboard stands."""

from collections.abc import Awaitable, Callable
from inspect import isawaitable
from typing import Literal

import flet as ft

from samovar.client.components.identify import identified, whole
from samovar.client.theme.tokens import Colours, Grid, Motion, Radius, Sizes, Space

Kind = Literal["primary", "secondary", "quiet", "danger"]
OnClick = Callable[[], Awaitable[None] | None]

_CLEAR = ft.Colors.TRANSPARENT
_STATE = ft.ControlState
# Back, back under the pointer, text, border.
_LOOKS: dict[Kind, tuple[str, str, str, str]] = {
    "primary": (Colours.ACCENT, "#F2B55C", Colours.ON_ACCENT, _CLEAR),
    "secondary": (Colours.SURFACE2, Colours.SURFACE3, Colours.TEXT, Colours.LINE),
    "quiet": (_CLEAR, Colours.SURFACE2, Colours.TEXT2, _CLEAR),
    "danger": (_CLEAR, "#3A1F24", Colours.DANGER, "#7A3A40"),
}


def button(
    name: str,
    text: str,
    on_click: OnClick | None,
    *,
    kind: Kind = "secondary",
    icon: ft.IconData | None = None,
    busy: bool = False,
    disabled: bool = False,
    wide: bool = False,
    autofocus: bool = False,
) -> ft.Control:
    """Return a button.

    Args:
        name: See `identified`.
        text: A verb: «Купить».
        on_click: What it does.
        kind: `primary` is the one thing that the screen is for.
        icon: Before the text.
        busy: What it does is under way: it turns, and takes no second click.
        disabled: It cannot be done now.
        wide: As wide as its place.
        autofocus: The keyboard stands on it at first.
    """
    inner = ft.FilledButton(
        content=_content(text, icon, kind, busy=busy, disabled=disabled),
        style=_style(kind),
        disabled=disabled or busy,
        height=Grid.TARGET,
        autofocus=autofocus,
        on_click=clicked(on_click) if on_click else None,
    )
    if wide:
        return identified(name, ft.Row([_expanded(inner)], spacing=0))
    return identified(name, inner)


def icon_button(
    name: str,
    icon: ft.IconData,
    label: str,
    on_click: OnClick | None,
    *,
    color: str = Colours.TEXT2,
    badge: str | None = None,
    selected: bool = False,
    disabled: bool = False,
) -> ft.Control:
    """Return a button without words; `label` is read out, and shown under the pointer."""
    mark = ft.Badge(label=badge, bgcolor=Colours.ACCENT, text_color=Colours.ON_ACCENT) if badge else None
    inner = ft.IconButton(
        icon=ft.Icon(icon, badge=mark) if mark else icon,
        icon_size=22,
        icon_color=Colours.ACCENT if selected else color,
        tooltip=label,
        width=Grid.TARGET,
        height=Grid.TARGET,
        disabled=disabled,
        style=ft.ButtonStyle(
            bgcolor={_STATE.HOVERED: Colours.SURFACE2, _STATE.DEFAULT: _CLEAR},
            side=_ring(_CLEAR),
            shape=ft.RoundedRectangleBorder(radius=Radius.CARD),
            padding=0,
        ),
        on_click=clicked(on_click) if on_click else None,
    )
    return whole(name, inner)


def _content(text: str, icon: ft.IconData | None, kind: Kind, *, busy: bool, disabled: bool) -> ft.Control:
    color = Colours.TEXT3 if disabled or busy else _LOOKS[kind][2]
    words = ft.Text(
        text,
        style=ft.TextStyle(size=Sizes.BODY, weight=ft.FontWeight.W_600, color=color),
        max_lines=1,
        overflow=ft.TextOverflow.ELLIPSIS,
    )
    parts: list[ft.Control] = []
    if busy:
        parts.append(ft.ProgressRing(width=16, height=16, stroke_width=2, color=Colours.TEXT3))
    elif icon is not None:
        parts.append(ft.Icon(icon, size=18, color=color))
    return ft.Row([*parts, words], spacing=Space.S, tight=True, alignment=ft.MainAxisAlignment.CENTER)


def _style(kind: Kind) -> ft.ButtonStyle:
    back, hovered, text, border = _LOOKS[kind]
    return ft.ButtonStyle(
        bgcolor={
            _STATE.DISABLED: _CLEAR if kind == "quiet" else Colours.SURFACE2,
            _STATE.PRESSED: hovered,
            _STATE.HOVERED: hovered,
            _STATE.DEFAULT: back,
        },
        color={_STATE.DISABLED: Colours.TEXT3, _STATE.DEFAULT: text},
        overlay_color=_CLEAR,
        elevation=0,
        side=_ring(border),
        shape=ft.RoundedRectangleBorder(radius=Radius.CARD),
        padding=ft.Padding.symmetric(horizontal=Space.L),
        animation_duration=Motion.HOVER,
    )


def _ring(border: str) -> dict[ft.ControlState, ft.BorderSide]:
    return {
        _STATE.FOCUSED: ft.BorderSide(2, Colours.TEXT),
        _STATE.DISABLED: ft.BorderSide(1, _CLEAR),
        _STATE.DEFAULT: ft.BorderSide(1, border),
    }


def _expanded(control: ft.FilledButton) -> ft.FilledButton:
    control.expand = True
    return control


def clicked(on_click: Callable[[], object]) -> Callable[[], Awaitable[None]]:
    """Return a handler that waits for what a click begins: Flet drops what a plain function returns."""

    async def handle() -> None:
        done = on_click()
        if isawaitable(done):
            await done

    return handle
