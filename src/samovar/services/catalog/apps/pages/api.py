"""REST: pages of apps."""

from samovar.kit.clock import Clock
from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.answers import AnswerOf
from samovar.kit.routes import RateLimit, get
from samovar.services.catalog.apps.answering import KEPT, KEPT_PAGES, IfNoneMatch, answer
from samovar.services.catalog.apps.names import Game
from samovar.services.catalog.apps.pages.schemas import ChangelogEntry, GamePage
from samovar.services.catalog.apps.pages.use_cases import Pages
from samovar.services.catalog.errors import AgeRestricted, AppNotFound
from samovar.services.catalog.listing.schemas import GameItem
from samovar.services.catalog.viewers.audience import AcceptLanguage, Audience, CountryParameter

_LIMIT = RateLimit(1_200)


@get(
    "/v1/games/{game:str}",
    auth="public",
    rate_limit=_LIMIT,
    cache=KEPT,
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
) -> AnswerOf[GamePage]:
    """Show the page of a game, a DLC or any other app, in the reader's language and with the prices of their country.

    A page above the reader's confirmed age is 403, one that is not shown in the country 404.
    """
    viewer = await audience.of(caller, country=country, language=language)
    shown = await pages.show(game, viewer)
    return answer(
        shown.value,
        caller,
        valid_until=shown.valid_until,
        now=clock.now(),
        if_none_match=if_none_match,
    )


@get(
    "/v1/games/{game:str}/dlc",
    auth="public",
    rate_limit=_LIMIT,
    cache=KEPT_PAGES,
    raises=(AppNotFound, AgeRestricted, InvalidInput),
)
async def list_dlc(
    game: Game,
    caller: Caller | None,
    pages: Pages,
    audience: Audience,
    clock: Clock,
    country: CountryParameter = None,
    language: AcceptLanguage = None,
    limit: Limit = LIMIT_DEFAULT,
    cursor: str | None = None,
    if_none_match: IfNoneMatch = None,
) -> AnswerOf[Page[GameItem]]:
    """List the DLC, soundtracks and demos of a game, the latest first."""
    viewer = await audience.of(caller, country=country, language=language)
    shown = await pages.belonging(game, viewer, limit=limit, cursor=cursor)
    return answer(
        shown.value,
        caller,
        valid_until=shown.valid_until,
        now=clock.now(),
        if_none_match=if_none_match,
    )


@get(
    "/v1/games/{game:str}/changelog",
    auth="public",
    rate_limit=_LIMIT,
    cache=KEPT_PAGES,
    raises=(AppNotFound, AgeRestricted, InvalidInput),
)
async def list_changelog(
    game: Game,
    caller: Caller | None,
    pages: Pages,
    audience: Audience,
    clock: Clock,
    country: CountryParameter = None,
    language: AcceptLanguage = None,
    limit: Limit = LIMIT_DEFAULT,
    cursor: str | None = None,
    if_none_match: IfNoneMatch = None,
) -> AnswerOf[Page[ChangelogEntry]]:
    """List what changed in a game, the latest first."""
    viewer = await audience.of(caller, country=country, language=language)
    entries = await pages.changelog(game, viewer, limit=limit, cursor=cursor)
    return answer(entries, caller, now=clock.now(), if_none_match=if_none_match)
