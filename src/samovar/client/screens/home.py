"""The store's front: what there is to play."""

from functools import partial
from typing import Any

import flet as ft
import msgspec

from samovar.client.components import texts
from samovar.client.components.games import Game, game_card, game_card_skeleton
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state
from samovar.client.hooks import use_loaded, use_session
from samovar.client.theme.tokens import Space


class Games(msgspec.Struct, frozen=True):
    """A page of games."""

    items: list[Game]


_COLUMNS: dict[str, Any] = {"xs": 6, "sm": 6, "md": 4, "lg": 3, "xl": 3, "xxl": 2}


@ft.component
def Home() -> ft.Control:
    """Show the games that are asked for most."""
    session = use_session()
    words = session.words
    found = use_loaded(
        lambda: session.stranger.get(Games, "/v1/games", {"sort": "popularity", "limit": "48"})
    )
    if found.problem:
        return screen(session, error_state("home.error", found.problem, words, found.again))
    if found.value is None:
        cards = [game_card_skeleton(_COLUMNS) for _ in range(12)]
    elif not found.value.items:
        return screen(
            session,
            empty_state(
                "home.empty",
                ft.Icons.STOREFRONT_OUTLINED,
                words("home.empty.title"),
                words("home.empty.detail"),
            ),
        )
    else:
        cards = [
            game_card(words, game, partial(session.go, f"/game/{game.slug}"), col=_COLUMNS)
            for game in found.value.items
        ]
    return screen(
        session,
        texts.page_title(words("home.title")),
        ft.ResponsiveRow(cards, spacing=Space.L, run_spacing=Space.L),
    )
