"""What the player wants: prices as they are now, and whether they fell."""

from functools import partial
from typing import cast

import flet as ft

from samovar.client.api.catalog import Catalog, Game, Wish, Wishes
from samovar.client.api.payment import Item, Shopping
from samovar.client.components import texts
from samovar.client.components.buttons import button, icon_button
from samovar.client.components.games import capsule, offer
from samovar.client.components.panels import card, note, pressable
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton_rows
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.session import Session
from samovar.client.theme.tokens import Radius, Space

_WIDTH = 1040
_ART_WIDTH = {"phone": 112, "tablet": 144, "desktop": 160}
_STRETCH = ft.CrossAxisAlignment.STRETCH


@ft.component
def Wishlist() -> ft.Control:
    """Show the wishlist."""
    session = use_session()
    watch(session.window)
    words = session.words
    found = use_loaded(Catalog(session.player).wishlist)
    title = texts.page_title(words("wishlist.title"))
    if found.value is None:
        if found.problem and not found.is_loading:
            return screen(session, title, error_state("wishlist.error", found.problem, words, found.again))
        return screen(session, title, skeleton_rows(4, height=96), width=_WIDTH)
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
    return screen(session, title, ft.Container(Wished(found.value), key=words.language), width=_WIDTH)


@ft.component
def Wished(first: Wishes) -> ft.Control:
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

    rows = [ft.Container(WishRow(one.game), key=one.game.id) for one in (*first.items, *more)]
    parts: list[ft.Control] = [ft.Column([*rows], spacing=Space.M, tight=True, horizontal_alignment=_STRETCH)]
    if doing.problem:
        parts.append(note("wishlist.more.error", doing.problem.detail, tone="danger"))
    if cursor:
        again = button("wishlist.more", words("search.more"), partial(doing.run, load), busy=doing.is_busy)
        parts.append(ft.Row([again], alignment=ft.MainAxisAlignment.CENTER))
    return ft.Column(parts, spacing=Space.XL, tight=True, horizontal_alignment=_STRETCH)


@ft.component
def WishRow(game: Game) -> ft.Control:
    """Show a game that is wanted: its page, what it costs, the way into the cart and off the list."""
    session = use_session()
    window = watch(session.window)
    basket = watch(session.basket)
    words = session.words
    doing = use_doing()
    is_wanted, set_wanted = ft.use_state(True)

    async def want() -> None:
        await Catalog(session.player).wish(game.id, wanted=not is_wanted)
        set_wanted(not is_wanted)

    async def buy() -> None:
        session.basket.see(await Shopping(session.player).add(Item(package_id=game.package_id)))
        session.toast(words("cart.added", name=game.title), "success")

    actions: list[ft.Control] = []
    if is_wanted and game.price is not None and game.package_id and not game.is_owned:
        in_cart = game.package_id in basket.keys
        actions.append(
            button(
                f"wishlist.buy.{game.id}",
                words("game.action.cart" if in_cart else "game.action.buy"),
                partial(session.go, "/cart") if in_cart else partial(doing.run, buy),
                busy=doing.is_busy,
            )
        )
    actions.append(
        icon_button(
            f"wishlist.drop.{game.id}",
            ft.Icons.DELETE_OUTLINE_ROUNDED if is_wanted else ft.Icons.UNDO_ROUNDED,
            words("wishlist.drop" if is_wanted else "wishlist.take_back", name=game.title),
            partial(doing.run, want),
        )
    )
    right = ft.Row(actions, spacing=Space.S, tight=True)
    stacked = window.kind == "phone"
    body: ft.Control = (
        ft.Column(
            [_page(session, game), ft.Row([right], alignment=ft.MainAxisAlignment.END)],
            spacing=0,
            tight=True,
            horizontal_alignment=_STRETCH,
        )
        if stacked
        else ft.Row([ft.Container(_page(session, game), expand=True), right], spacing=Space.M)
    )
    parts = [body]
    if not is_wanted:
        parts.append(texts.caption(words("wishlist.removed")))
    if doing.problem:
        parts.append(note(f"wishlist.{game.id}.problem", doing.problem.detail, tone="danger"))
    return card(
        ft.Column(parts, spacing=Space.XS, tight=True, horizontal_alignment=_STRETCH), padding=Space.S
    )


def _page(session: Session, game: Game) -> ft.Control:
    art = ft.Container(
        capsule(game.capsule_url, game.title),
        width=_ART_WIDTH[session.window.kind],
        border_radius=Radius.BADGE,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
    about = ft.Column(
        [
            texts.strong(game.title, lines=1),
            texts.caption(", ".join(tag.name for tag in game.tags[:3]) or " ", lines=1),
            offer(session.words, game),
        ],
        spacing=2,
        tight=True,
        expand=True,
    )
    return pressable(
        f"game.{game.slug}",
        ft.Row([art, about], spacing=Space.M),
        partial(session.go, f"/game/{game.slug}"),
        padding=Space.S,
    )
