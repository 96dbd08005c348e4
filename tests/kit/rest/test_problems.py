"""A rule that is broken is told of with the path of its field, also where msgspec knows only that it is somewhere in a mapping."""

from typing import Annotated, Any

import msgspec
import pytest
from msgspec import Meta

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.i18n import Catalogue, Language, Message
from samovar.kit.rest.problems import problem_of, rules_broken


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


@pytest.mark.parametrize(
    ("limit", "currency", "detail"),
    [
        ("2026-12-01T09:30:00+00:00", None, "до 1\u00a0декабря 2026, 12:30 по Москве"),
        ("2026-12-01T09:30:00.5Z", None, "до 1\u00a0декабря 2026, 12:30 по Москве"),
        ("49900", "RUB", "до 499\u00a0₽"),
        ("12", None, "до 12"),
        ("2026", None, "до 2026"),
        (None, None, "до "),
    ],
)
def test_what_a_rule_compares_with_is_written_as_what_it_is(
    limit: str | None, currency: str | None, detail: str
) -> None:
    words: dict[Language, dict[str, Message]] = {"ru": {"field.until": Message({"": "до {limit}"})}, "en": {}}
    wrong = InvalidInput(fields=[FieldError("price", "until", "until", limit, currency)])
    told = problem_of(wrong, catalogue=Catalogue(words), language="ru", trace_id="0" * 32)
    assert told.errors[0].detail == detail
    assert told.errors[0].limit == limit
