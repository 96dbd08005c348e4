"""REST: pages of apps."""

import math
from datetime import datetime
from typing import Annotated

from msgspec import Meta
from msgspec.json import encode

from samovar.kit.clock import Clock
from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.etags import etag_of
from samovar.kit.rest.parameters import header
from samovar.kit.routes import Cache, RateLimit, get
from samovar.services.catalog.apps.pages.schemas import ChangelogEntry
from samovar.services.catalog.apps.pages.use_cases import Pages
from samovar.services.catalog.contract.events import AppChanged, PricesChanged
from samovar.services.catalog.domain import SLUG_LENGTH_MAX
from samovar.services.catalog.errors import AgeRestricted, AppNotFound
from samovar.services.catalog.listing.schemas import GameItem
from samovar.services.catalog.viewers.audience import AcceptLanguage, Audience, CountryParameter

_TAGS = tuple(event.subject.removeprefix("samovar.") for event in (AppChanged, PricesChanged))
_KEPT = Cache(ttl_s=30, stale_s=30, tags=_TAGS, query=("country",), anonymous_only=True)
_LIMIT = RateLimit(1_200)

Game = Annotated[str, Meta(max_length=SLUG_LENGTH_MAX, description="The id or the slug of an app.")]
IfNoneMatch = Annotated[Annotated[str, Meta(max_length=512)] | None, header("If-None-Match")]


@get(
    "/v1/games/{game:str}",
    auth="public",
    rate_limit=_LIMIT,
    cache=_KEPT,
    raises=(AppNotFound, AgeRestricted, InvalidInput),
)
async def show_game(
    game: Game,
    caller: Caller | None,
    pages: Pages,
    audience: Audience,
    clock: Clock,
    country: CountryParameter = None,
    language: AcceptLanguage = None,
    if_none_match: IfNoneMatch = None,
) -> Answer:
    """Show the page of a game, a DLC or any other app, in the reader's language and with the prices of their country.

    A page above the reader's confirmed age is 403, one that is not shown in the country 404.
    """
    viewer = await audience.of(caller, country=country, language=language)
    shown = await pages.show(game, viewer)
    body = encode(shown.page)
    headers = {"ETag": etag_of(body), "Vary": "Accept-Language"}
    if caller:
        headers["Cache-Control"] = "private, no-cache"
    elif shown.valid_until:
        headers["Cache-Control"] = f"public, max-age={_seconds_until(shown.valid_until, clock.now())}"
    if if_none_match and headers["ETag"] in if_none_match:
        return Answer(status=304, headers=headers)
    return Answer(body, headers=headers)


@get(
    "/v1/games/{game:str}/dlc",
    auth="public",
    rate_limit=_LIMIT,
    raises=(AppNotFound, AgeRestricted, InvalidInput),
)
async def list_dlc(
    game: Game,
    caller: Caller | None,
    pages: Pages,
    audience: Audience,
    country: CountryParameter = None,
    language: AcceptLanguage = None,
    limit: Limit = LIMIT_DEFAULT,
    cursor: str | None = None,
) -> Page[GameItem]:
    """List the DLC, soundtracks and demos of a game, the latest first."""
    viewer = await audience.of(caller, country=country, language=language)
    return await pages.belonging(game, viewer, limit=limit, cursor=cursor)


@get(
    "/v1/games/{game:str}/changelog",
    auth="public",
    rate_limit=_LIMIT,
    raises=(AppNotFound, AgeRestricted, InvalidInput),
)
async def list_changelog(
    game: Game,
    caller: Caller | None,
    pages: Pages,
    audience: Audience,
    country: CountryParameter = None,
    language: AcceptLanguage = None,
    limit: Limit = LIMIT_DEFAULT,
    cursor: str | None = None,
) -> Page[ChangelogEntry]:
    """List what changed in a game, the latest first."""
    viewer = await audience.of(caller, country=country, language=language)
    return await pages.changelog(game, viewer, limit=limit, cursor=cursor)


def _seconds_until(moment: datetime, now: datetime) -> int:
    """Return for how many whole seconds an answer holds; one less, for the way to whoever keeps it."""
    return max(0, math.floor((moment - now).total_seconds()) - 1)
