"""The store as HTML, at the addresses that people see."""

import asyncio
import math
from datetime import datetime
from typing import Annotated

from msgspec import Meta

from samovar.kit.clock import Clock
from samovar.kit.database import Database
from samovar.kit.i18n import LANGUAGES, Language, language_of
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.etags import IfNoneMatch, client_has, etag_of
from samovar.kit.routes import Cache, RateLimit, get
from samovar.services.catalog.apps.answering import KEPT
from samovar.services.catalog.apps.names import id_of
from samovar.services.catalog.apps.pages.use_cases import Pages
from samovar.services.catalog.domain import EVERYWHERE, SLUG_LENGTH_MAX
from samovar.services.catalog.errors import AgeRestricted, AppNotFound
from samovar.services.catalog.listing.filters import Filters
from samovar.services.catalog.listing.use_cases import Listing
from samovar.services.catalog.plain import maps, repository
from samovar.services.catalog.plain.rendering import HEADERS, HTML, PlainPages, Shelf
from samovar.services.catalog.settings import CatalogSettings
from samovar.services.catalog.viewers.audience import AcceptLanguage, Audience

GAMES_ON_SHELF = 12
MAP_KEPT_S = 3_600
# How long a browser may keep a page before it asks whether it is still so.
_FRESH_S = 10
_LIMIT = RateLimit(1_200)
_NOT_MODIFIED = 304
_SHELVES = {
    "popular": Filters(sort="popularity"),
    "discounted": Filters(discounted=True, sort="popularity"),
    "new": Filters(stage=("released", "early_access"), sort="new"),
    "coming": Filters(stage=("coming_soon",), sort="popularity"),
}

Lang = Annotated[str, Meta(description="`ru` or `en`; in any other case the reader's language.")] | None
Slug = Annotated[str, Meta(description="The slug of an app, or its id.")]
Part = Annotated[str, Meta(max_length=64, description="The id of the first app of the part, and `.xml`.")]


def _cache(*tags: str) -> Cache:
    return Cache(ttl_s=KEPT.ttl_s, stale_s=KEPT.stale_s, tags=(*KEPT.tags, *tags), query=("lang",))


@get("/game/{game:str}", auth="public", rate_limit=_LIMIT, cache=_cache(), media_type="text/html")
async def show_game_as_html(
    game: Slug,
    pages: Pages,
    audience: Audience,
    plain_pages: PlainPages,
    clock: Clock,
    lang: Lang = None,
    spoken: AcceptLanguage = None,
    if_none_match: IfNoneMatch = None,
) -> Answer:
    """Show the page of an app as plain HTML, with JSON-LD and what previews need; the client starts on top of it.

    What a stranger in the default country may see: an age mark above that is 403, what is not there 404, both as HTML.
    """
    language = _language(lang, spoken)
    viewer = await audience.of(None, language=language)
    try:
        shown = await pages.show(_checked(game), viewer)
    except (AppNotFound, AgeRestricted) as error:
        return plain_pages.refused(error, "/", language)
    if id_of(game) is not None:
        return _moved(f"/game/{shown.value.slug}{'?lang=en' if lang == 'en' else ''}")
    return _answer(
        plain_pages.game(shown.value, language),
        until=shown.valid_until,
        now=clock.now(),
        if_none_match=if_none_match,
    )


@get(
    "/",
    auth="public",
    rate_limit=_LIMIT,
    cache=_cache("catalog.v1.search_changed"),
    media_type="text/html",
)
async def show_store_as_html(
    listing: Listing,
    plain_pages: PlainPages,
    clock: Clock,
    lang: Lang = None,
    spoken: AcceptLanguage = None,
    if_none_match: IfNoneMatch = None,
) -> Answer:
    """Show the first page of the store as plain HTML; the client starts on top of it."""
    language = _language(lang, spoken)
    found = await asyncio.gather(
        *(
            listing.find(filters, None, country=None, language=language, limit=GAMES_ON_SHELF, cursor=None)
            for filters in _SHELVES.values()
        )
    )
    shelves = [Shelf(name, page.items) for name, (page, _) in zip(_SHELVES, found, strict=True)]
    ends = [until for _, until in found if until is not None]
    return _answer(
        plain_pages.home(shelves, language),
        until=min(ends, default=None),
        now=clock.now(),
        if_none_match=if_none_match,
    )


@get("/sitemap.xml", auth="public", rate_limit=_LIMIT, cache=Cache(ttl_s=MAP_KEPT_S), media_type=maps.XML)
async def map_store(database: Database, plain_pages: PlainPages) -> Answer:
    """List the parts of the map of the store."""
    edges = await repository.list_edges(database, maps.PART_SIZE)
    return Answer(maps.index(plain_pages.origin, edges), media_type=maps.XML)


@get(
    "/sitemaps/{part:str}",
    auth="public",
    rate_limit=_LIMIT,
    cache=Cache(ttl_s=MAP_KEPT_S),
    media_type=maps.XML,
    raises=(AppNotFound,),
)
async def map_part(
    part: Part, database: Database, settings: CatalogSettings, plain_pages: PlainPages
) -> Answer:
    """List the pages that a stranger in the default country may see, 5,000 apps a part."""
    first_id = id_of(part.removesuffix(".xml")) if part.endswith(".xml") else None
    if first_id is None:
        raise AppNotFound(part)
    pages = await repository.list_part(database, first_id, maps.PART_SIZE, settings.unknown_age_level)
    seen = [page for page in pages if (page.visible or EVERYWHERE).holds_in(settings.default_country)]
    return Answer(maps.part(plain_pages.origin, seen), media_type=maps.XML)


@get("/robots.txt", auth="public", rate_limit=_LIMIT, cache=Cache(ttl_s=MAP_KEPT_S), media_type="text/plain")
async def show_robots(plain_pages: PlainPages) -> Answer:
    """Say what robots may read."""
    return Answer(maps.robots(plain_pages.origin), media_type="text/plain; charset=utf-8")


def _checked(game: str) -> str:
    """Return the name of a game, unless it is longer than any slug or has a sign that none has: nobody has to be asked then."""
    if len(game) > SLUG_LENGTH_MAX or "\0" in game:
        raise AppNotFound(game[:SLUG_LENGTH_MAX])
    return game


def _language(lang: str | None, spoken: str | None) -> Language:
    return language_of(lang if lang in LANGUAGES else spoken)


def _moved(path: str) -> Answer:
    return Answer(
        status=308, headers={**HEADERS, "Location": path, "Cache-Control": f"public, max-age={_FRESH_S}"}
    )


def _answer(body: bytes, *, until: datetime | None, now: datetime, if_none_match: str | None) -> Answer:
    """Return a page, which holds no longer than its prices do."""
    left_s = _FRESH_S
    if until is not None:
        left_s = min(_FRESH_S, max(0, math.floor((until - now).total_seconds()) - 1))
    headers = {**HEADERS, "ETag": etag_of(body), "Cache-Control": f"public, max-age={left_s}"}
    if client_has(if_none_match, headers["ETag"]):
        return Answer(status=_NOT_MODIFIED, headers=headers)
    return Answer(body, media_type=HTML, headers=headers)
