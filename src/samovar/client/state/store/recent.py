"""What was looked at lately: games whose pages were opened, and slugs of games that are still to be loaded."""

from collections.abc import Iterable
from dataclasses import dataclass

import flet as ft

from samovar.client.api.catalog import Game

# As many as stand beside each other on the widest screen.
RECENT_MAX = 6


@ft.observable
@dataclass
class Recent:
    """Games whose pages were opened, the latest first.

    Attributes:
        wanted: Slugs of games that were opened before these, at an earlier visit; nothing else is known of them yet.
    """

    games: tuple[Game, ...] = ()
    wanted: tuple[str, ...] = ()

    @property
    def slugs(self) -> list[str]:
        """All of them, the latest first."""
        return [*(one.slug for one in self.games), *self.wanted][:RECENT_MAX]

    def see(self, game: Game) -> None:
        """Note that a page was opened."""
        rest = tuple(one for one in self.games if one.id != game.id)
        self.games = (game, *rest)[:RECENT_MAX]
        self.wanted = tuple(one for one in self.wanted if one != game.slug)

    def recall(self, slugs: Iterable[str]) -> None:
        """Take up what was opened at an earlier visit."""
        known = {one.slug for one in self.games}
        fresh = [one for one in dict.fromkeys(slugs) if one not in known]
        self.wanted = tuple(fresh[: RECENT_MAX - len(self.games)])

    def found(self, games: Iterable[Game]) -> None:
        """Take over the games that were wanted, as far as they could be loaded."""
        known = {one.id for one in self.games}
        self.games = (*self.games, *(one for one in games if one.id not in known))[:RECENT_MAX]
        self.wanted = ()

    def forget(self) -> None:
        """Nothing was opened: somebody else may look now."""
        self.games = ()
        self.wanted = ()
