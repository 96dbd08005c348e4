"""The frame of the screens before one is in: a mark, one question, one way on."""

import flet as ft

from samovar.client.components import texts
from samovar.client.components.panels import note
from samovar.client.session import Session
from samovar.client.state.problems import Problem
from samovar.client.theme.tokens import Colours, Grid, Radius, Space


def gate(
    session: Session,
    title: str,
    *controls: ft.Control,
    sentence: str | None = None,
    problem: Problem | None = None,
    foot: ft.Control | None = None,
) -> ft.Control:
    """Return one question in the middle of the screen.

    Args:
        session: Whose.
        title: What it is about.
        controls: The form.
        sentence: What it is for.
        problem: Why the last try failed, where no field is to blame.
        foot: Another way.
    """
    head: list[ft.Control] = [texts.page_title(title)]
    if sentence:
        head.append(texts.muted(sentence))
    parts: list[ft.Control] = [ft.Column(head, spacing=Space.S, tight=True)]
    if problem is not None:
        parts.append(note("gate.problem", problem.detail or problem.title, tone="danger"))
    parts += controls
    box = ft.Container(
        ft.Column(parts, spacing=Space.XL, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        bgcolor=Colours.SURFACE1 if session.window.kind != "phone" else ft.Colors.TRANSPARENT,
        border_radius=Radius.PANEL,
        padding=Space.XXL if session.window.kind != "phone" else 0,
    )
    column: list[ft.Control] = [box]
    if foot is not None:
        column.append(ft.Container(foot, alignment=ft.Alignment.CENTER))
    margin = session.window.margin
    width = min(Grid.FORM + 2 * Space.XXL, session.window.width - 2 * margin)
    if session.window.kind == "phone":
        # The exact width is known to the browser alone here: the column takes what there is.
        inner: ft.Control = ft.Column(
            column, spacing=Space.XL, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH
        )
    else:
        inner = ft.Row(
            [
                ft.Column(
                    column,
                    spacing=Space.XL,
                    tight=True,
                    width=width,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                )
            ],
            alignment=ft.MainAxisAlignment.CENTER,
        )
    top = Space.XL if session.window.kind == "phone" else 72
    return ft.ListView(
        [ft.Container(inner, padding=ft.Padding.only(left=margin, right=margin, top=top, bottom=Space.XL))],
        expand=True,
        padding=0,
    )
