"""What a search is narrowed to, as the address of its screen says it: a search can be kept, sent and gone back to."""

from collections.abc import Container, Mapping
from typing import Self
from urllib.parse import parse_qsl, urlencode

import msgspec

SORTS = ("relevance", "popularity", "new", "price", "-price", "discount", "score", "title")
# In the order in which the panel shows them. `offer` and `score` are ours: the API asks for their parts by other names.
GROUPS = ("genre", "tag", "category", "feature", "platform", "language", "kind", "stage", "creator")
CHOSEN_MAX = 20
QUERY_MAX = 100
NUMBER_LENGTH_MAX = 10
PRICES_MAX = (0, 30_000, 60_000, 100_000, 200_000)
SCORES_MIN = (95, 80, 70)


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked for.

    Attributes:
        query: Words.
        sort: One of `SORTS`; none is the API's own choice.
        chosen: Values, by group; several of a group mean all of them.
        discounted: Only with a discount.
        price_max: In minor units; 0 is free.
        score_min: Of a hundred.
        age_max: An age mark.
    """

    query: str = ""
    sort: str | None = None
    chosen: Mapping[str, tuple[str, ...]] = {}
    discounted: bool = False
    price_max: int | None = None
    score_min: int | None = None
    age_max: int | None = None

    @classmethod
    def read(cls, search: str) -> Self:
        """Read the query string of an address; what makes no sense there is passed over."""
        chosen: dict[str, list[str]] = {}
        one: dict[str, str] = {}
        for name, value in parse_qsl(search.removeprefix("?"), max_num_fields=None):
            if name in GROUPS and len(chosen.setdefault(name, [])) < CHOSEN_MAX:
                chosen[name] += [value] if value not in chosen[name] else []
            else:
                one[name] = value
        sort = one.get("sort")
        return cls(
            query=one.get("query", "").strip()[:QUERY_MAX],
            sort=sort if sort in SORTS else None,
            chosen={name: tuple(values) for name, values in chosen.items()},
            discounted=one.get("discounted") == "true",
            price_max=_number(one.get("price_max"), range(2_000_000_001)),
            score_min=_number(one.get("review_min"), range(101)),
            age_max=_number(one.get("age_max"), (0, 6, 12, 16, 18)),
        )

    def address(self) -> str:
        """Return the query string, without `?`; the same for the API and for the screen."""
        parts: list[tuple[str, str]] = []
        if self.query:
            parts.append(("query", self.query))
        parts += [(name, value) for name in GROUPS for value in self.chosen.get(name, ())]
        if self.discounted:
            parts.append(("discounted", "true"))
        numbers = {"price_max": self.price_max, "review_min": self.score_min, "age_max": self.age_max}
        parts += [(name, str(value)) for name, value in numbers.items() if value is not None]
        if self.sort:
            parts.append(("sort", self.sort))
        return urlencode(parts)

    def path(self) -> str:
        """Return the address of the screen."""
        query = self.address()
        return f"/search?{query}" if query else "/search"

    def is_chosen(self, group: str, value: str) -> bool:
        """Return whether a value is on."""
        return value in self.chosen.get(group, ())

    def toggled(self, group: str, value: str) -> Self:
        """Return the filters with a value on that was off, or off that was on."""
        former = self.chosen.get(group, ())
        values = tuple(one for one in former if one != value) if value in former else (*former, value)
        rest = {name: kept for name, kept in self.chosen.items() if name != group}
        return msgspec.structs.replace(self, chosen=rest | ({group: values} if values else {}))

    def cleared(self) -> Self:
        """Return the same words in the same order, not narrowed."""
        return type(self)(query=self.query, sort=self.sort)

    @property
    def count(self) -> int:
        """How many filters are on."""
        single = (
            self.discounted,
            self.price_max is not None,
            self.score_min is not None,
            self.age_max is not None,
        )
        return sum(len(values) for values in self.chosen.values()) + sum(single)


def _number(text: str | None, allowed: Container[int]) -> int | None:
    # Only a number may be looked for in a range: anything else is compared with each of its members.
    if not text or not text.isascii() or not text.isdecimal() or len(text) > NUMBER_LENGTH_MAX:
        return None
    value = int(text)
    return value if value in allowed else None
