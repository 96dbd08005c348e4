"""REST: recommendations, each with its reason."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta

from samovar.kit.errors import FieldError, InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.routes import Cache, get
from samovar.services.catalog.apps.names import Game
from samovar.services.catalog.errors import AgeRestricted, AppNotFound
from samovar.services.catalog.recommendations.schemas import Recommendations
from samovar.services.catalog.recommendations.use_cases import Recommender
from samovar.services.catalog.viewers.audience import AcceptLanguage, CountryParameter

LIMIT_DEFAULT = 12
LIMIT_MAX = 48
# Tastes change slowly; what costs what is read anew all the same, since an answer says how long its prices hold.
_SHORTLY = Cache(
    ttl_s=5, tags=("catalog.v1.prices_changed",), query=("country", "limit"), anonymous_only=True
)

Limit = Annotated[int, Meta(ge=1, le=LIMIT_MAX)]
Surface = Annotated[
    Literal["home", "similar"], Meta(description="`home`: for the caller; `similar`: like `game_id`.")
]


@get("/v1/recommendations", auth="public", raises=(AppNotFound, AgeRestricted, InvalidInput))
async def recommend(
    surface: Surface,
    caller: Caller | None,
    recommender: Recommender,
    game_id: UUID | None = None,
    country: CountryParameter = None,
    limit: Limit = LIMIT_DEFAULT,
    language: AcceptLanguage = None,
) -> Recommendations:
    """Recommend games by tags and popularity, and say why each is shown. What the caller owns, wants or ignores is left out."""
    if surface == "home":
        return await recommender.for_home(caller, country=country, language=language, limit=limit)
    if game_id is None:
        raise InvalidInput("game_id", fields=[FieldError("game_id", "missing", "what it should be like")])
    return await recommender.like(game_id, caller, country=country, language=language, limit=limit)


@get(
    "/v1/games/{game:str}/similar",
    auth="public",
    cache=_SHORTLY,
    raises=(AppNotFound, AgeRestricted, InvalidInput),
)
async def list_similar(
    game: Game,
    caller: Caller | None,
    recommender: Recommender,
    country: CountryParameter = None,
    limit: Limit = LIMIT_DEFAULT,
    language: AcceptLanguage = None,
) -> Recommendations:
    """List games that are like one, and what they have in common."""
    return await recommender.like(game, caller, country=country, language=language, limit=limit)
