"""The one button of a game, as a state machine: what it says follows from what is known, and from nothing else."""

from dataclasses import dataclass
from typing import Literal

from samovar.client.api.game_pages import GamePage, Package

Act = Literal["play", "take", "buy", "cart", "preorder", "wish", "none"]
"""`play`: it is in the library; `take`: it is free; `cart`: it lies in the cart; `wish`: it is not out; `none`: not sold here."""


@dataclass(frozen=True)
class Action:
    """What the button does, with which package."""

    act: Act
    package: Package | None = None


def action_of(game: GamePage, *, in_cart: frozenset[str]) -> Action:
    """Return the action of a page.

    Args:
        game: The page.
        in_cart: The packages that lie in the cart.
    """
    if game.is_owned:
        return Action("play")
    return package_action(game, standard_of(game), in_cart=in_cart)


def standard_of(game: GamePage) -> Package | None:
    """Return the package that the main button is about."""
    standard = next((one for one in game.packages if one.place == 0), None)
    return standard or (game.packages[0] if game.packages else None)


def package_action(game: GamePage, package: Package | None, *, in_cart: frozenset[str]) -> Action:
    """Return what can be done with one of the packages."""
    if package is None or package.price is None:
        return Action("wish" if game.stage == "coming_soon" else "none", package)
    if package.id in in_cart:
        return Action("cart", package)
    if package.price.final["amount"] == 0:
        return Action("take", package)
    return Action("preorder" if package.is_preorder else "buy", package)


def more_of(game: GamePage) -> list[Package]:
    """Return the packages on sale that hold more than an owner of the game has of it, as far as its page tells."""
    had = {game.slug, *(one.slug for one in game.dlc if one.is_owned)}
    sold = [one for one in game.packages if one.price is not None]
    return [one for one in sold if not had.issuperset(each.slug for each in one.contents)]
