"""What this computer fetches at the moment, small, in the frame around every screen."""

import flet as ft

from samovar.client.components import texts
from samovar.client.components.computer.progress import about, bar
from samovar.client.components.panels import pressable
from samovar.client.hooks import use_session, watch
from samovar.client.theme.tokens import Colours, Space


@ft.component
def MiniProgress() -> ft.Control:
    """Show the game that is fetched, and lead to the queue; nothing where none is."""
    session = use_session()
    here = watch(session.here)
    running = next((game for game in here.games.values() if game.stage == "running"), None)
    if running is None:
        return ft.Container(visible=False)
    said = about(session, running)
    column = ft.Column(
        [
            texts.strong(running.name, lines=1),
            ft.Semantics(content=bar(session, running), exclude_semantics=True),
            texts.caption(said, lines=2),
        ],
        spacing=Space.XS,
        tight=True,
    )
    return pressable(
        "shell.fetching",
        column,
        lambda: session.go("/downloads"),
        padding=Space.M,
        back=Colours.SURFACE2,
    )
