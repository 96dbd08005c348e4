"""The games of this computer, where the platform does not answer: what is installed can be played all the same."""

from pathlib import Path

import flet as ft

from samovar.client.components import texts
from samovar.client.components.computer.action import LocalAction
from samovar.client.components.identify import identified
from samovar.client.components.panels import card
from samovar.client.hooks import use_session, watch
from samovar.client.theme.tokens import Space


@ft.component
def LocalShelf() -> ft.Control:
    """Show them, each with what can be done; nothing where there is no computer, or no game on it."""
    session = use_session()
    games = watch(session.here).games
    if session.computer is None or not games:
        return ft.Container(visible=False)
    rows: list[ft.Control] = [
        identified(
            f"computer.game.{game_id}",
            card(
                ft.Column(
                    [
                        texts.strong(game.name, lines=1),
                        LocalAction(game_id, game.name, Path(game.folder).name),
                    ],
                    spacing=Space.M,
                    tight=True,
                    horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
                )
            ),
        )
        for game_id, game in games.items()
    ]
    return ft.Column(
        [texts.section_title(session.words("computer.title")), *rows],
        spacing=Space.M,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
