"""How many typos lie between two words."""

import pytest

from samovar.services.catalog.search.words.distance import closest, distance


@pytest.mark.parametrize(
    ("left", "right", "typos"),
    [
        ("witcher", "witcher", 0),
        ("wicher", "witcher", 1),
        ("withcer", "witcher", 1),
        ("witsher", "witcher", 1),
        ("wticehr", "witcher", 2),
        ("witch", "stellaris", 3),
        ("", "ab", 2),
        ("", "abc", 3),
    ],
)
def test_typos_are_counted_up_to_the_limit(left: str, right: str, typos: int) -> None:
    assert distance(left, right) == distance(right, left) == typos


def test_the_closest_word_is_near_enough_or_none() -> None:
    assert closest("wicher", ["witch", "witcher", "archer"]) == "witcher"
    assert closest("wicher", ["stellaris"]) is None
    assert closest("wicher", []) is None
