"""Columns of numbers compare, choose and page as sorting a list would."""

from typing import NamedTuple
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from samovar.services.catalog.search.columns.numbers import (
    Ids,
    Key,
    Numbers,
    beyond,
    in_order,
)

ROWS = st.lists(st.tuples(st.none() | st.integers(0, 40), st.integers(0, 3)), max_size=40)


class _Filled(NamedTuple):
    first: Numbers
    second: Numbers
    ids: Ids


def fill(rows: list[tuple[int | None, int]]) -> _Filled:
    filled = _Filled(Numbers(6), Numbers(2), Ids())
    for place, (first, second) in enumerate(rows):
        if first is not None:
            filled.first.put(place, first)
        filled.second.put(place, second)
        filled.ids.append(UUID(int=(place * 7_919) % 10_007).bytes)
    return filled


@given(ROWS, st.integers(-2, 70), st.integers(-2, 70))
def test_a_range_holds_what_lies_between_its_ends(
    rows: list[tuple[int | None, int]], least: int, most: int
) -> None:
    numbers, everything = fill(rows).first, BitMap(range(len(rows)))
    expected = {
        place for place, (number, _) in enumerate(rows) if number is not None and least <= number <= most
    }
    assert set(numbers.between(everything, least, most)) == expected
    assert [numbers.get(place) for place in everything] == [number for number, _ in rows]


@given(ROWS, st.tuples(st.booleans(), st.booleans()), st.integers(1, 7))
def test_pages_by_several_keys_are_the_sorted_list(
    rows: list[tuple[int | None, int]], highest: tuple[bool, bool], size: int
) -> None:
    first, second, ids = fill(rows)
    first_highest, second_highest = highest
    keys = [Key(first, first_highest), Key(second, second_highest)]

    def rank(place: int) -> tuple[bool, int, int, bytes]:
        one, two = rows[place]
        number = 0 if one is None else -one if first_highest else one
        return one is None, number, -two if second_highest else two, ids[place]

    expected = sorted(range(len(rows)), key=rank)
    left, seen = BitMap(range(len(rows))), []
    while page := in_order(left, keys, size, ids):
        seen += page
        last = page[-1]
        left = beyond(left, keys, [first.get(last), second.get(last)], ids[last], ids)
    assert seen == expected


@given(ROWS)
def test_what_is_packed_is_unpacked_the_same(rows: list[tuple[int | None, int]]) -> None:
    numbers = fill(rows).first
    again = Numbers.unpack(numbers.pack())
    assert [again.get(place) for place in range(len(rows))] == [number for number, _ in rows]


def test_a_number_is_changed_and_dropped() -> None:
    numbers = Numbers(4)
    numbers.put(3, 9)
    numbers.put(3, 6)
    assert numbers.get(3) == 6
    numbers.put(4, 1_000)
    assert numbers.get(4) == 15
    numbers.drop(3)
    assert numbers.get(3) is None
    assert set(numbers.known) == {4}
