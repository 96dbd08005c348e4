"""What the player wants: prices as they are now, and whether they fell."""

import flet as ft

from samovar.client.api.catalog import Catalog
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state
from samovar.client.components.store.grid import columns_of, game_grid, grid_skeleton
from samovar.client.hooks import use_loaded, use_session, watch


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
    return screen(
        session, title, game_grid(session, [one.game for one in found.value.items], columns=columns)
    )
