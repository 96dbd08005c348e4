"""The cart: what lies in it with present prices, why something cannot be bought, and the way to paying."""

from functools import partial

import flet as ft

from samovar.client.api.payment import Cart, CartItem, Shopping
from samovar.client.components import texts
from samovar.client.components.buttons import OnClick, button, icon_button
from samovar.client.components.facts import summed
from samovar.client.components.panels import badge, card, note, panel
from samovar.client.components.prices import price_text, sale_badge
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton_rows
from samovar.client.hooks import Doing, use_doing, use_loaded, use_session, watch
from samovar.client.session import Session
from samovar.client.state.names import name_of
from samovar.client.theme.tokens import Colours, Grid, Space

_SIDE_WIDTH = 340
_WIDTH = 1040


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
    rows: list[ft.Control] = [
        _item(session, one, doing, partial(doing.run, partial(remove, one.key))) for one in found.value.items
    ]
    if doing.problem:
        rows.insert(0, note("cart.problem", doing.problem.detail, tone="danger"))
    if not found.value.is_priced:
        rows.insert(0, note("cart.unpriced", words("cart.unpriced"), tone="warning"))
    lines = ft.Column(rows, spacing=Space.M, tight=True)
    side = _total(session, found.value)
    if session.window.kind == "desktop":
        body: ft.Control = ft.Row(
            [ft.Container(lines, expand=True), ft.Container(side, width=_SIDE_WIDTH)],
            spacing=Space.XL,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        return screen(session, title, body, width=_WIDTH)
    return screen(session, title, lines, side, width=Grid.READING)


def _item(session: Session, item: CartItem, doing: Doing, remove: OnClick) -> ft.Control:
    words = session.words
    name = name_of(item.names, words.language, words("cart.unnamed"))
    left: list[ft.Control] = [texts.strong(name, lines=2)]
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
    elif len(item.lines) > 1:
        names = [name_of(one.names, words.language) for one in item.lines]
        left.append(texts.caption(", ".join(names), lines=2))
    right: list[ft.Control] = []
    if item.price is not None:
        percent = item.lines[0].discount_percent if len(item.lines) == 1 else 0
        if percent:
            right.append(sale_badge(words.discount(percent)))
        right.append(texts.lead(price_text(words, item.price), weight=ft.FontWeight.W_600))
    right.append(
        icon_button(
            f"cart.remove.{item.key}",
            ft.Icons.DELETE_OUTLINE_ROUNDED,
            words("cart.remove", name=name),
            remove,
            disabled=doing.is_busy,
        )
    )
    row = ft.Row(
        [
            ft.Container(ft.Column(left, spacing=Space.XS, tight=True), expand=True),
            ft.Row(right, spacing=Space.S, tight=True),
        ],
        spacing=Space.M,
    )
    return card(row)


def _total(session: Session, cart: Cart) -> ft.Control:
    words = session.words
    buyable = [one for one in cart.items if one.price is not None and not one.refusal]
    count = words("cart.count", count=len(buyable))
    sum_ = price_text(words, cart.total) if cart.total else words("price.none")
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
