"""Search as its users see it: words, filters, counts, orders and pages together; suggestions while typing.

    result = await engine.search(SearchQuery(text="ведьмак", tags=("rpg",), facets=("tag", "platform")))

All of it is asked of the index in this process. While there is none, PostgreSQL answers as far as it can (`fallback`) and the result says
`degraded`. What is asked at once is answered from one state of the index.
"""

from heapq import nsmallest
from typing import NamedTuple
from uuid import UUID
from zlib import crc32

import msgspec
import structlog
from pyroaring import BitMap

from samovar.kit.clock import Clock
from samovar.kit.errors import FieldError, InvalidInput, Unavailable
from samovar.kit.pagination import decode_cursor, encode_cursor
from samovar.services.catalog.search import facets, normaliser
from samovar.services.catalog.search.backend import SearchBackend
from samovar.services.catalog.search.columns.numbers import beyond, in_order
from samovar.services.catalog.search.columns.table import Table
from samovar.services.catalog.search.fallback import Fallback
from samovar.services.catalog.search.planner import Plan, Planner
from samovar.services.catalog.search.schemas import (
    MINOR_MAX,
    SearchKey,
    SearchQuery,
    SearchResult,
    Suggestion,
    Suggestions,
)
from samovar.services.catalog.search.words.aliases import Aliases
from samovar.services.catalog.search.words.distance import closest
from samovar.services.catalog.search.words.names import NameList

MATCHES_MAX = 10_000
# Below so many apps that pass the filters it is cheaper to look for words among them alone.
NARROW_MAX = 20_000
SUGGESTIONS_MAX = 10
SUGGESTED_OUT_OF = 200
NAMED_FROM, NAMED_MAX = 2, 3
_NOBODY = BitMap()

log = structlog.get_logger(__name__)


class Index(NamedTuple):
    """What is searched: the table in memory and the text index of the same places."""

    table: Table
    backend: SearchBackend


class _Matches(NamedTuple):
    scores: dict[int, int]
    places: BitMap
    is_all: bool
    plan: Plan


class SearchEngine:
    """Finds and suggests.

    Args:
        fallback: What answers while there is no index.
    """

    def __init__(self, *, fallback: Fallback, clock: Clock) -> None:
        self._planner = Planner(Aliases.common())
        self._names = NameList()
        self._fallback = fallback
        self._clock = clock
        self._index: Index | None = None

    @property
    def index(self) -> Index | None:
        """What is searched at this moment."""
        return self._index

    def use(self, index: Index | None) -> Index | None:
        """Search another index from the next question on; returns the one before."""
        before, self._index = self._index, index
        return before

    def learn(self, aliases: Aliases, names: NameList) -> None:
        """Take other aliases, and the names that may be suggested."""
        self._planner = Planner(aliases)
        self._names = names

    async def search(self, query: SearchQuery) -> SearchResult:
        """Return a page of what fits.

        Raises:
            InvalidInput: A range is upside down, a number is out of bounds, or the cursor is not of this query.
        """
        check(query)
        after = decode_cursor(query.cursor, SearchKey)
        fingerprint = fingerprint_of(query)
        if after is not None and after.query != fingerprint:
            fault = FieldError("cursor", "cursor_invalid", "a cursor of another query")
            raise InvalidInput("cursor: of another query", fields=[fault])
        index = self._index
        if index is not None:
            try:
                return await self._search(index, query, after, fingerprint)
            except Unavailable as error:
                log.warning("the index cannot be asked", error=str(error))
        return await self._fallback.search(query, after.id if after else None, fingerprint)

    async def suggest(
        self, text: str, *, country: str, age_level: int, limit: int = SUGGESTIONS_MAX
    ) -> Suggestions:
        """Return what somebody who has typed `text` may mean; nothing that they may not see."""
        limit = max(1, min(limit, SUGGESTIONS_MAX))
        index = self._index
        if not normaliser.words(text):
            return Suggestions(items=[], degraded=index is None)
        if index is not None:
            try:
                return await self._suggest(index, text, country, age_level, limit)
            except Unavailable as error:
                log.warning("the index cannot be asked", error=str(error))
        return await self._fallback.suggest(text, country=country, age_level=age_level, limit=limit)

    async def _search(
        self, index: Index, query: SearchQuery, after: SearchKey | None, fingerprint: int
    ) -> SearchResult:
        table = index.table
        matches = await self._match(index, query) if query.text.strip() else None
        table.prices.turn(self._clock.now(), table.living)
        passed = facets.filtered(table, query, matches.places if matches else None)
        places, next_cursor = _page(table, query, passed.found, matches, after, fingerprint)
        return SearchResult(
            ids=[UUID(bytes=table.ids[place]) for place in places],
            total=len(passed.found),
            total_is_exact=matches is None or matches.is_all,
            facets=facets.counts(table, query, passed),
            next_cursor=next_cursor,
            corrected_to=await self._correction(index, query.text, matches) if matches else None,
        )

    async def _match(self, index: Index, query: SearchQuery) -> _Matches:
        plan = await self._planner.plan(query.text, index.backend.known)
        found = await index.backend.find(plan, limit=MATCHES_MAX)
        if not found.scores:
            lost = await self._planner.plan(query.text, index.backend.known, lost=True)
            found = await index.backend.find(lost, limit=MATCHES_MAX)
            # A guess at the other layout that found nothing was none.
            plan = lost if found.scores else plan
        if not found.scores and any(len(reading.words) > 1 for reading in plan.readings):
            plan = plan.relaxed()
            found = await index.backend.find(plan, limit=MATCHES_MAX)
        if not found.is_all:
            narrow = facets.filtered(index.table, query).found
            if len(narrow) <= NARROW_MAX:
                found = await index.backend.find(plan, limit=NARROW_MAX, within=narrow)
        return _Matches(found.scores, BitMap(found.scores), found.is_all, plan)

    async def _suggest(
        self, index: Index, text: str, country: str, age_level: int, limit: int
    ) -> Suggestions:
        plan = await self._planner.plan(text, index.backend.known, typed=True)
        found = await index.backend.find(plan, limit=SUGGESTED_OUT_OF)
        table = index.table
        allowed = facets.visible(table, country, age_level)
        shown = [place for place in found.scores if place in allowed]
        if len(shown) < limit and not found.is_all:
            again = await index.backend.find(plan, limit=MATCHES_MAX)
            shown = [place for place in again.scores if place in allowed]
        named = self._named(table, allowed, text)
        apps = [
            Suggestion(kind="app", name=table.titles[place], id=UUID(bytes=table.ids[place]))
            for place in shown[: max(1, limit - len(named))]
        ]
        corrected = plan.corrected_to if apps and _is_confirmed(plan, apps[0].name) else None
        return Suggestions(items=[*apps, *named][:limit], corrected_to=corrected)

    def _named(self, table: Table, allowed: BitMap, text: str) -> list[Suggestion]:
        """Return the creators and tags of most apps that begin so; none that would lead to an empty list."""
        if len(text) < NAMED_FROM:
            return []
        found: dict[tuple[str, str], tuple[int, str]] = {}
        for named in self._names.beginning(text):
            count = allowed.intersection_cardinality(table.groups[named.kind].get(named.slug, _NOBODY))
            if count:
                found.setdefault((named.kind, named.slug), (count, named.name))
        best = sorted(found.items(), key=lambda item: (-item[1][0], item[0]))[:NAMED_MAX]
        return [
            Suggestion(kind="creator" if kind == "creator" else "tag", name=name, slug=slug)
            for (kind, slug), (_, name) in best
        ]

    async def _correction(self, index: Index, text: str, matches: _Matches) -> str | None:
        """Return what the words were taken for, when the best of what was found says otherwise."""
        if not matches.scores:
            return None
        asked = normaliser.words(text)
        best = max(matches.scores, key=lambda place: matches.scores[place])
        title = normaliser.words(index.table.titles[best])
        if matches.plan.corrected_to is not None:
            asked = matches.plan.corrected_to.split()
        known = await index.backend.known(asked)
        read = [word if word in known else closest(word, title) or word for word in asked]
        return " ".join(read) if read != normaliser.words(text) else None


def _is_confirmed(plan: Plan, title: str) -> bool:
    """Return whether the best title shows that the other layout was meant: a guess that nothing bears out is not told."""
    if plan.corrected_to is None or not plan.is_guess:
        return True
    last = plan.corrected_to.split()[-1]
    return any(word.startswith(last) for word in normaliser.words(title))


def check(query: SearchQuery) -> None:
    """Refuse what cannot be meant, by the names that the public contract has for it.

    Raises:
        InvalidInput: A range is upside down or a number is out of bounds; names the fields.
    """
    faults = [
        FieldError(field, "out_of_range", f"from 0 to {most}", str(most))
        for field, number, most in (
            ("price_min", query.price_min, MINOR_MAX),
            ("price_max", query.price_max, MINOR_MAX),
            ("discount_min", query.discount_min, 100),
            ("review_min", query.score_min, 100),
            ("reviews_min", query.reviews_min, MINOR_MAX),
        )
        if number is not None and not 0 <= number <= most
    ]
    for low, high, field in (
        (query.price_min, query.price_max, "price_max"),
        (
            query.released_from.toordinal() if query.released_from else None,
            query.released_to.toordinal() if query.released_to else None,
            "released_before",
        ),
    ):
        if low is not None and high is not None and low > high:
            faults.append(FieldError(field, "range_upside_down", "the end lies before the beginning"))
    if faults:
        raise InvalidInput("search: " + ", ".join(fault.field for fault in faults), fields=faults)


def fingerprint_of(query: SearchQuery) -> int:
    """Return what tells a query from others whose pages are not its pages."""
    nobody: frozenset[UUID] = frozenset()
    plain = msgspec.structs.replace(
        query,
        text=normaliser.normalise(query.text),
        cursor=None,
        limit=1,
        facets=(),
        owned=nobody,
        wishlisted=nobody,
        ignored=nobody,
    )
    return crc32(msgspec.msgpack.encode(plain))


def _page(
    table: Table,
    query: SearchQuery,
    found: BitMap,
    matches: _Matches | None,
    after: SearchKey | None,
    fingerprint: int,
) -> tuple[list[int], str | None]:
    """Return the places of the page and the cursor behind it."""
    count = query.limit + 1
    titles = table.shown[query.language]
    scores = matches.scores if matches is not None and query.sort == "relevance" else None
    keys = [] if scores is not None or query.sort == "title" else facets.keys_of(table, query)

    def key_of(place: int) -> SearchKey:
        numbers = [key.numbers.get(place) for key in keys]
        if scores is not None:
            numbers = [scores.get(place, 0)]
        title = titles.key(place) if query.sort == "title" else ""
        return SearchKey(fingerprint, numbers, title, UUID(bytes=table.ids[place]))

    if after is not None and not after.numbers and not after.title:
        # A page that PostgreSQL gave ends with an app and no more.
        place = table.place_of(after.id.bytes)
        after = None if place is None else key_of(place)
    if query.sort == "title":
        behind = (after.title, after.id.bytes) if after else None
        places = titles.first(found, count, behind, table.ids)
    elif scores is not None:
        places = _by_relevance(table, found, scores, after, count)
    else:
        if after is not None and len(after.numbers) == len(keys):
            found = beyond(found, keys, after.numbers, after.id.bytes, table.ids)
        places = in_order(found, keys, count, table.ids)
    if len(places) <= query.limit:
        return places, None
    return places[: query.limit], encode_cursor(key_of(places[query.limit - 1]))


def _by_relevance(
    table: Table, found: BitMap, scores: dict[int, int], after: SearchKey | None, count: int
) -> list[int]:
    ranked = ((-scores[place], table.ids[place], place) for place in found)
    if after is not None:
        last = (-(after.numbers[0] or 0) if after.numbers else 0, after.id.bytes)
        ranked = (entry for entry in ranked if entry[:2] > last)
    return [place for _, _, place in nsmallest(count, ranked)]
