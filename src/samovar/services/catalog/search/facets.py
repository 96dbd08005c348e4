"""Filters, counts and orders over the table in memory: who is shown, how many there are of each value, who comes first."""

from collections.abc import Callable, Iterable
from functools import reduce
from typing import NamedTuple

from pyroaring import BitMap

from samovar.services.catalog.search.columns.numbers import Key
from samovar.services.catalog.search.columns.table import Table
from samovar.services.catalog.search.schemas import FacetCount, FacetGroup, SearchQuery

VALUES_SHOWN_MAX = 100
SCORE_STEPS = (95, 80, 70, 40)
# Groups in which every value asked for must hold; in others one is enough.
ALL_MUST_HOLD: frozenset[FacetGroup] = frozenset(
    {"tag", "genre", "platform", "feature", "language", "voice", "subtitles"}
)

_NOBODY = BitMap()


class Filtered(NamedTuple):
    """The places that pass.

    Attributes:
        found: Those that pass every filter.
        without: For a group whose own filter is left out, those that pass all others.
    """

    found: BitMap
    without: Callable[[FacetGroup], BitMap]


def filtered(table: Table, query: SearchQuery, matched: BitMap | None = None) -> Filtered:
    """Return the places that pass the filters of a query, out of `matched` when there were words."""
    base = _allowed(table, query)
    if matched is not None:
        base &= matched
    base = _personal(table, query, base)
    base = _numbers(table, query, base)
    for group, excluded in (
        ("tag", query.tags_excluded),
        ("genre", query.genres_excluded),
        ("creator", query.creators_excluded),
    ):
        base -= _any_of(table.groups[group], excluded)
    chosen: dict[FacetGroup, BitMap] = {}
    for group, values in _groups(query):
        bitmaps = table.groups[group]
        if group in ALL_MUST_HOLD:
            for value in values:
                base = base & bitmaps.get(value, _NOBODY)
        else:
            chosen[group] = _any_of(bitmaps, values)

    def without(left_out: FacetGroup | None) -> BitMap:
        return reduce(BitMap.__and__, (bitmap for group, bitmap in chosen.items() if group != left_out), base)

    found = without(None)
    return Filtered(found, lambda group: without(group) if group in chosen else found)


def counts(table: Table, query: SearchQuery, passed: Filtered) -> dict[str, list[FacetCount]]:
    """Return for each group asked for its values and how many apps have them, the most frequent first."""
    return {group: _count(table, query, group, passed.without(group)) for group in query.facets}


def visible(table: Table, country: str, age_level: int) -> BitMap:
    """Return the places that somebody of an age level may see in a country: the filter that nothing goes round."""
    allowed = table.available("visible", country)
    for rating, places in table.groups["age"].items():
        if int(rating) > age_level:
            allowed -= places
    return allowed


def _sold(table: Table, query: SearchQuery) -> BitMap:
    """Return the places of what is sold to the viewer: in their country, with nothing in the package above their age level."""
    sold = table.available("sold", query.country)
    for rating, places in table.groups["offer_age"].items():
        if int(rating) > query.age_level:
            sold -= places
    return sold


def keys_of(table: Table, query: SearchQuery) -> list[Key]:
    """Return what a query is sorted by, when not by relevance or title; popularity and the id decide what ties."""
    rest = [Key(table.popularity, highest=True), Key(table.tie, highest=False)]
    if query.sort == "new":
        return [Key(table.released, highest=True), *rest]
    if query.sort in {"price", "-price"}:
        prices = table.prices.finals_in(query.country).only(_sold(table, query))
        return [Key(prices, highest=query.sort == "-price"), *rest]
    if query.sort == "discount":
        discounts = table.prices.discounts_in(query.country).only(_sold(table, query))
        return [Key(discounts, highest=True), *rest]
    if query.sort == "score":
        return [Key(table.rating, highest=True), *rest]
    return rest


def _allowed(table: Table, query: SearchQuery) -> BitMap:
    allowed = visible(table, query.country, query.age_level)
    if query.on_sale:
        allowed &= _sold(table, query) & table.prices.finals_in(query.country).known
    return allowed


def _personal(table: Table, query: SearchQuery, base: BitMap) -> BitMap:
    for only, hide, app_ids in (
        (query.only_owned, query.hide_owned, query.owned),
        (query.only_wishlisted, query.hide_wishlisted, query.wishlisted),
        (False, query.hide_ignored, query.ignored),
    ):
        if only or hide:
            places = table.places_of(app_id.bytes for app_id in app_ids)
            base = base & places if only else base - places
    return base


def _numbers(table: Table, query: SearchQuery, base: BitMap) -> BitMap:
    base = _offered(table, query, base)
    if query.score_min is not None:
        base = table.score.between(base, query.score_min, None)
    if query.reviews_min:
        base = table.reviews.between(base, query.reviews_min, None)
    if query.released_from is not None or query.released_to is not None:
        first = query.released_from.toordinal() if query.released_from else None
        last = query.released_to.toordinal() if query.released_to else None
        base = table.released.between(base, first, last)
    return base


def _offered(table: Table, query: SearchQuery, base: BitMap) -> BitMap:
    """Return those whose price is as asked. What is not sold in the country has none, whatever its package costs elsewhere or later."""
    asked = (query.price_min, query.price_max, query.is_free, query.is_discounted, query.discount_min or None)
    if all(one is None for one in asked):
        return base
    prices = table.prices.finals_in(query.country)
    discounts = table.prices.discounts_in(query.country)
    sold = _sold(table, query)
    if query.price_min is not None or query.price_max is not None:
        base = prices.between(base & sold, query.price_min, query.price_max)
    if query.is_free is not None:
        free = prices.between(base & sold, None, 0)
        base = free if query.is_free else (base & sold & prices.known) - free
    if query.is_discounted is not None:
        reduced = discounts.known & sold
        base = base & reduced if query.is_discounted else base - reduced
    if query.discount_min:
        base = discounts.between(base & sold, query.discount_min, None)
    return base


def _groups(query: SearchQuery) -> Iterable[tuple[FacetGroup, tuple[str, ...]]]:
    groups: tuple[tuple[FacetGroup, tuple[str, ...]], ...] = (
        ("kind", query.kinds),
        ("stage", query.stages),
        ("tag", query.tags),
        ("genre", query.genres),
        ("category", query.categories),
        ("feature", query.features),
        ("series", query.series),
        ("creator", query.creators),
        ("platform", query.platforms),
        ("language", query.languages),
        ("voice", query.voice),
        ("subtitles", query.subtitles),
        ("age", tuple(map(str, query.ages))),
    )
    return ((group, values) for group, values in groups if values)


def _any_of(bitmaps: dict[str, BitMap], values: Iterable[str]) -> BitMap:
    return BitMap.union(_NOBODY, *(bitmaps[value] for value in values if value in bitmaps))


def _count(table: Table, query: SearchQuery, group: FacetGroup, within: BitMap) -> list[FacetCount]:
    if group == "offer":
        prices = table.prices.finals_in(query.country)
        discounts = table.prices.discounts_in(query.country)
        sold = within & _sold(table, query)
        return [
            FacetCount("free", len(prices.between(sold, None, 0))),
            FacetCount("discounted", sold.intersection_cardinality(discounts.known)),
        ]
    if group == "score":
        return [
            FacetCount(str(least), len(table.score.between(within, least, None))) for least in SCORE_STEPS
        ]
    bitmaps = table.largest(group)
    counted = [
        FacetCount(value, count)
        for value, places in bitmaps
        if (count := within.intersection_cardinality(places))
    ]
    counted.sort(key=lambda item: (-item.count, item.value))
    asked = {value for name, values in _groups(query) if name == group for value in values}
    shown = counted[:VALUES_SHOWN_MAX]
    shown += [item for item in counted[VALUES_SHOWN_MAX:] if item.value in asked]
    return shown
