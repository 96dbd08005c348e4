"""What one can do with lists of games."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET

from samovar.kit.database import Database
from samovar.kit.identity import Caller
from samovar.services.catalog.listing.filters import Filters
from samovar.services.catalog.listing.items import Items
from samovar.services.catalog.listing.names import FacetNames
from samovar.services.catalog.listing.schemas import GameItem, GameList, Suggestion, SuggestionList
from samovar.services.catalog.search.engine import SearchEngine
from samovar.services.catalog.search.schemas import Suggestion as Found
from samovar.services.catalog.viewers.audience import Audience
from samovar.services.catalog.wishlist import marks_of
from samovar.services.catalog.wishlist.marks_of import NOBODY


class Listing:
    """Finds, filters and suggests games."""

    def __init__(
        self, database: Database, *, engine: SearchEngine, audience: Audience, items: Items, names: FacetNames
    ) -> None:
        self._database = database
        self._engine = engine
        self._audience = audience
        self._items = items
        self._names = names

    async def find(
        self,
        filters: Filters,
        caller: Caller | None,
        *,
        country: str | None,
        language: str | None,
        limit: int,
        cursor: str | None,
    ) -> tuple[GameList, datetime | None]:
        """Return a page of games, and until when its prices hold.

        Raises:
            InvalidInput: There is no such country, a range is upside down, or the cursor belongs to another list.
        """
        viewer = await self._audience.of(caller, country=country, language=language)
        marks = await marks_of.of(self._database, viewer.account_id) if viewer.account_id else NOBODY
        asked = filters.as_search()
        found = await self._engine.search(
            msgspec.structs.replace(
                asked,
                language=viewer.language,
                country=viewer.country,
                age_level=viewer.age_level
                if filters.age_max is None
                else min(viewer.age_level, filters.age_max),
                owned=marks.owned,
                wishlisted=marks.wishlisted,
                ignored=marks.ignored,
                limit=limit,
                cursor=cursor,
            )
        )
        listed, named = await asyncio.gather(
            self._items.of(found.ids, viewer, marks=marks),
            self._names.of(found.facets, viewer.language),
        )
        page = GameList(
            items=listed.items,
            next_cursor=found.next_cursor,
            total=found.total,
            total_is_exact=found.total_is_exact,
            facets=named if filters.facets else UNSET,
            corrected_to=found.corrected_to,
            degraded=found.degraded,
        )
        return page, listed.valid_until

    async def suggest(
        self, text: str, caller: Caller | None, *, country: str | None, language: str | None, limit: int
    ) -> SuggestionList:
        """Return what somebody who is typing may mean; nothing that they may not see.

        Raises:
            InvalidInput: There is no such country.
        """
        viewer = await self._audience.of(caller, country=country, language=language)
        found = await self._engine.suggest(
            text, country=viewer.country, age_level=viewer.age_level, limit=limit
        )
        listed = await self._items.of([one.id for one in found.items if one.id], viewer)
        items = {item.id: item for item in listed.items}
        return SuggestionList(
            items=[suggestion for one in found.items if (suggestion := _suggestion(one, items))],
            corrected_to=found.corrected_to,
            degraded=found.degraded,
        )


def _suggestion(found: Found, items: Mapping[UUID, GameItem]) -> Suggestion | None:
    """Return what is shown of a suggestion; none for an app that has just gone."""
    if found.id is None:
        return Suggestion(kind=found.kind, name=found.name, slug=found.slug or "")
    item = items.get(found.id)
    return Suggestion(kind=found.kind, name=item.title, slug=item.slug, item=item) if item else None
