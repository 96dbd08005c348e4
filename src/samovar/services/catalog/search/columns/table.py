"""The table in memory: a row for each app, found by its place.

A row never changes: an app that has changed gets a new place and its old one dies, as in the text index beside it, so whoever holds
a set of places may compare it with any other. Dead places go when the table is built anew.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from heapq import nlargest
from math import log2

from pyroaring import BitMap

from samovar.kit.text.titles import sort_key
from samovar.services.catalog.domain import LANGUAGES, Availability, Language
from samovar.services.catalog.search.columns.numbers import Ids, Numbers
from samovar.services.catalog.search.columns.prices import PERCENT_BITS, Prices
from samovar.services.catalog.search.columns.titles import Titles
from samovar.services.catalog.search.schemas import SearchDocument

COUNT_BITS = 31
DAY_BITS = 22
TIE_BITS = 64
RATING_BITS = 20
POPULARITY_BITS = 24
POPULARITY_STEPS = 500_000
# Of groups with more values, as creators are, only the largest are counted. Which these are is found anew after so many more apps.
VALUES_COUNTED_MAX = 600
LARGEST_HOLD_FOR = 500


class Table:
    """All apps by place.

    Attributes:
        living: The places that hold an app as it is.
        groups: For each group of values (`tag`, `platform`, …) the places of each value.
        creator_names: The name of each creator by slug.
    """

    def __init__(self) -> None:
        self.ids = Ids()
        self.living = BitMap()
        self.groups: dict[str, dict[str, BitMap]] = defaultdict(dict)
        self.popularity = Numbers(POPULARITY_BITS)
        self.released = Numbers(DAY_BITS)
        self.score = Numbers(PERCENT_BITS)
        self.rating = Numbers(RATING_BITS)
        self.reviews = Numbers(COUNT_BITS)
        self.tie = Numbers(TIE_BITS)
        self.prices = Prices()
        self.titles: list[str] = []
        self.shown_as: dict[Language, dict[int, str]] = {}
        self.shown: dict[Language, Titles] = {language: Titles() for language in LANGUAGES}
        self.creator_names: dict[str, str] = {}
        self._places: dict[bytes, int] = {}
        self._largest: dict[str, tuple[int, list[tuple[str, BitMap]]]] = {}

    def __len__(self) -> int:
        return len(self.living)

    @property
    def dead(self) -> int:
        """How many places hold nothing any more."""
        return len(self.ids) - len(self.living)

    @property
    def next_place(self) -> int:
        """The place that the next app gets."""
        return len(self.ids)

    def place_of(self, app_id: bytes) -> int | None:
        """Return the living place of an app."""
        return self._places.get(app_id)

    def places_of(self, app_ids: Iterable[bytes]) -> BitMap:
        """Return the living places of apps; those not held are passed over."""
        return BitMap(place for app_id in app_ids if (place := self._places.get(app_id)) is not None)

    def remove(self, app_id: bytes) -> int | None:
        """Let the place of an app die; returns it."""
        place = self._places.pop(app_id, None)
        if place is not None:
            self.living.discard(place)
            for titles in self.shown.values():
                titles.remove(place)
        return place

    def add(self, document: SearchDocument, now: datetime) -> int:
        """Give an app the next place; one that was there dies."""
        app_id = document.app_id.bytes
        self.remove(app_id)
        place = self.ids.append(app_id)
        self._places[app_id] = place
        self.living.add(place)
        for group, values in _values(document):
            bitmaps = self.groups[group]
            for value in values:
                bitmap = bitmaps.get(value)
                if bitmap is None:
                    bitmap = bitmaps[value] = BitMap()
                bitmap.add(place)
        self.name(place, document.title, document.shown_as)
        self.popularity.put(place, popularity_step(document.popularity))
        self.tie.put(place, int.from_bytes(app_id[: TIE_BITS // 8]))
        self.reviews.put(place, document.reviews)
        if document.released_on is not None:
            self.released.put(place, document.released_on.toordinal())
        if document.score_percent is not None:
            self.score.put(place, document.score_percent)
        self.creator_names.update(document.creator_names)
        if document.rating is not None:
            self.rating.put(place, document.rating)
        self.prices.add(place, document.prices, now)
        return place

    def name(self, place: int, title: str, shown_as: Mapping[Language, str]) -> None:
        """Append the title of the next place: the original one, and as readers of a language see it."""
        self.titles.append(title)
        for language, shown in shown_as.items():
            self.shown_as.setdefault(language, {})[place] = shown
        key = sort_key(title)
        for language, titles in self.shown.items():
            own = shown_as.get(language)
            titles.add(place, sort_key(own) if own else key)

    def largest(self, group: str) -> list[tuple[str, BitMap]]:
        """Return the values of a group with most places, all where there are few."""
        bitmaps = self.groups[group]
        if len(bitmaps) <= VALUES_COUNTED_MAX:
            return list(bitmaps.items())
        known = self._largest.get(group)
        if known is None or known[0] + LARGEST_HOLD_FOR < len(self.ids):
            # Sorting tens of thousands of creators for each list would cost more than all the rest of it.
            most = nlargest(VALUES_COUNTED_MAX, bitmaps.items(), key=lambda item: len(item[1]))
            known = self._largest[group] = (len(self.ids), most)
        return known[1]

    def available(self, name: str, country: str) -> BitMap:
        """Return the living places that are `visible` or `sold` in a country."""
        rules = self.groups[name]
        everywhere = rules.get("*", BitMap()) - rules.get(f"-{country}", BitMap())
        return (everywhere | rules.get(f"+{country}", BitMap())) & self.living

    def settle(self) -> None:
        """Find the places by id and title again, after all columns were set from outside."""
        self._largest.clear()
        self._places = {self.ids[place]: place for place in self.living}
        for titles in self.shown.values():
            titles.keep(self.living)


def _values(document: SearchDocument) -> Iterator[tuple[str, Iterable[str]]]:
    yield "kind", (document.kind,)
    yield "stage", (document.stage,)
    yield "age", (str(document.age_rating),)
    yield "tag", document.tags
    yield "genre", document.genres
    yield "category", document.categories
    yield "feature", document.features
    yield "platform", document.platforms
    yield "language", document.languages
    yield "voice", document.voice
    yield "subtitles", document.subtitles
    yield "creator", document.creators
    yield "visible", _rules(document.visible)
    if document.series is not None:
        yield "series", (document.series,)
    if document.released_on is not None:
        yield "year", (str(document.released_on.year),)
    if document.sold is not None:
        yield "sold", _rules(document.sold)
    if document.offer_age > document.age_rating:
        # Whoever may see the app may see what it is sold in, but for these few.
        yield "offer_age", (str(document.offer_age),)


def _rules(availability: Availability) -> list[str]:
    """Return availability as values: `*` everywhere but in `-XX`, or only in each `+XX`."""
    if availability.only_in is not None:
        return [f"+{country}" for country in set(availability.only_in) - set(availability.except_in)]
    return ["*", *(f"-{country}" for country in set(availability.except_in))]


def popularity_step(popularity: float) -> int:
    """Return popularity of any scale as a whole number that keeps its order."""
    return int(log2(1.0 + max(0.0, popularity)) * POPULARITY_STEPS)
