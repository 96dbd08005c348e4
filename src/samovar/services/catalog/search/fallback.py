"""What answers while the index is away: PostgreSQL's own full-text search, with trigrams for close titles.

It knows no layouts, aliases or lost spaces, counts no facets, and passes over filters and orders by price, score and reviews. What the viewer
may see it keeps to as strictly as the index does.
"""

from uuid import UUID

from samovar.kit.database import Database
from samovar.kit.pagination import encode_cursor
from samovar.services.catalog.search import normaliser, repository
from samovar.services.catalog.search.schemas import (
    SearchKey,
    SearchQuery,
    SearchResult,
    Suggestion,
    Suggestions,
)

TEXT_LENGTH_MAX = 200
COUNTED_MAX = 1_000


class Fallback:
    """Searches in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(self, query: SearchQuery, after: UUID | None, fingerprint: int) -> SearchResult:
        """Return a page of what fits."""
        text = normaliser.normalise(query.text)[:TEXT_LENGTH_MAX].strip()
        if query.text.strip() and not text:
            return SearchResult(ids=[], total=0, degraded=True)
        ids = await repository.find_by_sql(self._database, query, text, after)
        total = await repository.count_by_sql(self._database, query, text, most=COUNTED_MAX)
        cursor: str | None = None
        if len(ids) > query.limit:
            cursor = encode_cursor(SearchKey(fingerprint, [], "", ids[query.limit - 1]))
        return SearchResult(
            ids=ids[: query.limit],
            total=total,
            total_is_exact=total < COUNTED_MAX,
            next_cursor=cursor,
            degraded=True,
        )

    async def suggest(self, text: str, *, country: str, age_level: int, limit: int) -> Suggestions:
        """Return apps whose titles begin so, or are close."""
        query = SearchQuery(country=country, age_level=age_level, limit=limit)
        typed = normaliser.normalise(text)[:TEXT_LENGTH_MAX].strip()
        found = await repository.find_titles(self._database, query, typed) if typed else []
        items = [Suggestion(kind="app", name=row.title, id=row.id) for row in found]
        return Suggestions(items=items, degraded=True)
