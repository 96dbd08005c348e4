"""Handlers get what they need by name, and a name that nobody provides is found at start."""

import pytest

from samovar.kit.injection import MissingDependency, bind


def pour(tea: str, cup: str, *, sugar: int = 1) -> str:
    return f"{tea} in a {cup}, {sugar}"


def test_parameters_are_filled_by_name() -> None:
    assert bind(pour, {"tea": "black", "cup": "glass", "spoon": "silver"})() == "black in a glass, 1"


def test_what_is_given_comes_with_each_call() -> None:
    poured = bind(pour, {"cup": "glass", "sugar": 2}, given=("tea", "guest"))
    assert [poured(tea=tea, guest="anyone") for tea in ("black", "green")] == [
        "black in a glass, 2",
        "green in a glass, 2",
    ]


def test_what_is_given_goes_before_what_is_provided() -> None:
    assert bind(pour, {"tea": "old", "cup": "glass"}, given=("tea",))(tea="new") == "new in a glass, 1"


def test_a_missing_name_is_told_with_the_function_and_what_there_is() -> None:
    with pytest.raises(
        MissingDependency, match=r"test_injection\.pour asks for 'cup'.*there are: spoon, tea"
    ):
        bind(pour, {"spoon": "silver"}, given=("tea",))
