"""The way to the cart, beside how much lies in it."""

import contextlib

import flet as ft

from samovar.client.api.payment import Shopping
from samovar.client.components.buttons import icon_button
from samovar.client.hooks import use_session, watch
from samovar.sdk.errors import SdkError


@ft.component
def CartButton() -> ft.Control:
    """Show the way to the cart, and how much lies in it."""
    session = use_session()
    basket = watch(session.basket)

    async def look() -> None:
        # What lies in it from before: pages of games say so too. While the platform is away the strip says so.
        with contextlib.suppress(SdkError):
            basket.see(await Shopping(session.player).cart())

    ft.use_effect(look, [])
    count = len(basket.keys)
    return icon_button(
        "shell.cart",
        ft.Icons.SHOPPING_CART_OUTLINED,
        session.words("shell.cart"),
        lambda: session.go("/cart"),
        badge=str(count) if count else None,
    )
