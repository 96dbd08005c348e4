"""The store's front: the carousel, discounts, what is new and coming, what may please, what was looked at."""

from functools import partial

import flet as ft

from samovar.client.api.catalog import Catalog, Game, Games, Home, Recommended
from samovar.client.components import texts
from samovar.client.components.games import game_card
from samovar.client.components.panels import note
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton
from samovar.client.components.store.carousel import HEIGHT, HEIGHT_PHONE, SLIDES_MAX, HeroCarousel
from samovar.client.components.store.grid import (
    columns_of,
    game_grid,
    grid_skeleton,
    more_link,
    rows_of,
    shelf,
)
from samovar.client.hooks import use_loaded, use_session, watch
from samovar.client.session import Session
from samovar.client.theme.tokens import Radius, Space

_ROWS = 2
_ROWS_PHONE = 3


@ft.component
def StoreHome() -> ft.Control:
    """Show the front, out of one call."""
    session = use_session()
    watch(session.window)
    account = watch(session.account)
    recent = watch(session.recent)
    catalog = Catalog(session.player if account.is_player else session.stranger)
    found = use_loaded(catalog.home, [account.standing])

    async def recall() -> None:
        if account.standing != "unknown":
            await session.looked_at.load(catalog)

    ft.use_effect(recall, [account.standing, recent.wanted])
    words = session.words
    if found.value is None:
        if found.problem:
            return screen(session, error_state("home.error", found.problem, words, found.again))
        return screen(session, *_skeleton(session))
    home = found.value
    shelves = _shelves(session, home, recent.games)
    if not shelves:
        nothing = empty_state(
            "home.empty", ft.Icons.STOREFRONT_OUTLINED, words("home.empty.title"), words("home.empty.detail")
        )
        return screen(session, nothing)
    parts: list[ft.Control] = []
    if home.missing:
        parts.append(note("home.partial", words("home.partial"), tone="warning"))
    slides = _slides(home)
    if slides:
        parts.append(HeroCarousel(slides))
    return screen(session, *parts, *shelves)


def _slides(home: Home) -> list[Recommended]:
    """Return what the carousel shows: recommendations with art, with a reason each."""
    found = home.recommended.items if home.recommended else []
    return [one for one in found if one.game.capsule_url][:SLIDES_MAX]


def _shelves(session: Session, home: Home, recent: tuple[Game, ...]) -> list[ft.Control]:
    words = session.words
    parts: list[ft.Control] = []
    if home.discounted and home.discounted.items:
        parts.append(_row(session, "discounts", home.discounted, "/search?discounted=true&sort=discount"))
    if home.recommended and home.recommended.items:
        parts.append(_for_you(session, home.recommended.items[SLIDES_MAX:]))
    if home.new and home.new.items:
        parts.append(_row(session, "new", home.new, "/search?stage=released&sort=new"))
    if home.popular and home.popular.items:
        parts.append(_row(session, "popular", home.popular, "/search?sort=popularity"))
    if home.coming and home.coming.items:
        parts.append(_row(session, "coming", home.coming, "/search?stage=coming_soon"))
    if recent:
        columns = columns_of(session)
        parts.append(shelf(words("home.recent"), game_grid(session, recent[:columns], columns=columns)))
    return [part for part in parts if part is not None]


def _row(session: Session, name: str, games: Games, all_of_them: str) -> ft.Control:
    columns = columns_of(session)
    shown = games.items[: columns * (_ROWS_PHONE if session.window.kind == "phone" else 1)]
    more = more_link(f"home.{name}.more", session.words("home.more"), lambda: session.go(all_of_them))
    return shelf(session.words(f"home.{name}"), game_grid(session, shown, columns=columns), more=more)


def _for_you(session: Session, found: list[Recommended]) -> ft.Control:
    """Return recommendations, each with its reason under it; one that all of them have is said once."""
    columns = columns_of(session)
    shown = found[: columns * (1 if columns > 2 else 2)]  # noqa: PLR2004
    reasons = {one.reason.text for one in shown}
    if len(reasons) == 1:
        games = game_grid(session, [one.game for one in shown], columns=columns)
        return shelf(session.words("home.for_you"), games, sentence=reasons.pop())
    cells = []
    for one in shown:
        card = game_card(session.words, one.game, partial(session.go, f"/game/{one.game.slug}"))
        reason = texts.caption(one.reason.text, lines=2)
        cells.append(ft.Column([card, reason], spacing=6, tight=True))
    return shelf(session.words("home.for_you"), rows_of(cells, columns, gap=Space.L))


def _skeleton(session: Session) -> list[ft.Control]:
    height = HEIGHT_PHONE if session.window.kind == "phone" else HEIGHT
    columns = columns_of(session)
    return [
        skeleton(height=height, radius=Radius.PANEL),
        skeleton(width=180, height=24),
        grid_skeleton(session, columns=columns, rows=1),
        skeleton(width=180, height=24),
        grid_skeleton(session, columns=columns, rows=1),
    ]
