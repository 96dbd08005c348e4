"""REST: lists of games and suggestions."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta

from samovar.kit.clock import Clock
from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import CURSOR_LENGTH_MAX, LIMIT_DEFAULT, Limit
from samovar.kit.rest.answers import AnswerOf
from samovar.kit.routes import Cache, get
from samovar.services.catalog.listing.filters import TEXT_LENGTH_MAX, Filters
from samovar.services.catalog.listing.schemas import GameList, SuggestionList
from samovar.services.catalog.listing.use_cases import Listing
from samovar.services.catalog.viewers.audience import AcceptLanguage, CountryParameter

SUGGESTED_DEFAULT = 8
SUGGESTED_MAX = 10
# The index follows a change within a second, the purge of the gateway's copy at once: a longer life would keep the index of before.
CACHE_TTL_S = 1
_CHANGES = ("catalog.v1.search_changed", "catalog.v1.prices_changed")

Cursor = Annotated[str, Meta(max_length=CURSOR_LENGTH_MAX)]
Typed = Annotated[str, Meta(max_length=TEXT_LENGTH_MAX, description="What was typed so far.")]
SuggestLimit = Annotated[int, Meta(ge=1, le=SUGGESTED_MAX)]


@get(
    "/v1/games",
    auth="public",
    cache=Cache(
        ttl_s=CACHE_TTL_S,
        tags=_CHANGES,
        query=(*Filters.__struct_fields__, "country", "limit", "cursor"),
        anonymous_only=True,
    ),
    raises=(InvalidInput,),
)
async def list_games(
    filters: Filters,
    caller: Caller | None,
    listing: Listing,
    clock: Clock,
    country: CountryParameter = None,
    limit: Limit = LIMIT_DEFAULT,
    cursor: Cursor | None = None,
    spoken: AcceptLanguage = None,
) -> AnswerOf[GameList]:
    """Find, filter, sort and count games.

    Whoever is signed in sees what they own and want, and not what they ignore. Nothing above the caller's age level and nothing that is
    not shown in the country is found or counted.
    """
    page, valid_until = await listing.find(
        filters, caller, country=country, language=spoken, limit=limit, cursor=cursor
    )
    return AnswerOf(page, headers=_held_until(valid_until, clock.now(), caller))


@get(
    "/v1/search/suggest",
    auth="public",
    cache=Cache(ttl_s=CACHE_TTL_S, tags=_CHANGES, query=("q", "country", "limit"), anonymous_only=True),
    raises=(InvalidInput,),
)
async def suggest(
    q: Typed,
    caller: Caller | None,
    listing: Listing,
    country: CountryParameter = None,
    limit: SuggestLimit = SUGGESTED_DEFAULT,
    language: AcceptLanguage = None,
) -> SuggestionList:
    """Suggest games, creators and tags for what is being typed, in whatever spelling or keyboard layout."""
    return await listing.suggest(q, caller, country=country, language=language, limit=limit)


def _held_until(valid_until: datetime | None, now: datetime, caller: Caller | None) -> dict[str, str]:
    """Say for how long an answer holds: no longer than its prices do."""
    if caller is not None:
        return {"Cache-Control": "private, no-cache"}
    if valid_until is None:
        return {}
    return {"Cache-Control": f"max-age={max(0, int((valid_until - now).total_seconds()))}"}
