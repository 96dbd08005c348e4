"""What can be done with a game on its page: one main button that follows from what is known, editions, the wishlist."""

import flet as ft

from samovar.client.api.calls import new_key
from samovar.client.api.catalog import Catalog
from samovar.client.api.game_pages import GamePage, Package
from samovar.client.api.payment import Item, Shopping
from samovar.client.components import texts
from samovar.client.components.buttons import Kind, button
from samovar.client.components.computer.action import LocalAction
from samovar.client.components.panels import card, note
from samovar.client.components.prices import price_tag
from samovar.client.hooks import use_doing, use_session, watch
from samovar.client.screens.game.giving import Giving
from samovar.client.session import sign_in_for
from samovar.client.state.store.action import Act, action_of, more_of, package_action
from samovar.client.theme.tokens import Colours, Space

_ICONS: dict[Act, ft.IconData | None] = {
    "play": ft.Icons.CHECK_ROUNDED,
    "take": ft.Icons.ADD_ROUNDED,
    "buy": ft.Icons.SHOPPING_CART_OUTLINED,
    "cart": ft.Icons.SHOPPING_CART_CHECKOUT_ROUNDED,
    "preorder": ft.Icons.EVENT_AVAILABLE_ROUNDED,
    "wish": None,
    "none": None,
}


@ft.component
def Buying(game: GamePage) -> ft.Control:
    """Show what can be done."""
    session = use_session()
    basket = watch(session.basket)
    words = session.words
    doing = use_doing()
    is_wished, set_wished = ft.use_state(game.is_wishlisted)
    action = action_of(game, in_cart=basket.keys)

    async def wish() -> None:
        if not session.account.is_player:
            session.go(sign_in_for(f"/game/{game.slug}"))
            return
        await Catalog(session.player).wish(game.id, wanted=not is_wished)
        set_wished(not is_wished)
        session.toast(words("wishlist.removed" if is_wished else "wishlist.added"), "success")

    parts: list[ft.Control] = []
    standard = action.package
    if action.act == "play":
        parts.append(_Owned(game))
        parts += [_Offer(game, one, is_main=False) for one in more_of(game)]
    elif standard is not None:
        parts.append(_Offer(game, standard, is_main=True))
    else:
        key = "game.not_out" if action.act == "wish" else "game.not_sold"
        parts.append(card(texts.muted(words(key))))
    others = [one for one in game.packages if standard is not None and one.id != standard.id]
    parts += [_Offer(game, one, is_main=False) for one in others]
    if action.act != "play":
        parts.append(
            button(
                "game.wish",
                words("wishlist.remove" if is_wished else "wishlist.add"),
                lambda: doing.run(wish),
                icon=ft.Icons.FAVORITE_ROUNDED if is_wished else ft.Icons.FAVORITE_BORDER_ROUNDED,
                busy=doing.is_busy,
                wide=True,
                kind="primary" if action.act == "wish" else "secondary",
            )
        )
    parts.append(Giving(game))
    if doing.problem:
        parts.append(note("game.problem", doing.problem.detail, tone="danger"))
    return ft.Column(parts, spacing=Space.M, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@ft.component
def _Owned(game: GamePage) -> ft.Control:
    session = use_session()
    words = session.words
    line = ft.Row(
        [
            ft.Icon(ft.Icons.CHECK_CIRCLE_ROUNDED, size=20, color=Colours.SUCCESS),
            texts.body(words("game.owned"), color=Colours.SUCCESS),
        ],
        spacing=Space.S,
    )
    open_ = button(
        "game.library",
        words("game.to_library"),
        lambda: session.go(f"/library/{game.id}"),
        kind="secondary" if session.computer else "primary",
        icon=ft.Icons.VIDEO_LIBRARY_OUTLINED,
        wide=True,
    )
    here = [LocalAction(game.id, game.title, game.slug)] if session.computer else []
    return card(ft.Column([line, *here, open_], spacing=Space.M, tight=True))


@ft.component
def _Offer(game: GamePage, package: Package, *, is_main: bool) -> ft.Control:
    """Show a package: what is in it, what it costs, and the button."""
    session = use_session()
    basket = watch(session.basket)
    words = session.words
    doing = use_doing()
    key = ft.use_memo(new_key, [])
    act = package_action(game, package, in_cart=basket.keys).act

    async def press() -> None:
        payment = Shopping(session.player)
        if act == "cart":
            session.go("/cart")
        elif not session.account.is_player:
            session.go(sign_in_for(f"/game/{game.slug}"))
        elif act == "take":
            item = Item(package_id=package.id)
            quote = await payment.quote([item], promo_code=None, key=f"{key}-quote")
            order = await payment.order(quote, "free", return_url=None, use_bonus=False, key=f"{key}-order")
            session.go(f"/orders/{order.id}")
        else:
            session.basket.see(await payment.add(Item(package_id=package.id)))
            session.toast(words("cart.added", name=package.name), "success")

    parts: list[ft.Control] = [texts.strong(package.name)]
    if len(package.contents) > 1:
        parts.append(texts.caption(", ".join(one.title for one in package.contents), lines=3))
    if game.is_owned:
        parts.append(texts.caption(words("game.owned_in_part")))
    if package.price is not None and package.price.ends_at is not None and package.price.discount_percent:
        parts.append(texts.caption(words("game.price.until", moment=words.moment(package.price.ends_at))))
    parts.append(price_tag(package.price, words, large=is_main))
    if act not in {"none", "wish"}:
        kind: Kind = "primary" if is_main else "secondary"
        parts.append(
            button(
                "game.buy" if is_main else f"game.buy.{package.id}",
                words(f"game.action.{act}"),
                lambda: doing.run(press),
                kind=kind,
                icon=_ICONS[act],
                busy=doing.is_busy,
                wide=True,
            )
        )
    if doing.problem:
        parts.append(note("game.buy.problem", doing.problem.detail, tone="danger"))
    return card(ft.Column(parts, spacing=Space.S, tight=True))
