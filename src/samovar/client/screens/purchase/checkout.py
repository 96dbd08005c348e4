"""Paying: what it costs to the kopeck, by which method, with which code; the rule of giving back stands before the button."""

import contextlib
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import NamedTuple

import flet as ft
from flet.components.hooks.use_ref import MutableRef

from samovar.client.api.account.friends import Circle, Friend
from samovar.client.api.calls import new_key
from samovar.client.api.payment import CartItem, Methods, Quote, Shopping
from samovar.client.api.wallet import Purse, Wallet
from samovar.client.components import texts
from samovar.client.components.buttons import button
from samovar.client.components.facts import summed
from samovar.client.components.fields import select, text_field
from samovar.client.components.panels import divider, note, panel, pressable
from samovar.client.components.prices import price_text
from samovar.client.components.shell import screen
from samovar.client.components.states import empty_state, error_state, skeleton_rows
from samovar.client.hooks import use_doing, use_loaded, use_session, watch
from samovar.client.outside import address
from samovar.client.screens.account.forms import use_form
from samovar.client.screens.purchase.cart import refund_rule
from samovar.client.session import Session
from samovar.client.state.names import name_of
from samovar.client.state.problems import sentence_of
from samovar.client.state.purchase.giving import given
from samovar.client.state.purchase.intent import Intent
from samovar.client.state.purchase.paying import Way, chosen_way, ways_of
from samovar.client.theme.tokens import Colours, Space
from samovar.sdk.errors import Refused, SdkError

_SIDE_WIDTH = 340
_WIDTH = 1040
_GIFT_WIDTH = 300
_ICONS = {
    "wallet": ft.Icons.ACCOUNT_BALANCE_WALLET_OUTLINED,
    "sbp": ft.Icons.QR_CODE_ROUNDED,
    "card": ft.Icons.CREDIT_CARD_ROUNDED,
    "free": ft.Icons.CARD_GIFTCARD_ROUNDED,
}


class Offer:
    """What is needed to pay: the quote, the ways, the wallet; and what is bought for whom."""

    def __init__(
        self, quote: Quote, methods: Methods, wallet: Wallet, items: list[CartItem], friends: list[Friend]
    ) -> None:
        self.quote = quote
        self.methods = methods
        self.wallet = wallet
        self.items = items
        self.friends = friends


_CODE_WRONG = "payment.promo_code"
_Gifts = Mapping[str, str | None]
"""Friends by what they get; none is oneself."""


class Choices(NamedTuple):
    """What the player has chosen.

    Attributes:
        code: A promo code.
        gifts: Who gets what.
        method: How it is paid.
    """

    code: str | None = None
    gifts: _Gifts = MappingProxyType({})
    method: str | None = None


Choose = Callable[[Choices], None]


@ft.component
def Checkout() -> ft.Control:
    """Show what is bought, and take the money."""
    session = use_session()
    watch(session.window)
    words = session.words
    payment = Shopping(session.player)
    choices, choose = ft.use_state(Choices())
    is_sent, returns = ft.use_ref(False), watch(session.visit).returns
    known = ft.use_ref(returns)
    # A cart that another tab has changed is read anew, but for an order that may be on its way: it goes on under its own key.
    if not is_sent.current:
        known.current = returns

    async def load() -> Offer | None:
        cart = await payment.cart()
        items = [one for one in cart.items if one.price is not None and not one.refusal]
        if not items:
            return None
        wishes = [given(one.wish(), choices.gifts.get(one.key, one.gift_to)) for one in items]
        # Each loading asks for a quote of its own: prices are promised for minutes, not for ever.
        quote = await payment.quote(wishes, promo_code=choices.code, key=new_key())
        friends: list[Friend] = []
        # Whom one knows is no part of paying: while that is away one buys for oneself.
        with contextlib.suppress(SdkError):
            friends = (await Circle(session.player).friends()).items
        return Offer(quote, await payment.methods(), await Purse(session.player).wallet(), items, friends)

    found = use_loaded(load, [choices.code, choices.gifts, known.current], once=True)
    title = texts.page_title(words("checkout.title"))
    # What was quoted without the code still holds then.
    is_code_wrong = bool(found.problem and found.problem.code.startswith(_CODE_WRONG) and found.value)
    if found.problem and not found.is_loading and not is_code_wrong:
        if choices.gifts:
            refused = note("checkout.gift_refused", sentence_of(found.problem), tone="warning")
            again = button(
                "checkout.gift_drop", words("checkout.gift_drop"), lambda: choose(choices._replace(gifts={}))
            )
            return screen(session, title, refused, ft.Row([again]), width=_WIDTH)
        return screen(session, title, error_state("checkout.error", found.problem, words, found.again))
    if found.is_loading:
        return screen(session, title, skeleton_rows(4, height=72), width=_WIDTH)
    if found.value is None:
        return screen(session, title, _nothing(session))
    return screen(
        session,
        title,
        ft.Container(
            Paying(
                found.value,
                choices,
                choose,
                is_sent,
                sentence_of(found.problem, cause_first=True) if found.problem else "",
            ),
            key=found.value.quote.id,
        ),
        width=_WIDTH,
    )


@ft.component
def Paying(
    offer: Offer, choices: Choices, choose: Choose, is_sent: MutableRef[bool], code_wrong: str
) -> ft.Control:
    """Show the ways to pay and the sum; `is_sent` says whether an order may be on its way."""
    session = use_session()
    watch(session.window)
    words = session.words
    doing = use_doing()
    ways = ways_of(offer.methods, offer.wallet, offer.quote.total)
    intent = ft.use_memo(Intent, [])
    way = chosen_way(ways, choices.method)

    async def pay() -> None:
        if way is None:
            return
        payment = Shopping(session.player)
        back = address(session, "/orders/latest") if way.leads_out else None
        is_sent.current = True
        try:
            order = await intent.send(
                lambda key: payment.order(offer.quote, way.method, return_url=back, use_bonus=False, key=key),
                way.method,
            )
        except Refused:
            is_sent.current = False
            raise
        await _take_out(session, payment, offer)
        session.go(f"/orders/{order.id}")

    left = [
        _lines(session, offer.quote),
        *_recipients(session, offer, choices.gifts, lambda gifts: choose(choices._replace(gifts=gifts))),
        _ways(session, ways, way, lambda method: choose(choices._replace(method=method))),
    ]
    side = panel(
        *_sums(session, offer.quote),
        divider(),
        PromoCode(choices.code, code_wrong, lambda code: choose(choices._replace(code=code))),
        refund_rule(session),
        *([note("checkout.problem", sentence_of(doing.problem), tone="danger")] if doing.problem else []),
        button(
            "checkout.pay",
            words("checkout.pay", sum=price_text(words, offer.quote.total)),
            partial(doing.run, pay),
            kind="primary",
            busy=doing.is_busy,
            disabled=way is None or not way.is_enough,
            wide=True,
        ),
        texts.caption(words("checkout.held", moment=words.moment(offer.quote.expires_at))),
        title=words("checkout.sum"),
    )
    return _beside(session, left, side)


@ft.component
def PromoCode(code: str | None, wrong: str, use: Callable[[str | None], None]) -> ft.Control:
    """Ask for a code; what was wrong with the last one stands at it, and what was bought without it still can be.

    Args:
        code: The last one.
        wrong: Why the platform does not take it; empty where it does.
        use: Quotes with another one.
    """
    words = use_session().words
    form = use_form({"code": code or ""})

    def judge() -> None:
        if wrong:
            form.tell({"code": wrong})

    ft.use_effect(judge, [])

    def apply() -> None:
        typed = form.text("code") or None
        if typed is None and code is None:
            form.tell({"code": words("form.required")})
        elif typed == code:
            judge()
        else:
            use(typed)

    field = text_field("checkout.code", form, "code", words("checkout.code"), length_max=40, on_submit=apply)
    return ft.Column(
        [field, button("checkout.code_apply", words("checkout.code_apply"), apply)],
        spacing=Space.M,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


def _nothing(session: Session) -> ft.Control:
    words = session.words
    return empty_state(
        "checkout.empty",
        ft.Icons.SHOPPING_CART_OUTLINED,
        words("cart.empty.title"),
        words("cart.empty.detail"),
        action=button("checkout.store", words("cart.empty.action"), lambda: session.go("/")),
    )


def _beside(session: Session, left: list[ft.Control], side: ft.Control) -> ft.Control:
    """Return the sum beside the rest, or under it."""
    if session.window.kind == "desktop":
        return ft.Row(
            [
                ft.Container(ft.Column(list(left), spacing=Space.L, tight=True), expand=True),
                ft.Container(side, width=_SIDE_WIDTH),
            ],
            spacing=Space.XL,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    return ft.Column([*left, side], spacing=Space.L, tight=True)


def _recipients(
    session: Session, offer: Offer, gifts: _Gifts, give: Callable[[_Gifts], None]
) -> list[ft.Control]:
    """Return, for each thing, the choice for whom it is: oneself, or a friend."""
    words = session.words
    if not offer.friends:
        return []
    options = [("", words("checkout.for_me"))]
    options += [(one.account_id, one.nickname or one.display_name) for one in offer.friends]
    rows: list[ft.Control] = []
    for item in offer.items:
        name = name_of(item.names, words.language, words("cart.unnamed"))
        chosen = gifts.get(item.key, item.gift_to) or ""

        def choose(who: str, key: str = item.key) -> None:
            give({**gifts, key: who or None})

        label = words("checkout.for_whom", name=name)
        rows.append(select(f"checkout.gift.{item.key}", label, options, chosen, choose, width=_GIFT_WIDTH))
    return [panel(*rows, title=words("checkout.gift"))]


async def _take_out(session: Session, payment: Shopping, offer: Offer) -> None:
    """Take what was ordered out of the cart; what could not be bought stays. The order stands, whether the cart hears of it or not."""
    with contextlib.suppress(SdkError):
        session.basket.see(await payment.remove(*(one.key for one in offer.items)))


def _lines(session: Session, quote: Quote) -> ft.Control:
    words = session.words
    rows: list[ft.Control] = []
    for line in quote.lines:
        name = name_of(line.names, words.language, words("cart.unnamed"))
        suffix = f" · {words('cart.gift')}" if line.gift_to else ""
        rows.append(summed(f"{name}{suffix}", price_text(words, line.final), strong=True))
        if line.discount_percent:
            was = words("checkout.was", price=words.money(line.base))
            rows.append(texts.caption(f"{was} · {words.discount(line.discount_percent)}"))
    return panel(*rows, title=words("checkout.lines"))


def _sums(session: Session, quote: Quote) -> list[ft.Control]:
    words = session.words
    base = sum(int(line.base["amount"]) for line in quote.lines)
    currency = quote.total["currency"]
    saved = base - int(quote.subtotal["amount"])
    rows = [summed(words("checkout.base"), words.money({"amount": base, "currency": currency}))]
    if saved:
        rows.append(
            summed(
                words("checkout.discount"),
                words.money({"amount": -saved, "currency": currency}),
                color=Colours.SUCCESS,
            )
        )
    if quote.promo_discount["amount"]:
        off = {"amount": -int(quote.promo_discount["amount"]), "currency": currency}
        rows.append(
            summed(
                words("checkout.promo", code=quote.promo_code or ""),
                words.money(off),
                color=Colours.SUCCESS,
            )
        )
    rows.append(summed(words("checkout.total"), price_text(words, quote.total), strong=True))
    return rows


def _ways(session: Session, ways: list[Way], chosen: Way | None, pick: Callable[[str], None]) -> ft.Control:
    words = session.words
    rows: list[ft.Control] = []
    for way in ways:
        is_chosen = chosen is not None and way.method == chosen.method
        parts: list[ft.Control] = [
            ft.Icon(
                ft.Icons.RADIO_BUTTON_CHECKED_ROUNDED
                if is_chosen
                else ft.Icons.RADIO_BUTTON_UNCHECKED_ROUNDED,
                size=20,
                color=Colours.ACCENT if is_chosen else Colours.CONTROL_LINE,
            ),
            ft.Icon(_ICONS.get(way.method, ft.Icons.PAYMENTS_OUTLINED), size=22, color=Colours.TEXT2),
            ft.Container(texts.strong(words(f"method.{way.method}"), lines=1), expand=True),
        ]
        if way.balance is not None:
            parts.append(texts.muted(words.money(way.balance)))
        rows.append(
            pressable(
                f"checkout.method.{way.method}",
                ft.Row(parts, spacing=Space.M),
                partial(pick, way.method),
                height=56,
                padding=ft.Padding.symmetric(horizontal=Space.L),
                edge=Colours.ACCENT if is_chosen else Colours.LINE,
                ring=Colours.TEXT,
                selected=is_chosen,
            )
        )
    if chosen is not None and not chosen.is_enough:
        top_up = texts.link("checkout.top_up", words("checkout.top_up"), lambda: session.go("/wallet"))
        rows.append(note("checkout.too_little", words("checkout.too_little"), tone="warning", action=top_up))
    return panel(*rows, title=words("checkout.method"))
