"""What the player wants: prices as they are now, and whether they fell."""

from functools import partial
from typing import cast

import flet as ft

from samovar.client.api.catalog import Catalog, Wish, Wishes
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.panels import note
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state
from samovar.client.components.store.grid import columns_of, game_grid, grid_skeleton
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.theme.tokens import Space


@ft.component
def Wishlist() -> ft.Control:
    """Show the wishlist."""
    session = use_session()
    watch(session.window)
    words = session.words
    found = use_loaded(Catalog(session.player).wishlist)
    title = texts.page_title(words("wishlist.title"))
    columns = columns_of(session)
    if found.value is None:
        if found.problem and not found.is_loading:
            return screen(session, title, error_state("wishlist.error", found.problem, words, found.again))
        return screen(session, title, grid_skeleton(session, columns=columns))
    if not found.value.items:
        store = button("wishlist.store", words("cart.empty.action"), lambda: session.go("/"), kind="primary")
        nothing = empty_state(
            "wishlist.empty",
            ft.Icons.FAVORITE_BORDER_ROUNDED,
            words("wishlist.empty.title"),
            words("wishlist.empty.detail"),
            action=store,
        )
        return screen(session, title, nothing)
    return screen(session, title, ft.Container(Wished(found.value, columns), key=words.language))


@ft.component
def Wished(first: Wishes, columns: int) -> ft.Control:
    """Show the first page, and those that were asked for after it."""
    session = use_session()
    more, set_more = ft.use_state(cast("tuple[Wish, ...]", ()))
    cursor, set_cursor = ft.use_state(first.next_cursor)
    doing = use_doing()
    words = session.words

    async def load() -> None:
        page = await Catalog(session.player).wishlist(cursor=cursor)
        set_more((*more, *page.items))
        set_cursor(page.next_cursor)

    games = [one.game for one in (*first.items, *more)]
    parts: list[ft.Control] = [game_grid(session, games, columns=columns)]
    if doing.problem:
        parts.append(note("wishlist.more.error", doing.problem.detail, tone="danger"))
    if cursor:
        again = button("wishlist.more", words("search.more"), partial(doing.run, load), busy=doing.is_busy)
        parts.append(ft.Row([again], alignment=ft.MainAxisAlignment.CENTER))
    return ft.Column(parts, spacing=Space.XL, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
