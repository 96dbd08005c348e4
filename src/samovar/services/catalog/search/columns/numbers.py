"""A column of whole numbers as bitmaps, one for each binary digit.

So ranges and orders cost a few dozen operations on bitmaps, however many apps there are (O'Neil and Quass, "Improved Query Performance
with Variant Indexes", 1997).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from pyroaring import BitMap


class Numbers:
    """Numbers from 0 to 2**bits - 1 by place; a place may have none.

    Attributes:
        known: The places that have a number.
    """

    __slots__ = ("_slices", "known")

    def __init__(self, bits: int) -> None:
        self.known = BitMap()
        self._slices = [BitMap() for _ in range(bits)]

    def put(self, place: int, number: int) -> None:
        """Set the number of a place; what is too large counts as the largest."""
        number = max(0, min(number, (1 << len(self._slices)) - 1))
        if place in self.known:
            for bit in self._slices:
                bit.discard(place)
        self.known.add(place)
        for position in _ones(number):
            self._slices[position].add(place)

    def drop(self, place: int) -> None:
        """Leave a place without a number."""
        if place in self.known:
            self.known.discard(place)
            for bit in self._slices:
                bit.discard(place)

    def get(self, place: int) -> int | None:
        """Return the number of a place."""
        if place not in self.known:
            return None
        return sum(1 << position for position, bit in enumerate(self._slices) if place in bit)

    def split(self, within: BitMap, number: int) -> "Split":
        """Divide the known places of `within` by how their numbers compare with `number`."""
        equal, less, greater = within & self.known, BitMap(), BitMap()
        if number < 0:
            return Split(BitMap(), BitMap(), equal)
        if number >> len(self._slices):
            return Split(equal, BitMap(), BitMap())
        for position in range(len(self._slices) - 1, -1, -1):
            if not equal:
                break
            ones = equal & self._slices[position]
            if number >> position & 1:
                less |= equal - ones
                equal = ones
            else:
                greater |= ones
                equal -= ones
        return Split(less, equal, greater)

    def between(self, within: BitMap, least: int | None, most: int | None) -> BitMap:
        """Return the known places of `within` whose numbers are in a range; both ends belong to it."""
        found = within & self.known
        if least is not None:
            parts = self.split(found, least)
            found = parts.equal | parts.greater
        if most is not None:
            parts = self.split(found, most)
            found = parts.equal | parts.less
        return found

    def only(self, within: BitMap) -> "Numbers":
        """Return the same numbers for the places of `within` alone; the others have none."""
        made = Numbers(0)
        made.known = self.known & within
        made._slices = [bit & within for bit in self._slices]
        return made

    def first(self, within: BitMap, count: int, *, highest: bool) -> tuple[BitMap, BitMap]:
        """Return the places that are surely among the first `count` by number, and those that tie for what is left."""
        sure, tied = BitMap(), within & self.known
        if len(tied) <= count:
            return BitMap(), tied
        for bit in reversed(self._slices):
            better = tied & bit if highest else tied - bit
            size = len(better) + len(sure)
            if size > count:
                tied = better
            else:
                sure |= better
                tied -= better
                if size == count:
                    return sure, BitMap()
        return sure, tied

    def pack(self) -> list[bytes]:
        """Return it as bytes, for the disk."""
        return [bitmap.serialize() for bitmap in (self.known, *self._slices)]

    @classmethod
    def unpack(cls, packed: Sequence[bytes]) -> "Numbers":
        """Return what `pack` made bytes of."""
        made = cls(0)
        made.known, *made._slices = (BitMap.deserialize(data) for data in packed)
        return made


@lru_cache(maxsize=16_384)
def _ones(number: int) -> tuple[int, ...]:
    """Return the positions of the binary digits that are 1."""
    return tuple(position for position in range(number.bit_length()) if number >> position & 1)


class Split(NamedTuple):
    """Places by how their numbers compare with one."""

    less: BitMap
    equal: BitMap
    greater: BitMap


class Key(NamedTuple):
    """What to sort by: a column, from its highest number down or from its lowest up; places without a number come last."""

    numbers: Numbers
    highest: bool


def in_order(within: BitMap, keys: Sequence[Key], count: int, ids: "Ids") -> list[int]:
    """Return the first `count` places by the keys, then by id."""
    if not within or count <= 0:
        return []
    if not keys:
        return sorted(within, key=ids.__getitem__)[:count]
    numbers, highest = keys[0]
    sure, tied = numbers.first(within, count, highest=highest)
    found = sorted(sure, key=lambda place: (sort_key(place, keys), ids[place]))
    if tied and len(found) < count:
        if len(tied) <= count:
            found += sorted(tied, key=lambda place: (sort_key(place, keys), ids[place]))[: count - len(found)]
        else:
            found += in_order(tied, keys[1:], count - len(found), ids)
    if len(found) < count:
        found += in_order(within - numbers.known, keys[1:], count - len(found), ids)
    return found


def sort_key(place: int, keys: Sequence[Key]) -> tuple[int, ...]:
    """Return what orders a place among others by the keys."""
    parts: list[int] = []
    for numbers, highest in keys:
        number = numbers.get(place)
        parts += (1, 0) if number is None else (0, -number if highest else number)
    return tuple(parts)


def beyond(
    within: BitMap, keys: Sequence[Key], numbers: Sequence[int | None], last: bytes, ids: "Ids"
) -> BitMap:
    """Return the places that come after the one with these numbers and this id."""
    if not within:
        return within
    if not keys:
        return BitMap(place for place in within if ids[place] > last)
    column, highest = keys[0]
    unknown = within - column.known
    if numbers[0] is None:
        return beyond(unknown, keys[1:], numbers[1:], last, ids)
    parts = column.split(within, numbers[0])
    further = parts.less if highest else parts.greater
    return further | unknown | beyond(parts.equal, keys[1:], numbers[1:], last, ids)


class Ids:
    """The id of the app at each place, 16 bytes each."""

    __slots__ = ("data",)

    def __init__(self, data: bytes = b"") -> None:
        self.data = bytearray(data)

    def __getitem__(self, place: int) -> bytes:
        return bytes(self.data[16 * place : 16 * place + 16])

    def __len__(self) -> int:
        return len(self.data) // 16

    def append(self, app_id: bytes) -> int:
        """Give an app the next place, and return it."""
        self.data += app_id
        return len(self) - 1
