"""The places in the order of the titles that readers of a language see (`apps/titles`)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import islice

from pyroaring import BitMap

from samovar.services.catalog.search.columns.numbers import Ids

# Below this many apps it is faster to sort them than to walk along all titles.
_SORTED_SHARE = 24


class Titles:
    """What the title at a place is compared by, and the places in that order."""

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._order: list[int] = []
        self._pending: list[int] = []

    def key(self, place: int) -> str:
        """Return what the title at a place is compared by."""
        return self._keys[place]

    def add(self, place: int, key: str) -> None:
        """Append what the title of the next place is compared by."""
        self._keys.append(key)
        self._pending.append(place)

    def remove(self, place: int) -> None:
        """Take a place out of the order."""
        self._settle()
        position = bisect_left(self._order, self._keys[place], key=self.key)
        while self._order[position] != place:
            position += 1
        del self._order[position]

    def keep(self, living: BitMap) -> None:
        """Keep only these places in the order."""
        self._order = sorted(living, key=self.key)
        self._pending = []

    def first(self, within: BitMap, count: int, after: tuple[str, bytes] | None, ids: Ids) -> list[int]:
        """Return the first places of `within` by title and id, behind a title and id."""
        self._settle()
        if len(within) * _SORTED_SHARE < len(self._order):
            candidates: Iterable[int] = sorted(within, key=self.key)
        else:
            start = 0 if after is None else bisect_left(self._order, after[0], key=self.key)
            candidates = (place for place in islice(self._order, start, None) if place in within)
        found: list[tuple[str, bytes, int]] = []
        for place in candidates:
            entry = (self._keys[place], ids[place], place)
            if after is None or entry[:2] > after:
                # Those of one title are together but not yet in the order of their ids.
                if len(found) >= count and entry[0] != found[-1][0]:
                    break
                found.append(entry)
        return [place for _, _, place in sorted(found)[:count]]

    def _settle(self) -> None:
        """Put what was added in its place: by sorting when it is much, one by one when it is little."""
        if len(self._pending) * _SORTED_SHARE > len(self._order):
            self._order = sorted(self._order + self._pending, key=self.key)
        else:
            for place in self._pending:
                self._order.insert(bisect_right(self._order, self._keys[place], key=self.key), place)
        self._pending = []
