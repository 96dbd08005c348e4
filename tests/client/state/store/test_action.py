"""The button of a game follows from what is known of it."""

from typing import Any

import pytest

from samovar.client.api.catalog import Game, Price
from samovar.client.api.game_pages import AgeMark, Contained, GamePage, Package
from samovar.client.state.store.action import action_of, more_of


def page(*packages: Package, **more: Any) -> GamePage:
    lists = (
        "media",
        "languages",
        "requirements",
        "genres",
        "categories",
        "features",
        "developers",
        "publishers",
    )
    empty: dict[str, Any] = {name: [] for name in (*lists, "dlc")}
    known: dict[str, Any] = {
        "id": "g",
        "slug": "g",
        "title": "G",
        "age": AgeMark(),
        "packages": list(packages),
    }
    return GamePage(**(known | empty | more))


def package(amount: int | None = 100, **more: Any) -> Package:
    money = {"amount": amount, "currency": "RUB"}
    price = None if amount is None else Price(base=money, final=money, discount_percent=0)
    known: dict[str, Any] = {"id": "p", "name": "P", "price": price}
    return Package(**(known | more))


@pytest.mark.parametrize(
    ("game", "act"),
    [
        (page(package()), "buy"),
        (page(package(0)), "take"),
        (page(package(is_preorder=True), stage="coming_soon"), "preorder"),
        (page(package(None)), "none"),
        (page(package(None), stage="coming_soon"), "wish"),
        (page(), "none"),
        (page(stage="coming_soon"), "wish"),
        (page(package(), is_owned=True), "play"),
    ],
)
def test_what_can_be_done(game: GamePage, act: str) -> None:
    assert action_of(game, in_cart=frozenset()).act == act


def test_what_lies_in_the_cart_is_not_put_there_twice() -> None:
    assert action_of(page(package()), in_cart=frozenset({"p"})).act == "cart"


def test_the_standard_package_is_offered_first() -> None:
    deluxe, standard = package(id="d", place=1), package(id="s", place=0)
    found = action_of(page(deluxe, standard), in_cart=frozenset())
    assert found.package == standard


def test_an_owner_is_offered_what_holds_more() -> None:
    def holding(*slugs: str, amount: int | None = 100) -> Package:
        return package(amount, contents=[Contained(slug, slug) for slug in slugs])

    dlc = [Game(id="a", slug="a", title="A", is_owned=True), Game(id="b", slug="b", title="B")]
    more, other = holding("g", "a", "b"), holding("g", "elsewhere")
    no_longer = holding("g", "b", amount=None)
    game = page(holding("g"), holding("g", "a"), more, no_longer, other, dlc=dlc, is_owned=True)
    assert more_of(game) == [more, other]
