"""REST: what a game cost."""

from uuid import UUID

from samovar.kit.clock import Clock
from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.rest.answers import Answer
from samovar.kit.routes import Cache, get
from samovar.services.catalog.apps.names import Game
from samovar.services.catalog.errors import AgeRestricted, AppNotFound
from samovar.services.catalog.prices.history.schemas import PriceHistory
from samovar.services.catalog.prices.history.use_cases import PriceHistories
from samovar.services.catalog.viewers.audience import Audience, CountryParameter

TTL_S = 60


@get(
    "/v1/games/{game:str}/price-history",
    auth="public",
    cache=Cache(
        ttl_s=TTL_S,
        tags=("catalog.v1.prices_changed", "catalog.v1.app_changed"),
        query=("country", "package_id"),
        anonymous_only=True,
    ),
    raises=(InvalidInput, AppNotFound, AgeRestricted),
)
async def show_price_history(
    game: Game,
    caller: Caller | None,
    audience: Audience,
    price_histories: PriceHistories,
    clock: Clock,
    country: CountryParameter = None,
    package_id: UUID | None = None,
) -> PriceHistory | Answer:
    """Show what a package of this page was really sold for in a country, up to two years back, by default the standard one."""
    viewer = await audience.of(caller, country=country)
    history, valid_until = await price_histories.show(viewer, game, package_id)
    if valid_until is None:
        return history
    # The answer holds until the price changes, and not a second longer.
    left_s = max(0, int((valid_until - clock.now()).total_seconds()))
    return Answer(history, headers={"Cache-Control": f"public, max-age={min(TTL_S, left_s)}"})
