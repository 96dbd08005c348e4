"""Surfaces and marks: cards, panels, chips, badges, notes, avatars."""

from collections.abc import Callable
from typing import Literal

import flet as ft

from samovar.client.components import texts
from samovar.client.components.buttons import clicked
from samovar.client.components.identify import identified, whole
from samovar.client.theme.tokens import Colours, Motion, Radius, Sizes, Space

Tone = Literal["info", "success", "warning", "danger"]

TONES: dict[Tone, tuple[str, ft.IconData]] = {
    "info": (Colours.LINK, ft.Icons.INFO_OUTLINE_ROUNDED),
    "success": (Colours.SUCCESS, ft.Icons.CHECK_CIRCLE_OUTLINE_ROUNDED),
    "warning": (Colours.WARNING, ft.Icons.WARNING_AMBER_ROUNDED),
    "danger": (Colours.DANGER, ft.Icons.ERROR_OUTLINE_ROUNDED),
}
# How wide the edge is of what the keyboard stands on.
RING = 2
_WORDS = ft.TextStyle(size=Sizes.BODY, weight=ft.FontWeight.W_400)
CHIP_PADDING = ft.Padding.symmetric(horizontal=Space.M, vertical=7)


def card(content: ft.Control, *, padding: int = Space.L, expand: bool | int | None = None) -> ft.Container:
    """Return a surface one step above the page."""
    return ft.Container(
        content=content,
        bgcolor=Colours.SURFACE1,
        border_radius=Radius.CARD,
        padding=padding,
        expand=expand,
    )


def panel(*controls: ft.Control, title: str | None = None, action: ft.Control | None = None) -> ft.Container:
    """Return a section on a surface of its own, with its heading."""
    parts = list(controls)
    if title is not None:
        heading: ft.Control = texts.section_title(title)
        if action is not None:
            heading = ft.Row(
                [heading, action],
                alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
                wrap=True,
                run_spacing=Space.S,
            )
        parts.insert(0, heading)
    return ft.Container(
        content=ft.Column(
            parts, spacing=Space.L, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        ),
        bgcolor=Colours.SURFACE1,
        border_radius=Radius.PANEL,
        padding=Space.XL,
    )


def pressable(
    name: str,
    content: ft.Control | str,
    on_click: Callable[[], object],
    *,
    label: str | None = None,
    look: ft.TextStyle = _WORDS,
    padding: ft.PaddingValue = RING,
    height: int | None = None,
    back: str = Colours.SURFACE1,
    edge: str = ft.Colors.TRANSPARENT,
    ring: str = Colours.ACCENT,
    selected: bool | None = None,
    col: dict[str, int] | None = None,
) -> ft.Control:
    """Return a whole surface that takes a click, such as a cover. Hover and focus are drawn by the browser alone.

    Args:
        name: See `identified`.
        content: What is on it; nothing there can be used by itself, and its words are read out.
        on_click: What a click does.
        label: What is read out before the words of the content, where they do not say enough.
        look: Of words, where the content is nothing else.
        padding: Around the content, which would cover the edge.
        height: Where it is not that of the content.
        back: Its colour.
        edge: The colour of its edge.
        ring: That of its edge while the keyboard stands on it.
        selected: It is the chosen one of several.
        col: Its columns in a `ResponsiveRow`.
    """
    surface = ft.TextButton(
        content=content,
        height=height,
        style=ft.ButtonStyle(
            bgcolor=back,
            overlay_color=ft.Colors.with_opacity(0.08, Colours.TEXT),
            side={
                ft.ControlState.FOCUSED: ft.BorderSide(RING, ring),
                ft.ControlState.DEFAULT: ft.BorderSide(1, edge),
            },
            shape=ft.RoundedRectangleBorder(radius=Radius.CARD),
            padding=padding,
            # A compact one, as on computers, would take away the padding above and below.
            visual_density=ft.VisualDensity.STANDARD,
            color=look.color,
            text_style=look,
            animation_duration=Motion.HOVER,
        ),
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
        on_click=clicked(on_click),
    )
    return whole(name, surface, label=label, selected=selected, col=col)


def chip(
    name: str, text: str, on_click: Callable[[], object] | None = None, *, selected: bool = False
) -> ft.Control:
    """Return a tag: of a game, or of a filter that is on."""
    color = Colours.ON_ACCENT if selected else Colours.TEXT2
    look = ft.TextStyle(size=13, weight=ft.FontWeight.W_500, color=color)
    back = Colours.ACCENT if selected else Colours.SURFACE2
    if on_click is None:
        words = ft.Text(text, style=look)
        shown = ft.Container(words, bgcolor=back, border_radius=Radius.CARD, padding=CHIP_PADDING)
        return identified(name, shown, selected=selected)
    return pressable(
        name,
        text,
        on_click,
        look=look,
        padding=CHIP_PADDING,
        back=back,
        ring=Colours.TEXT if selected else Colours.ACCENT,
        selected=selected,
    )


def badge(text: str, *, tone: Tone | None = None) -> ft.Control:
    """Return a short mark: «скоро», «установлена». Its tone is a colour beside the word, never instead of it."""
    color = TONES[tone][0] if tone else Colours.TEXT2
    return ft.Container(
        content=ft.Text(
            text, style=ft.TextStyle(size=Sizes.CAPTION, weight=ft.FontWeight.W_600, color=color)
        ),
        bgcolor=Colours.SURFACE2,
        border_radius=Radius.BADGE,
        padding=ft.Padding.symmetric(horizontal=Space.S, vertical=3),
    )


def note(name: str, text: str, *, tone: Tone = "info", action: ft.Control | None = None) -> ft.Control:
    """Return a remark that stays until its cause is gone; it is read out when it appears."""
    color, icon = TONES[tone]
    parts: list[ft.Control] = [
        ft.Icon(icon, size=20, color=color),
        ft.Container(texts.body(text), expand=True),
    ]
    if action is not None:
        parts.append(action)
    box = ft.Container(
        content=ft.Row(parts, spacing=Space.M, vertical_alignment=ft.CrossAxisAlignment.START),
        bgcolor=ft.Colors.with_opacity(0.10, color),
        border=ft.Border.all(1, ft.Colors.with_opacity(0.35, color)),
        border_radius=Radius.CARD,
        padding=ft.Padding.symmetric(horizontal=14, vertical=Space.M),
    )
    return ft.Semantics(key=name, identifier=name, live_region=True, content=box)


def divider() -> ft.Control:
    """Return a line."""
    return ft.Divider(height=1, thickness=1, color=Colours.LINE)


def avatar(name: str, *, size: int = 36) -> ft.Control:
    """Return the first letter of a name on a disc; the name itself stands beside it."""
    letter = ft.Text(
        (name.strip() or "?")[0].upper(),
        semantics_label="",
        style=ft.TextStyle(size=size * 0.44, weight=ft.FontWeight.W_600, color=Colours.ACCENT),
    )
    return ft.Container(
        content=letter,
        width=size,
        height=size,
        bgcolor=Colours.SURFACE3,
        border_radius=size / 2,
        alignment=ft.Alignment.CENTER,
    )
