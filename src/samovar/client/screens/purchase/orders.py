"""The player's orders, the latest first."""

from functools import partial
from typing import cast

import flet as ft

from samovar.client.api.payment import ListedOrder, OrderBook, Orders
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.panels import badge, note, pressable
from samovar.client.components.prices import price_text
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, loading, skeleton_rows
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.screens.purchase.order import OrderOf
from samovar.client.session import Session
from samovar.client.state.names import name_of
from samovar.client.state.purchase.orders import tone_of
from samovar.client.theme.tokens import Space

_WIDTH = 860
_NAMES_MAX = 3


@ft.component
def OrderList() -> ft.Control:
    """Show the orders."""
    session = use_session()
    watch(session.window)
    words = session.words
    found = use_loaded(OrderBook(session.player).orders)
    title = texts.page_title(words("orders.title"))
    if found.value is None:
        if found.problem:
            return screen(session, title, error_state("orders.error", found.problem, words, found.again))
        return screen(session, title, skeleton_rows(5, height=72), width=_WIDTH)
    if not found.value.items:
        store = button("orders.store", words("cart.empty.action"), lambda: session.go("/"), kind="primary")
        nothing = empty_state(
            "orders.empty",
            ft.Icons.RECEIPT_LONG_OUTLINED,
            words("orders.empty.title"),
            words("orders.empty.detail"),
            action=store,
        )
        return screen(session, title, nothing)
    return screen(session, title, _Rows(found.value), width=_WIDTH)


@ft.component
def _Rows(first: Orders) -> ft.Control:
    session = use_session()
    more, set_more = ft.use_state(cast("tuple[ListedOrder, ...]", ()))
    cursor, set_cursor = ft.use_state(first.next_cursor)
    doing = use_doing()

    async def load() -> None:
        page = await OrderBook(session.player).orders(cursor=cursor)
        set_more((*more, *page.items))
        set_cursor(page.next_cursor)

    rows: list[ft.Control] = [_row(session, one) for one in (*first.items, *more)]
    if doing.problem:
        rows.append(note("orders.more.error", doing.problem.detail, tone="danger"))
    if cursor:
        again = button(
            "orders.more", session.words("search.more"), partial(doing.run, load), busy=doing.is_busy
        )
        rows.append(ft.Row([again], alignment=ft.MainAxisAlignment.CENTER))
    return ft.Column(rows, spacing=Space.S, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _row(session: Session, order: ListedOrder) -> ft.Control:
    words = session.words
    names = [name_of(one.names, words.language, words("cart.unnamed")) for one in order.lines]
    shown = ", ".join(names[:_NAMES_MAX])
    if len(names) > _NAMES_MAX:
        shown = words("orders.and_more", names=shown, count=len(names) - _NAMES_MAX)
    left = ft.Column(
        [
            texts.strong(shown, lines=1),
            texts.caption(words.moment(order.created_at), lines=1),
        ],
        spacing=2,
        tight=True,
        expand=True,
    )
    right = ft.Column(
        [
            texts.strong(price_text(words, order.total)),
            badge(words(f"order.status.{order.status}"), tone=tone_of(order.status)),
        ],
        spacing=4,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.END,
    )
    content = ft.Row([left, right], spacing=Space.M)
    return pressable(
        f"orders.{order.id}",
        content,
        partial(session.go, f"/orders/{order.id}"),
        padding=Space.L,
    )


@ft.component
def LatestOrder() -> ft.Control:
    """Show the latest order: a payment provider sends the player back here. Leading on would be a trap for the browser's Back."""
    session = use_session()
    words = session.words
    found = use_loaded(OrderBook(session.player).orders, once=True)
    if found.value is not None:
        items = found.value.items
        return OrderOf(items[0].id) if items else OrderList()
    if found.problem and not found.is_loading:
        return screen(session, error_state("orders.error", found.problem, words, found.again))
    return loading(words("state.loading"))
