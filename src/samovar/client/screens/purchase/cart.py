"""The cart: what lies in it with present prices, why something cannot be bought, and the way to paying."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import flet as ft

from samovar.client.api.catalog import Catalog, Game, Money, Price
from samovar.client.api.payment import Cart, CartItem, Shopping
from samovar.client.components import texts
from samovar.client.components.buttons import OnClick, button, icon_button
from samovar.client.components.facts import summed
from samovar.client.components.games import capsule
from samovar.client.components.panels import badge, card, note, panel
from samovar.client.components.prices import price_tag, price_text
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton_rows
from samovar.client.hooks import Doing, use_doing, use_loaded, use_session, watch
from samovar.client.session import Session
from samovar.client.state.names import name_of
from samovar.client.theme.tokens import Colours, Grid, Radius, Space

_SIDE_WIDTH = 340
_WIDTH = 1040
_ART_WIDTH = {"phone": 88, "tablet": 120, "desktop": 144}


@ft.component
def CartScreen() -> ft.Control:
    """Show the cart."""
    session = use_session()
    watch(session.window)
    words = session.words
    payment = Shopping(session.player)
    changed, set_changed = ft.use_state(0)
    found = use_loaded(payment.cart, [changed])
    doing = use_doing()

    def seen() -> None:
        if found.value is not None:
            session.basket.see(found.value)

    ft.use_effect(seen, [found.value])

    async def remove(key: str) -> None:
        session.basket.see(await payment.remove(key))
        set_changed(changed + 1)

    title = texts.page_title(words("cart.title"))
    if found.value is None:
        if found.problem:
            return screen(session, title, error_state("cart.error", found.problem, words, found.again))
        return screen(session, title, skeleton_rows(3, height=96), width=_WIDTH)
    if not found.value.items:
        search = button("cart.search", words("cart.empty.action"), lambda: session.go("/"), kind="primary")
        nothing = empty_state(
            "cart.empty",
            ft.Icons.SHOPPING_CART_OUTLINED,
            words("cart.empty.title"),
            words("cart.empty.detail"),
            action=search,
        )
        return screen(session, title, nothing)
    lines = Lines(found.value, doing, remove)
    side = _total(session, found.value)
    if session.window.kind == "desktop":
        body: ft.Control = ft.Row(
            [ft.Container(lines, expand=True), ft.Container(side, width=_SIDE_WIDTH)],
            spacing=Space.XL,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        return screen(session, title, body, width=_WIDTH)
    return screen(session, title, lines, side, width=Grid.READING)


@ft.component
def Lines(cart: Cart, doing: Doing, remove: Callable[[str], Awaitable[None]]) -> ft.Control:
    """Show what lies in it, with pictures and ways to the pages as far as the store answers."""
    session = use_session()
    words = session.words
    apps = sorted({one.first_app for one in cart.items if one.first_app})

    async def look() -> dict[str, Game]:
        return await Catalog(session.player).games(apps)

    games = use_loaded(look, [tuple(apps)]).value or {}
    rows: list[ft.Control] = [
        _item(session, one, games, doing, partial(doing.run, partial(remove, one.key))) for one in cart.items
    ]
    if doing.problem:
        rows.insert(0, note("cart.problem", doing.problem.detail, tone="danger"))
    if not cart.is_priced:
        rows.insert(0, note("cart.unpriced", words("cart.unpriced"), tone="warning"))
    return ft.Column(rows, spacing=Space.M, tight=True)


def _item(
    session: Session, item: CartItem, games: Mapping[str, Game], doing: Doing, remove: OnClick
) -> ft.Control:
    words = session.words
    name = name_of(item.names, words.language, words("cart.unnamed"))
    game = games.get(item.first_app or "")
    left: list[ft.Control] = [_named(session, item, name, game)]
    if item.gift_to:
        left.append(ft.Row([badge(words("cart.gift"))]))
    if item.refusal:
        key = f"cart.refusal.{item.refusal}"
        sentence = words(key) if words.has(key) else words("cart.refusal.other")
        left.append(
            ft.Row(
                [
                    ft.Icon(ft.Icons.ERROR_OUTLINE_ROUNDED, size=16, color=Colours.WARNING),
                    ft.Container(texts.body(sentence, color=Colours.WARNING), expand=True),
                ],
                spacing=Space.S,
            )
        )
        if item.refusal == "in_purchase":
            orders = texts.link(
                f"cart.orders.{item.key}", words("orders.title"), partial(session.go, "/orders")
            )
            left.append(ft.Row([orders]))
    elif len(item.lines) > 1:
        names = [name_of(one.names, words.language) for one in item.lines]
        left.append(texts.caption(", ".join(names), lines=2))
    if item.price is not None and session.window.kind == "phone":
        left.append(_price(session, item, item.price))
    right: list[ft.Control] = []
    if item.price is not None and session.window.kind != "phone":
        right.append(_price(session, item, item.price))
    right.append(
        icon_button(
            f"cart.remove.{item.key}",
            ft.Icons.DELETE_OUTLINE_ROUNDED,
            words("cart.remove", name=name),
            remove,
            disabled=doing.is_busy,
        )
    )
    art = ft.Container(
        capsule(game.capsule_url if game else None, name),
        width=_ART_WIDTH[session.window.kind],
        border_radius=Radius.BADGE,
        clip_behavior=ft.ClipBehavior.ANTI_ALIAS,
    )
    row = ft.Row(
        [
            art,
            ft.Container(ft.Column(left, spacing=Space.XS, tight=True), expand=True),
            ft.Row(right, spacing=Space.S, tight=True),
        ],
        spacing=Space.L if session.window.kind == "desktop" else Space.M,
    )
    return card(row, padding=Space.M)


def _named(session: Session, item: CartItem, name: str, game: Game | None) -> ft.Control:
    """Return what an item is called; its page may be looked at once more before it is paid."""
    if game is None or item.bundle_id:
        return texts.strong(name, lines=2)
    return ft.Row(
        [texts.link(f"cart.item.{item.key}", name, lambda: session.go(f"/game/{game.slug}"))], wrap=True
    )


def _price(session: Session, item: CartItem, price: Money) -> ft.Control:
    large = session.window.kind != "phone"
    only = item.lines[0] if len(item.lines) == 1 else None
    if only is not None and price == only.final:
        return price_tag(Price(only.base, price, only.discount_percent), session.words, large=large)
    return texts.lead(price_text(session.words, price), weight=ft.FontWeight.W_600)


def _total(session: Session, cart: Cart) -> ft.Control:
    words = session.words
    buyable = [one for one in cart.items if one.price is not None and not one.refusal]
    count = words("cart.count", count=len(buyable))
    sum_ = price_text(words, cart.total) if cart.total else "—"
    return panel(
        summed(count, sum_, strong=True),
        texts.caption(words("cart.promise")),
        button(
            "cart.checkout",
            words("cart.checkout"),
            lambda: session.go("/checkout"),
            kind="primary",
            wide=True,
            disabled=not buyable or not cart.is_priced,
        ),
        button("cart.on", words("cart.on"), lambda: session.go("/"), kind="quiet", wide=True),
        refund_rule(session),
    )


def refund_rule(session: Session) -> ft.Control:
    """Return the rule of giving back, said before the money is paid."""
    return ft.Row(
        [
            ft.Icon(ft.Icons.UNDO_ROUNDED, size=18, color=Colours.SUCCESS),
            ft.Container(texts.caption(session.words("refund.rule")), expand=True),
        ],
        spacing=Space.S,
        vertical_alignment=ft.CrossAxisAlignment.START,
    )
