"""An order that explains itself: what was bought, how each price came about, from where it is paid and where the money went."""

import asyncio
from collections.abc import Callable
from functools import partial

import flet as ft

from samovar.client.api.calls import new_key
from samovar.client.api.payment import OrderBook, OrderLine, OrderPage, Receipt, Shopping
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.facts import summed
from samovar.client.components.panels import badge, divider, note, panel
from samovar.client.components.prices import price_text
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton, skeleton_rows
from samovar.client.components.store.paying import confirming
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.outside import open_beside
from samovar.client.screens.purchase.refund import RefundDialog
from samovar.client.session import Session
from samovar.client.state.names import name_of
from samovar.client.state.purchase.orders import (
    can_cancel,
    can_give_back,
    has_failed,
    is_moving,
    is_paid,
    tone_of,
)
from samovar.client.theme.tokens import Colours, Radius, Space

_WIDTH = 1040
_SIDE_WIDTH = 360
_LOOK_AGAIN_S = 1.5
# After ten minutes of waiting the page stops asking; a reload goes on.
_LOOKS_MAX = 400
# An address that no order can have is refused at the edge.
_NOT_FOUND = frozenset({"payment.order_not_found", "request.not_found"})


@ft.component
def Order() -> ft.Control:
    """Show the order of the address."""
    return OrderOf(ft.use_route_params().get("id", ""))


@ft.component
def OrderOf(order_id: str) -> ft.Control:
    """Show an order; it follows by itself what becomes of it."""
    session = use_session()
    watch(session.window)
    words = session.words
    looks, set_looks = ft.use_state(0)
    found = use_loaded(lambda: OrderBook(session.player).order_page(order_id), [order_id, looks])
    moving = found.value is not None and is_moving(
        found.value.status,
        [one.status for one in found.value.refunds],
        [one.state for one in found.value.receipts],
    )

    async def follow() -> None:
        if moving and looks < _LOOKS_MAX:
            await asyncio.sleep(_LOOK_AGAIN_S)
            set_looks(looks + 1)

    ft.use_effect(follow, [looks, moving])
    if found.value is None:
        if found.problem and not found.is_loading:
            if found.problem.code in _NOT_FOUND:
                return screen(session, _nothing(session))
            return screen(session, error_state("order.error", found.problem, words, found.again))
        return screen(session, skeleton(width=240, height=28), skeleton_rows(4, height=72), width=_WIDTH)
    order = found.value
    left = [_lines(session, order), _timeline(session, order)]
    if order.trail:
        left.append(_Trail(order))
    right: list[ft.Control] = [Actions(order, found.again)]
    if is_paid(order.status):
        right += [_funding(session, order), _money(session, order)]
    if order.receipts:
        right.append(_receipts(session, order.receipts))
    head = ft.Row(
        [
            texts.page_title(words("order.title")),
            ft.Semantics(
                key="order.status",
                identifier=f"order.status.{order.status}",
                live_region=True,
                content=badge(words(f"order.status.{order.status}"), tone=tone_of(order.status)),
            ),
        ],
        spacing=Space.M,
        wrap=True,
    )
    caption = texts.caption(words("order.made", moment=words.moment(order.created_at), number=order.id[-8:]))
    top = ft.Column([head, caption], spacing=Space.XS, tight=True)
    if session.window.kind == "desktop":
        body: ft.Control = ft.Row(
            [
                ft.Container(ft.Column(left, spacing=Space.L, tight=True), expand=True),
                ft.Container(ft.Column(right, spacing=Space.L, tight=True), width=_SIDE_WIDTH),
            ],
            spacing=Space.XL,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        return screen(session, top, body, width=_WIDTH)
    return screen(session, top, right[0], left[0], *right[1:], *left[1:], width=_WIDTH)


@ft.component
def Actions(order: OrderPage, again: Callable[[], None]) -> ft.Control:
    """Show what can be done: pay, look into the library, cancel, give back."""
    session = use_session()
    words = session.words
    doing = use_doing()
    is_open, set_open = ft.use_state(False)
    key = ft.use_memo(new_key, [])

    async def cancel() -> None:
        await OrderBook(session.player).cancel(order.id, key=key)
        again()

    async def order_again() -> None:
        shopping = Shopping(session.player)
        for item in {(one.item.package_id, one.item.bundle_id): one.item for one in order.lines}.values():
            session.basket.see(await shopping.add(item))
        session.go("/cart")

    parts: list[ft.Control] = [texts.body(_about(session, order), color=Colours.TEXT2)]
    if can_cancel(order.status):
        pay = words("order.pay", sum=words.money(order.total))
        parts += confirming(session, "order.pay", order.confirmation, pay)
    if has_failed(order.status):
        parts.append(
            button(
                "order.again",
                words("order.again"),
                partial(doing.run, order_again),
                kind="primary",
                busy=doing.is_busy,
                wide=True,
            )
        )
    if can_give_back(order.status):
        parts += _after_payment(session, order, partial(set_open, True))
    if can_cancel(order.status):
        parts.append(
            button(
                "order.cancel",
                words("order.cancel"),
                partial(doing.run, cancel),
                kind="quiet",
                busy=doing.is_busy,
                wide=True,
            )
        )
    if doing.problem:
        parts.append(note("order.problem", doing.problem.detail, tone="danger"))
    if is_open:
        parts.append(RefundDialog(order, partial(_closed, set_open, again)))
    parts += [
        note(
            f"order.refund.{one.id}",
            words(f"refund.status.{one.status}", sum=words.money(one.amount)),
            tone="success" if one.status == "settled" else "info",
        )
        for one in order.refunds
    ]
    return panel(*parts, title=words("order.actions"))


def _about(session: Session, order: OrderPage) -> str:
    """Say how the order stands, and what comes next."""
    key = f"order.about.{order.status}"
    of_gift = f"{key}.gift"
    return session.words(of_gift if order.is_gift and session.words.has(of_gift) else key)


def _after_payment(session: Session, order: OrderPage, ask: Callable[[], None]) -> list[ft.Control]:
    """Return what can be done with an order that is paid."""
    words = session.words
    name, to, icon = (
        ("gifts", "/gifts", ft.Icons.CARD_GIFTCARD_ROUNDED)
        if order.is_gift
        else ("library", "/library", ft.Icons.VIDEO_LIBRARY_OUTLINED)
    )
    there = button(
        f"order.{name}", words(f"order.{name}"), partial(session.go, to), kind="primary", icon=icon, wide=True
    )
    if not order.total["amount"]:
        return [there]
    return [there, button("order.refund", words("order.refund"), ask, wide=True)]


def _closed(set_open: Callable[[bool], None], again: Callable[[], None]) -> None:
    """Close the dialog, and look what became of the order."""
    set_open(False)
    again()


def _nothing(session: Session) -> ft.Control:
    words = session.words
    return empty_state(
        "order.nothing",
        ft.Icons.RECEIPT_LONG_OUTLINED,
        words("orders.missing.title"),
        words("orders.missing.detail"),
        action=button("order.orders", words("orders.title"), partial(session.go, "/orders")),
    )


def _lines(session: Session, order: OrderPage) -> ft.Control:
    rows: list[ft.Control] = []
    for index, line in enumerate(order.lines):
        if index:
            rows.append(divider())
        rows.append(_line(session, line))
    rows.append(divider())
    rows.append(summed(session.words("order.total"), price_text(session.words, order.total), strong=True))
    return panel(*rows, title=session.words("order.lines"))


def _line(session: Session, line: OrderLine) -> ft.Control:
    words = session.words
    name = name_of(line.names, words.language, words("cart.unnamed"))
    parts: list[ft.Control] = [summed(name, price_text(words, line.final), strong=True)]
    if len(line.steps) > 1:
        parts += [texts.caption(step.text) for step in line.steps]
    marks: list[ft.Control] = []
    if line.is_gift:
        marks.append(badge(words("cart.gift")))
    if line.refunded["amount"]:
        marks.append(badge(words("order.line.refunded", sum=words.money(line.refunded)), tone="info"))
    elif line.refund_pending["amount"]:
        marks.append(badge(words("order.line.refunding"), tone="warning"))
    elif line.licensed_at is not None:
        is_there = "order.line.given" if line.is_gift else "order.line.licensed"
        marks.append(badge(words(is_there), tone="success"))
    if marks:
        parts.append(ft.Row(marks, spacing=Space.S, wrap=True))
    return ft.Column(parts, spacing=Space.S, tight=True)


def _funding(session: Session, order: OrderPage) -> ft.Control:
    words = session.words
    rows = [
        summed(
            words(f"method.{fund.method}") if fund.method else words(f"order.source.{fund.source}"),
            words.money(fund.amount),
        )
        for fund in order.funding
    ]
    if not rows:
        rows = [texts.muted(words("order.free"))]
    return panel(*rows, title=words("order.funding"))


def _money(session: Session, order: OrderPage) -> ft.Control:
    """Return where the money went, to the kopeck: a bar in proportion, and each part in a sentence."""
    words = session.words
    shades = (Colours.ACCENT, Colours.LINK, Colours.SUCCESS, Colours.TEXT3, Colours.WARNING, Colours.DANGER)
    parts = [one for one in order.money.parts if one.amount["amount"]]
    if not parts:
        return panel(texts.muted(words("order.free")), title=words("order.money"))
    bar = ft.Row(
        [
            ft.Container(
                expand=max(1, abs(int(one.amount["amount"]))), height=8, bgcolor=shades[index % len(shades)]
            )
            for index, one in enumerate(parts)
        ],
        spacing=2,
    )
    rows: list[ft.Control] = [
        ft.Container(bar, border_radius=Radius.BADGE, clip_behavior=ft.ClipBehavior.ANTI_ALIAS)
    ]
    for index, one in enumerate(parts):
        dot = ft.Container(width=10, height=10, border_radius=5, bgcolor=shades[index % len(shades)])
        rows.append(
            ft.Row(
                [
                    ft.Container(dot, padding=ft.Padding.only(top=5)),
                    ft.Container(texts.body(one.text, color=Colours.TEXT2), expand=True),
                    texts.body(words.money(one.amount)),
                ],
                spacing=Space.S,
                vertical_alignment=ft.CrossAxisAlignment.START,
            )
        )
    return panel(*rows, title=words("order.money"))


def _timeline(session: Session, order: OrderPage) -> ft.Control:
    words = session.words
    rows = [
        ft.Row(
            [
                ft.Container(
                    ft.Container(width=8, height=8, border_radius=4, bgcolor=Colours.ACCENT),
                    padding=ft.Padding.only(top=6),
                ),
                ft.Column(
                    [texts.body(one.text), texts.caption(words.moment(one.at))],
                    spacing=0,
                    tight=True,
                    expand=True,
                ),
            ],
            spacing=Space.M,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        for one in order.timeline
    ]
    return panel(*rows, title=words("order.timeline"))


@ft.component
def _Trail(order: OrderPage) -> ft.Control:
    """Show the transfers of the ledger to those who want to know."""
    words = use_session().words
    is_open, set_open = ft.use_state(False)
    label = words("order.trail.hide" if is_open else "order.trail.show")
    parts: list[ft.Control] = [
        ft.Row([texts.link("order.trail", label, lambda: set_open(not is_open))]),
    ]
    if is_open:
        parts += [texts.caption(f"{words.moment(one.at)} · {one.text}") for one in order.trail]
    return panel(*parts)


def _receipts(session: Session, receipts: list[Receipt]) -> ft.Control:
    words = session.words
    rows: list[ft.Control] = []
    for index, one in enumerate(receipts):
        about = [words(f"receipt.state.{one.state}")]
        if one.number is not None:
            about.append(words("receipt.number", number=str(one.number)))
        rows.append(
            ft.Column(
                [
                    summed(words(f"receipt.kind.{one.kind}"), words.money(one.total)),
                    texts.caption(" · ".join(about)),
                ],
                spacing=0,
                tight=True,
            )
        )
        if one.link:
            open_ = texts.link(
                f"order.receipt.{index}",
                words("receipt.open"),
                partial(open_beside, one.link),
                size=13,
            )
            rows.append(ft.Row([open_]))
    return panel(*rows, title=words("order.receipts"))
