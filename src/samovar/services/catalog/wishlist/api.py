"""REST: what one wants, what one does not want to see, and how many want a game."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import RateLimit, delete, get, put
from samovar.services.catalog.errors import AgeRestricted, AppNotFound
from samovar.services.catalog.viewers.audience import AcceptLanguage, CountryParameter
from samovar.services.catalog.wishlist.domain import WishSort
from samovar.services.catalog.wishlist.errors import AlreadyOwned, AppIgnored, ListFull
from samovar.services.catalog.wishlist.schemas import (
    IgnoredItem,
    IgnoredState,
    Rank,
    WishCount,
    WishItem,
    WishState,
)
from samovar.services.catalog.wishlist.use_cases import REPORT, IgnoredApps, Wishlists, WishReports

# Only a program presses these buttons more often.
WRITES = RateLimit(120, per_s=60, by="account")


@get("/v1/wishlist", auth="player", raises=(InvalidInput,))
async def list_wishes(
    caller: Caller,
    wishlists: Wishlists,
    sort: WishSort = "rank",
    country: CountryParameter = None,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
    accept_language: AcceptLanguage = None,
) -> Page[WishItem]:
    """List what one wants: in one's own order, the latest added, the greatest discount, the lowest price or by title."""
    return await wishlists.list_wishes(
        caller, sort=sort, country=country, accept_language=accept_language, cursor=cursor, limit=limit
    )


@put(
    "/v1/wishlist/{game_id:uuid}",
    auth="player",
    rate_limit=WRITES,
    raises=(InvalidInput, AppNotFound, AgeRestricted, AlreadyOwned, AppIgnored, ListFull),
)
async def put_wish(
    game_id: UUID, caller: Caller, wishlists: Wishlists, rank: Rank | None = None
) -> WishState:
    """Want a game, at the end of the list or at a place of it; what is wanted already is moved there."""
    return await wishlists.put(caller, game_id, rank)


@delete("/v1/wishlist/{game_id:uuid}", auth="player", rate_limit=WRITES)
async def remove_wish(game_id: UUID, caller: Caller, wishlists: Wishlists) -> None:
    """Want a game no longer."""
    await wishlists.remove(caller, game_id)


@get("/v1/ignored", auth="player", raises=(InvalidInput,))
async def list_ignored(
    caller: Caller,
    ignored_apps: IgnoredApps,
    country: CountryParameter = None,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
    accept_language: AcceptLanguage = None,
) -> Page[IgnoredItem]:
    """List what one does not want to be shown, the latest first."""
    return await ignored_apps.list_ignored(
        caller, country=country, accept_language=accept_language, cursor=cursor, limit=limit
    )


@put(
    "/v1/ignored/{game_id:uuid}",
    auth="player",
    rate_limit=WRITES,
    raises=(AppNotFound, AgeRestricted, ListFull),
)
async def ignore_game(game_id: UUID, caller: Caller, ignored_apps: IgnoredApps) -> IgnoredState:
    """Be shown a game in lists no longer; it leaves the wishlist."""
    return await ignored_apps.put(caller, game_id)


@delete("/v1/ignored/{game_id:uuid}", auth="player", rate_limit=WRITES)
async def stop_ignoring_game(game_id: UUID, caller: Caller, ignored_apps: IgnoredApps) -> None:
    """Be shown a game again."""
    await ignored_apps.remove(caller, game_id)


@get(
    "/v1/dev/apps/{app_id:uuid}/wishlist-count",
    auth="player",
    permissions=(REPORT,),
    raises=(AppNotFound,),
)
async def count_wishes(app_id: UUID, caller: Caller, wish_reports: WishReports) -> WishCount:
    """Tell the developer of a game how many people want it."""
    return await wish_reports.count(caller, app_id)
