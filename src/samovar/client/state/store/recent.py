"""What the player has looked at lately, in this session."""

from dataclasses import dataclass

import flet as ft

from samovar.client.api.catalog import Game

RECENT_MAX = 12


@ft.observable
@dataclass
class Recent:
    """Games whose pages were opened, the latest first."""

    games: tuple[Game, ...] = ()

    def see(self, game: Game) -> None:
        """Note that a page was opened."""
        rest = tuple(one for one in self.games if one.id != game.id)
        self.games = (game, *rest)[:RECENT_MAX]
