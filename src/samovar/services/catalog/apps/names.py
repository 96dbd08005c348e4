"""How things are named: in paths by their id or by their slug, in the cache by tags."""

from typing import Annotated
from uuid import UUID

from msgspec import Meta

from samovar.services.catalog.domain import SLUG_LENGTH_MAX

Game = Annotated[str, Meta(max_length=SLUG_LENGTH_MAX, description="The id or the slug of an app.")]


def id_of(name: str) -> UUID | None:
    """Return the id in a path, none where a slug stands there. An id is written as we write it: 36 characters."""
    try:
        found = UUID(name)
    except ValueError:
        return None
    return found if str(found) == name.lower() else None


def cache_tag(app_id: UUID) -> str:
    """Return the tag in the cache of all that shows an app."""
    return f"app:{app_id}"
