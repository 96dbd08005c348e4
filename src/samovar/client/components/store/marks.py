"""Small marks of a game: ages, platforms, what players think of it."""

import flet as ft

from samovar.client.components import texts
from samovar.client.state.words import Words
from samovar.client.theme.tokens import Colours, Radius, Sizes, Space

PLATFORMS = {
    "windows": ft.Icons.WINDOW_ROUNDED,
    "linux": ft.Icons.TERMINAL_ROUNDED,
    "macos": ft.Icons.LAPTOP_MAC_ROUNDED,
    "android": ft.Icons.ANDROID_ROUNDED,
    "ios": ft.Icons.PHONE_IPHONE_ROUNDED,
    "web": ft.Icons.LANGUAGE_ROUNDED,
}
_GOOD, _MIXED = 70, 40


def age_mark(rating: int) -> ft.Control:
    """Return an age mark: «16+»."""
    return ft.Container(
        ft.Text(
            f"{rating}+",
            style=ft.TextStyle(size=Sizes.CAPTION, weight=ft.FontWeight.W_600, color=Colours.TEXT2),
        ),
        border=ft.Border.all(1, Colours.CONTROL_LINE),
        border_radius=Radius.BADGE,
        padding=ft.Padding.symmetric(horizontal=6, vertical=1),
    )


def platform_marks(platforms: list[str], *, size: int = 16) -> ft.Control:
    """Return what a game runs on."""
    icons = [
        ft.Icon(PLATFORMS[one], size=size, color=Colours.TEXT3, tooltip=one.capitalize())
        for one in platforms
        if one in PLATFORMS
    ]
    return ft.Row(list(icons), spacing=Space.XS, tight=True)


def rating_line(words: Words, *, score: int | None, label: str | None, count: int) -> ft.Control:
    """Return what players think: «Очень положительные · 92 %», or that it is too early to say."""
    if score is None or label is None:
        return ft.Row(
            [
                ft.Icon(ft.Icons.RATE_REVIEW_OUTLINED, size=16, color=Colours.TEXT3),
                texts.caption(words("game.reviews.few", count=count), lines=1),
            ],
            spacing=6,
            tight=True,
        )
    color = Colours.SUCCESS if score >= _GOOD else Colours.WARNING if score >= _MIXED else Colours.DANGER
    icon = ft.Icons.THUMB_UP_ROUNDED if score >= _GOOD else ft.Icons.THUMBS_UP_DOWN_ROUNDED
    if score < _MIXED:
        icon = ft.Icons.THUMB_DOWN_ROUNDED
    return ft.Row(
        [
            ft.Icon(icon, size=16, color=color),
            ft.Text(
                words("game.reviews.score", label=words(f"game.reviews.label.{label}"), percent=score),
                style=ft.TextStyle(size=Sizes.BODY, weight=ft.FontWeight.W_500, color=color),
                max_lines=1,
                overflow=ft.TextOverflow.ELLIPSIS,
            ),
        ],
        spacing=6,
        tight=True,
    )
