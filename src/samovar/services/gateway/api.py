"""REST: what the gateway answers itself."""

from typing import Annotated, Literal

from msgspec import Meta

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.app import Request
from samovar.kit.rest.parameters import header
from samovar.kit.routes import get
from samovar.kit.text.countries import COUNTRIES
from samovar.services.gateway.edge.aggregates import Aggregates, Part
from samovar.services.gateway.pages import StaticPage
from samovar.services.gateway.status import PlatformStatus, Statuses

Country = Annotated[str, Meta(pattern=r"^[A-Z]{2}\Z", description="Whose prices: ISO 3166-1 alpha-2.")]
Slug = Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,96}\Z", description="The slug or the id of an app.")]

HOME = (
    Part("me", "auth", "/v1/auth/me", signed_in=True),
    Part("popular", "catalog", "/v1/games?sort=popularity&limit=12{country}"),
    Part("discounted", "catalog", "/v1/games?discounted=true&sort=popularity&limit=12{country}"),
    Part("new", "catalog", "/v1/games?stage=released&stage=early_access&sort=new&limit=12{country}"),
    Part("coming", "catalog", "/v1/games?stage=coming_soon&sort=popularity&limit=12{country}"),
    Part("recommended", "catalog", "/v1/recommendations?surface=home&limit=12{country}"),
    Part("sales", "catalog", "/v1/sales"),
)
GAME = (
    Part("game", "catalog", "/v1/games/{game}?{country}", required=True),
    Part("similar", "catalog", "/v1/games/{game}/similar?limit=8{country}"),
    Part("reviews", "catalog", "/v1/games/{game}/reviews?sort=helpful&limit=5{country}"),
    Part("price_history", "catalog", "/v1/games/{game}/price-history?{country}"),
    Part("me", "auth", "/v1/auth/me", signed_in=True),
)
LIBRARY = (
    Part("games", "library", "/v1/library?sort={sort}&limit=48", required=True, signed_in=True),
    Part("recent", "library", "/v1/library?sort=played&limit=6", signed_in=True),
    Part("collections", "library", "/v1/collections", signed_in=True),
    Part("downloads", "download", "/v1/downloads?limit=24", signed_in=True),
    Part("me", "auth", "/v1/auth/me", signed_in=True),
)


@get("/healthz", auth="public")
async def be_healthy() -> dict[str, str]:
    """Tell that the gateway answers; nothing behind it is asked."""
    return {"status": "ok"}


@get("/v1/status", auth="public")
async def show_status(statuses: Statuses) -> PlatformStatus:
    """Show how every service is, and what it depends on.

    Always 200: a service that is away is news, not an error.
    """
    return await statuses.now()


@get("/openapi.json", auth="public")
async def show_openapi(
    openapi: StaticPage, if_none_match: Annotated[str | None, header("If-None-Match")] = None
) -> Answer:
    """Show the contract of all services as one OpenAPI 3.1 document."""
    return openapi.answer(if_none_match)


@get("/docs", auth="public", media_type="text/html")
async def show_docs(
    docs: StaticPage, if_none_match: Annotated[str | None, header("If-None-Match")] = None
) -> Answer:
    """Show the same contract to people."""
    return docs.answer(if_none_match)


@get("/v1/pages/home", auth="public", raises=(InvalidInput,))
async def show_home(request: Request, aggregates: Aggregates, country: Country | None = None) -> Answer:
    """Show all that the first screen needs, in one call.

    A part that is away is null, and named in `missing`.
    """
    return await aggregates.show(HOME, dict(request.headers), country=_asking_for(country))


@get("/v1/pages/games/{slug:str}", auth="public", raises=(InvalidInput,))
async def show_game_page(
    slug: Slug, request: Request, aggregates: Aggregates, country: Country | None = None
) -> Answer:
    """Show all that the page of a game needs, in one call.

    A part that is away is null, and named in `missing`. When there is no such game, or the caller may not see it, the answer is the
    catalog's.
    """
    return await aggregates.show(GAME, dict(request.headers), game=slug, country=_asking_for(country))


@get("/v1/pages/library", auth="player")
async def show_library_page(
    request: Request,
    aggregates: Aggregates,
    sort: Literal["added", "play_time", "played", "title"] = "added",
) -> Answer:
    """Show all that the first screen of the library needs, in one call: games, what was played last, collections and downloads.

    Further games come from `/v1/library` with the cursor of `games`. A part that is away is null, and named in `missing`.
    """
    return await aggregates.show(LIBRARY, dict(request.headers), sort=sort)


def _asking_for(country: str | None) -> str:
    """Return what the parts are asked besides.

    Raises:
        InvalidInput: There is no such country: every part would refuse it, and the screen would be empty without a word.
    """
    if country is not None and country not in COUNTRIES:
        raise InvalidInput(
            country, fields=[FieldError("country", "country_unknown", "there is no such country")]
        )
    return f"&country={country}" if country else ""
