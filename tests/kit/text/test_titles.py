"""Titles stand where a Russian reader looks for them."""

import pytest

from samovar.kit.text.titles import KEY_LENGTH_MAX, sort_key


@pytest.mark.parametrize(
    "ordered",
    [
        ["Ежевика", "Ёжик в тумане", "Ежовые рукавицы"],
        ["Ёлки 2", "Елки 10", "Ель"],
        ["иван", "Иволга", "йога", "Йод", "Каша"],
        ["9 рота", "2048", "Аркада", "Яблоко", "Alien", "zebra", "ゼルダ"],
        ["Fallout", "Fallout 2", "Fallout 10"],
        ["«Война» и мир", "Война миров"],
        ["Élan", "Elba"],
    ],
)
def test_titles_are_ordered(ordered: list[str]) -> None:
    assert sorted(ordered, key=sort_key) == ordered


@pytest.mark.parametrize(
    ("one", "other"),
    [("ЁЛКА", "елка"), ("S.T.A.L.K.E.R.", "s t a l k e r"), ("Naïve", "naive"), ("Часть 007", "часть 7")],
)
def test_what_reads_alike_stands_together(one: str, other: str) -> None:
    assert sort_key(one) == sort_key(other)


def test_a_key_is_bounded_and_never_fails() -> None:
    assert len(sort_key("1 " * 200)) == KEY_LENGTH_MAX
    assert sort_key("…!") == ""
    assert sort_key("") == ""
