"""Games beside each other: as many columns as there is room for, all cards of a row alike."""

from collections.abc import Callable, Sequence
from functools import partial

import flet as ft

from samovar.client.api.catalog import Game
from samovar.client.components import texts
from samovar.client.components.games import game_card, game_card_skeleton
from samovar.client.session import Session
from samovar.client.theme.tokens import Grid, Space

_CARD_WIDTH = 236
_COLUMNS_MAX = 6
_PHONE_COLUMNS = 2


def columns_of(session: Session, *, taken: int = 0) -> int:
    """Return how many cards stand beside each other; `taken` pixels of the width belong to something else."""
    kind = session.window.kind
    if kind == "phone":
        return _PHONE_COLUMNS
    rail = Grid.RAIL if kind == "tablet" else Grid.WIDE_RAIL
    room = min(session.window.width - rail, Grid.CONTENT_MAX) - 2 * session.window.margin - taken
    return max(_PHONE_COLUMNS, min(_COLUMNS_MAX, (room + Space.L) // (_CARD_WIDTH + Space.L)))


def rows_of(cells: Sequence[ft.Control], columns: int, *, gap: int = Space.L) -> ft.Control:
    """Return cells in rows; the last row is filled up with nothing, so that its cells are no wider."""
    rows: list[ft.Control] = []
    for start in range(0, len(cells), columns):
        row = list(cells[start : start + columns])
        row += [ft.Container() for _ in range(columns - len(row))]
        for cell in row:
            cell.expand = 1
        rows.append(ft.Row(row, spacing=gap, vertical_alignment=ft.CrossAxisAlignment.START))
    return ft.Column(rows, spacing=gap, tight=True)


def game_grid(session: Session, games: Sequence[Game], *, columns: int, gap: int | None = None) -> ft.Control:
    """Return games as cards."""
    cells = [game_card(session.words, game, partial(session.go, f"/game/{game.slug}")) for game in games]
    return rows_of(cells, columns, gap=_gap(session) if gap is None else gap)


def grid_skeleton(session: Session, *, columns: int, rows: int = 2) -> ft.Control:
    """Return the place of cards that are on their way."""
    return rows_of([game_card_skeleton() for _ in range(columns * rows)], columns, gap=_gap(session))


def shelf(
    title: str,
    content: ft.Control,
    *,
    more: ft.Control | None = None,
    sentence: str | None = None,
) -> ft.Control:
    """Return a section of a screen: its heading, where it goes on, and what is in it."""
    heading: list[ft.Control] = [texts.section_title(title)]
    if more is not None:
        heading.append(more)
    parts: list[ft.Control] = [
        ft.Row(
            heading,
            alignment=ft.MainAxisAlignment.SPACE_BETWEEN,
            vertical_alignment=ft.CrossAxisAlignment.CENTER,
        )
    ]
    if sentence:
        parts.append(texts.caption(sentence))
    parts.append(content)
    return ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def more_link(name: str, text: str, on_click: Callable[[], object]) -> ft.Control:
    """Return the way to all of a section."""
    return texts.link(name, text, on_click)


def _gap(session: Session) -> int:
    return Space.M if session.window.kind == "phone" else Space.L
