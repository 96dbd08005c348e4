"""What lies in the cart, as far as every screen shows it: how many, and which."""

from dataclasses import dataclass

import flet as ft

from samovar.client.api.payment import Cart


@ft.observable
@dataclass
class Basket:
    """The cart of the player, as it was seen last."""

    keys: frozenset[str] = frozenset()

    def see(self, cart: Cart) -> None:
        """Take over a cart."""
        self.keys = frozenset(one.key for one in cart.items)

    def empty(self) -> None:
        """Nothing lies in it: it was bought, or nobody is signed in."""
        self.keys = frozenset()
