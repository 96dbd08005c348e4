"""Where somebody came from is said in the words that the store counts by."""

import pytest

from samovar.client.state.store.source import source_of
from samovar.services.catalog.attention.schemas import ViewSource


@pytest.mark.parametrize(
    ("left", "source"),
    [
        (None, "direct"),
        ("/", "home"),
        ("/search?query=чай", "search"),
        ("/search?tag=rpg", "list"),
        ("/search", "list"),
        ("/search?discounted=true&sort=discount", "sale"),
        ("/search?creator=iva", "creator"),
        ("/game/another", "similar"),
        ("/wishlist", "wishlist"),
        ("/library", "library"),
        ("/library/42", "library"),
        ("/notifications", "notification"),
        ("/u/42", "friend"),
        ("/friends?tab=requests", "friend"),
        ("/orders/42", "direct"),
    ],
)
def test_a_screen_is_a_source(left: str | None, source: str) -> None:
    assert source_of(left) == source
    assert source in ViewSource.__args__  # type: ignore[attr-defined]  # A `Literal` has them.
