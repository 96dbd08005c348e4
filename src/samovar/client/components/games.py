"""Games in lists: the card of the store, and its place while it comes."""

from collections.abc import Callable
from typing import Any, cast

import flet as ft

from samovar.client.api.catalog import Game
from samovar.client.components import texts
from samovar.client.components.panels import RING, pressable
from samovar.client.components.prices import HEIGHT as PRICE_HEIGHT
from samovar.client.components.prices import price_tag
from samovar.client.components.states import skeleton
from samovar.client.pictures import picture_at
from samovar.client.state.words import Words
from samovar.client.theme.tokens import Colours, Radius, Sizes, Space

CAPSULE_RATIO = 616 / 353
_FOOT_HEIGHT = 74
# On a phone a discount, the old price and the new one just fit.
_FOOT_MARGIN = ft.Margin.symmetric(horizontal=10, vertical=Space.M)


def capsule(url: str | None, title: str) -> ft.Control:
    """Return the art of a game, in the store's proportions; its title where there is none.

    Where art does not come its place stays empty: the title stands beside it everywhere, and a list has many games.
    """
    if not url:
        shown = texts.muted(title, lines=2, align=ft.TextAlign.CENTER)
        shown.semantics_label = ""
        return ft.Container(
            shown,
            bgcolor=Colours.SURFACE2,
            alignment=ft.Alignment.CENTER,
            padding=Space.M,
            aspect_ratio=CAPSULE_RATIO,
        )
    return ft.Image(
        src=picture_at(f"{url}?width=640"),
        fit=ft.BoxFit.COVER,
        error_content=ft.Container(bgcolor=Colours.SURFACE2),
        exclude_from_semantics=True,
        gapless_playback=True,
        aspect_ratio=CAPSULE_RATIO,
        border_radius=Radius.CARD - RING,
    )


def offer(words: Words, game: Game) -> ft.Control:
    """Return what a game costs, or when it comes out; the old price gives way where there is little room."""
    if game.price is None and game.stage == "coming_soon":
        day = (
            words("price.out_on", day=words.day(game.release_date))
            if game.release_date
            else words("price.soon")
        )
        return ft.Text(
            day,
            style=ft.TextStyle(size=Sizes.BODY, color=Colours.TEXT2, height=PRICE_HEIGHT / Sizes.BODY),
            no_wrap=True,
            overflow=ft.TextOverflow.ELLIPSIS,
        )
    return price_tag(game.price, words, shrinks=True)


def game_card(
    words: Words, game: Game, on_click: Callable[[], object], *, col: dict[str, int] | None = None
) -> ft.Control:
    """Return a game of the store: art, title, tags, price. All cards of a row are equally high."""
    foot = ft.Column(
        [
            texts.strong(game.title, lines=1),
            texts.caption(_about(words, game) or " ", lines=1),
            offer(words, game),
        ],
        spacing=2,
        tight=True,
        height=_FOOT_HEIGHT,
        margin=_FOOT_MARGIN,
    )
    content = ft.Column(
        [capsule(game.capsule_url, game.title), foot],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
    return pressable(f"game.{game.slug}", content, on_click, col=col)


def _about(words: Words, game: Game) -> str:
    """Say what it is, where it is no game, and what it is about."""
    kind = f"store.kind.{game.kind}"
    return ", ".join([*([words(kind)] if words.has(kind) else []), *(tag.name for tag in game.tags[:3])])


def game_card_skeleton(col: dict[str, Any] | None = None) -> ft.Control:
    """Return the place of a card that is on its way."""
    foot = ft.Column(
        [skeleton(width=140), skeleton(width=90, height=12), skeleton(width=70, height=PRICE_HEIGHT - 8)],
        spacing=Space.S,
        tight=True,
        height=_FOOT_HEIGHT,
        margin=_FOOT_MARGIN,
    )
    box = ft.Container(
        ft.Column(
            [
                ft.Container(bgcolor=Colours.SURFACE2, aspect_ratio=CAPSULE_RATIO),
                foot,
            ],
            spacing=0,
            tight=True,
        ),
        bgcolor=Colours.SURFACE1,
        border_radius=Radius.CARD,
        clip_behavior=ft.ClipBehavior.HARD_EDGE,
    )
    if col is not None:
        box.col = cast("Any", col)
    return box
