"""A rule that is broken is told of with the path of its field, also where msgspec knows only that it is somewhere in a mapping."""

from typing import Annotated, Any

import msgspec
import pytest
from msgspec import Meta

from samovar.kit.rest.problems import rules_broken


class Shelf(msgspec.Struct):
    """Numbers by name."""

    books: dict[str, Annotated[int, Meta(ge=0)]] = {}


class Room(msgspec.Struct):
    """Shelves by name, and in a row."""

    named: dict[str, Shelf] = {}
    row: list[Shelf] = []


def field_of(plain: Any) -> str:
    with pytest.raises(msgspec.ValidationError) as refused:
        msgspec.convert(plain, Room)
    return rules_broken(refused.value, plain, Room).field


MANY: dict[str, Any] = {f"b{number}": number for number in range(500)}


@pytest.mark.parametrize(
    ("plain", "field"),
    [
        ({"named": {"a": {}, "b": {"books": 3}}}, "named.b.books"),
        ({"named": {"a": {"books": {"x": 1}}, "b": {"books": {"y": 1, "z": -1}}}}, "named.b.books.z"),
        ({"row": [{"books": {"x": 1}}, {"books": {"x": 1, "y": "one"}}]}, "row[1].books.y"),
        ({"row": [{"books": MANY | {"b317": -1}}]}, "row[0].books.b317"),
        ({"named": {"a.b[0]": {"books": {"x": None}}}}, "named.a.b[0].books[...]"),
        ({"row": [{"books": 5}]}, "row[0].books"),
    ],
)
def test_the_key_of_what_breaks_a_rule_is_found(plain: Any, field: str) -> None:
    assert field_of(plain) == field


def test_a_key_without_an_end_is_cut() -> None:
    assert field_of({"named": {"x" * 5_000: 7}}) == f"named.{'x' * 100}"
