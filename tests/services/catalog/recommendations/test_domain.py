"""Likeness and taste: laws that hold for all tags, and the order that people would expect."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from samovar.services.catalog.recommendations import domain

WEIGHTS = st.dictionaries(st.sampled_from(["rpg", "space", "cards", "racing"]), st.integers(-10, 1_000))
ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))


def alike(tag: str) -> float:
    """Say that all tags tell as much."""
    return float(bool(tag))


@given(WEIGHTS, WEIGHTS)
def test_likeness_is_the_same_both_ways_and_never_above_one(
    one: dict[str, int], other: dict[str, int]
) -> None:
    first, second = domain.vector(one, alike), domain.vector(other, alike)
    assert abs(domain.likeness(first, second) - domain.likeness(second, first)) < 1e-12
    assert -1e-9 <= domain.likeness(first, second) <= 1 + 1e-9


@given(WEIGHTS)
def test_a_game_is_most_like_itself(weights: dict[str, int]) -> None:
    one = domain.vector(weights, alike)
    assert not one or abs(domain.likeness(one, one) - 1) < 1e-9


def test_a_rare_tag_tells_more() -> None:
    assert domain.rarity_of(3, 1_000) > domain.rarity_of(300, 1_000) > domain.rarity_of(1_000, 1_000) > 0


def test_what_shares_more_comes_first_and_says_what_it_shares() -> None:
    theirs = {ONE: domain.vector({"rpg": 100, "cards": 100}, alike)}
    candidates = {
        TWO: domain.vector({"rpg": 100, "cards": 80}, alike),
        THREE: domain.vector({"rpg": 100, "racing": 100}, alike),
    }
    liked = domain.choose(theirs[ONE], candidates, popularity={THREE: 0.1}, theirs=theirs, limit=5)
    assert [one.app_id for one in liked] == [TWO, THREE]
    assert (liked[0].because, set(liked[0].tags), liked[1].tags) == (ONE, {"rpg", "cards"}, ("rpg",))


def test_what_shares_nothing_is_not_recommended_however_popular_it_is() -> None:
    theirs = {ONE: {"rpg": 1.0}}
    assert not domain.choose(
        {"rpg": 1.0}, {TWO: {"racing": 1.0}}, popularity={TWO: 1.0}, theirs=theirs, limit=5
    )


def test_a_row_is_not_ten_times_the_same() -> None:
    same = {UUID(int=number): {"rpg": 1.0} for number in range(10, 14)}
    other = {TWO: domain.vector({"space": 100, "rpg": 60}, alike)}
    liked = domain.choose({"rpg": 1.0}, same | other, popularity={}, theirs={ONE: {"rpg": 1.0}}, limit=5)
    assert TWO in [one.app_id for one in liked][:3]


def test_what_is_wanted_counts_less_than_what_is_owned() -> None:
    taste = domain.taste_of([{"rpg": 1.0}], [{"racing": 1.0}])
    assert domain.strongest(taste, 2) == ["rpg", "racing"]
