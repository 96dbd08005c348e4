"""Prices: the discount, the old price struck out, the new price, always in this order."""

import flet as ft

from samovar.client.api.catalog import Money, Price
from samovar.client.state.words import Words
from samovar.client.theme.tokens import Colours, Radius, Sizes

HEIGHT = 28


def price_text(words: Words, sum_: Money) -> str:
    """Return what something costs: a sum, or that it is free."""
    return words.money(sum_) if sum_["amount"] else words("price.free")


def price_tag(price: Price | None, words: Words, *, large: bool = False, shrinks: bool = False) -> ft.Control:
    """Return a price; its row is of one height with and without a discount, so that cards stay in line.

    Args:
        price: Of what is sold; none where it is not.
        words: Of the session.
        large: As the price of a page.
        shrinks: Where there is little room the old price gives way; only within a width that is given.
    """
    size = Sizes.SECTION if large else Sizes.BODY
    if price is None:
        return _row([_text(words("price.none"), size, Colours.TEXT3)], words("price.none"))
    final = words("price.free") if price.final["amount"] == 0 else words.money(price.final)
    if not price.discount_percent:
        # Most games have no discount, and a list has many games: a line of that height, not a row.
        return _text(final, size, Colours.TEXT, ft.FontWeight.W_600, height=HEIGHT)
    old = words.money(price.base)
    struck = ft.Text(
        old,
        no_wrap=True,
        overflow=ft.TextOverflow.ELLIPSIS if shrinks else ft.TextOverflow.CLIP,
        expand=shrinks,
        expand_loose=shrinks,
        style=ft.TextStyle(
            size=Sizes.CAPTION,
            color=Colours.TEXT3,
            decoration=ft.TextDecoration.LINE_THROUGH,
            decoration_color=Colours.TEXT3,
        ),
    )
    read = words("price.read", discount=words.discount(price.discount_percent), old=old, final=final)
    now = _text(final, size, Colours.TEXT, ft.FontWeight.W_600)
    return _row([sale_badge(words.discount(price.discount_percent)), struck, now], read)


def sale_badge(text: str) -> ft.Control:
    """Return the mark of a discount: `−35 %`."""
    return ft.Container(
        _text(text, 13, Colours.SALE, ft.FontWeight.W_700),
        bgcolor=Colours.SALE_BACK,
        border_radius=Radius.BADGE,
        padding=ft.Padding.symmetric(horizontal=6, vertical=2),
    )


def _text(
    text: str, size: int, color: str, weight: ft.FontWeight | None = None, *, height: int | None = None
) -> ft.Text:
    line = height / size if height else None
    return ft.Text(text, style=ft.TextStyle(size=size, color=color, weight=weight, height=line), no_wrap=True)


def _row(parts: list[ft.Control], read: str) -> ft.Control:
    row = ft.Row(parts, spacing=6, vertical_alignment=ft.CrossAxisAlignment.CENTER, height=HEIGHT)
    return ft.Semantics(label=read, exclude_semantics=True, content=row)
