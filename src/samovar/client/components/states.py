"""What stands where content is not there: while it comes, when there is none, when it could not be had."""

from collections.abc import Callable

import flet as ft

from samovar.client.components import texts
from samovar.client.components.buttons import OnClick, button
from samovar.client.state.problems import Problem
from samovar.client.state.words import Words
from samovar.client.theme.tokens import Colours, Radius, Space

_WIDTH = 420
# What is not there, or not for this player, is not the next time either.
_FINAL = ("not_found", "forbidden")


def skeleton(*, width: float | None = None, height: float = 16, radius: int = Radius.BADGE) -> ft.Control:
    """Return the place of something that is on its way. It does not glimmer: a still page is easier on eyes and batteries."""
    return ft.Container(width=width, height=height, bgcolor=Colours.SURFACE2, border_radius=radius)


def skeleton_lines(count: int = 3) -> ft.Control:
    """Return the place of a few lines of text, the last one shorter."""
    lines = [ft.Row([ft.Container(skeleton(), expand=True)]) for _ in range(count - 1)]
    short = ft.Row([ft.Container(skeleton(), expand=3), ft.Container(expand=2)])
    return ft.Column([*lines, short], spacing=Space.M, tight=True)


def skeleton_rows(count: int = 4, *, height: int = 56) -> ft.Control:
    """Return the place of the rows of a list."""
    return ft.Column(
        [skeleton(height=height, radius=Radius.CARD) for _ in range(count)],
        spacing=Space.S,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def loading(label: str) -> ft.Control:
    """Return a turning ring, for waits whose outcome has no shape yet."""
    ring = ft.ProgressRing(width=28, height=28, stroke_width=3, color=Colours.ACCENT)
    return ft.Semantics(
        label=label,
        live_region=True,
        content=ft.Container(ring, alignment=ft.Alignment.CENTER, padding=Space.XXXL),
    )


def empty_state(
    name: str, icon: ft.IconData, title: str, sentence: str, *, action: ft.Control | None = None
) -> ft.Control:
    """Return what stands where a list has nothing: why, and what to do about it."""
    parts: list[ft.Control] = [
        ft.Container(
            ft.Icon(icon, size=32, color=Colours.TEXT3),
            width=72,
            height=72,
            bgcolor=Colours.SURFACE1,
            border_radius=36,
            alignment=ft.Alignment.CENTER,
        ),
        texts.section_title(title, align=ft.TextAlign.CENTER),
        texts.muted(sentence, align=ft.TextAlign.CENTER),
    ]
    if action is not None:
        parts.append(ft.Container(action, padding=ft.Padding.only(top=Space.S)))
    return _middle(name, parts)


def error_state(name: str, problem: Problem, words: Words, on_retry: OnClick | None = None) -> ft.Control:
    """Return what stands where something failed: what, what to do, and the code to tell support."""
    icon = ft.Icons.CLOUD_OFF_ROUNDED if problem.is_offline else ft.Icons.ERROR_OUTLINE_ROUNDED
    parts: list[ft.Control] = [
        ft.Icon(icon, size=40, color=Colours.TEXT3),
        texts.section_title(problem.title, align=ft.TextAlign.CENTER),
        texts.muted(problem.detail, align=ft.TextAlign.CENTER),
        texts.caption(words("state.code", code=problem.report)),
    ]
    if on_retry is not None and not problem.code.endswith(_FINAL):
        retry = button(f"{name}.retry", words("action.retry"), on_retry, icon=ft.Icons.REFRESH_ROUNDED)
        parts.append(ft.Container(retry, padding=ft.Padding.only(top=Space.S)))
    return _middle(name, parts)


def offline_banner(words: Words, on_retry: Callable[[], object]) -> ft.Control:
    """Return the strip at the top while the platform cannot be reached."""
    row = ft.Row(
        [
            ft.Icon(ft.Icons.CLOUD_OFF_ROUNDED, size=18, color=Colours.WARNING),
            ft.Container(texts.body(words("state.offline.banner")), expand=True),
            texts.link("offline.retry", words("action.retry"), on_retry),
        ],
        spacing=Space.M,
    )
    strip = ft.Container(
        row, bgcolor=Colours.SURFACE2, padding=ft.Padding.symmetric(horizontal=Space.L, vertical=6)
    )
    return ft.Semantics(key="offline", identifier="offline", live_region=True, content=strip)


def _middle(name: str, parts: list[ft.Control]) -> ft.Control:
    column = ft.Column(
        parts, spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER, width=_WIDTH
    )
    box = ft.Container(
        column,
        alignment=ft.Alignment.CENTER,
        padding=ft.Padding.symmetric(vertical=Space.XXXL, horizontal=Space.L),
    )
    return ft.Semantics(key=name, identifier=name, container=True, content=box)
