"""The SQL of words and creators: reading them."""

from uuid import UUID

from samovar.kit.database import Database
from samovar.services.catalog.apps.schemas import Named
from samovar.services.catalog.apps.vocabulary.schemas import Creator
from samovar.services.catalog.domain import Language, TermKind

_CREATOR = "SELECT id, slug, name, website, followers FROM creators"


async def list_terms(database: Database, kind: TermKind, language: Language, limit: int) -> list[Named]:
    """Return the words of a kind, at most so many."""
    return await database.fetch(
        "SELECT slug, coalesce(names->>$2, names->>'ru') AS name FROM terms WHERE kind = $1 ORDER BY slug LIMIT $3",
        kind,
        language,
        limit,
        into=Named,
    )


async def find_creator_by_id(database: Database, creator_id: UUID) -> Creator | None:
    """Return a creator."""
    return await database.fetch_one(f"{_CREATOR} WHERE id = $1", creator_id, into=Creator)


async def find_creator_by_slug(database: Database, slug: str) -> Creator | None:
    """Return a creator."""
    return await database.fetch_one(f"{_CREATOR} WHERE slug = $1", slug, into=Creator)
