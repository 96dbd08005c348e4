"""REST: a client tells that it has opened a page."""

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.rest.app import Request
from samovar.kit.rest.client import address_of, network_of
from samovar.kit.routes import RateLimit, post
from samovar.services.catalog.apps.names import Game
from samovar.services.catalog.attention.schemas import ViewNote
from samovar.services.catalog.attention.use_cases import PageViews
from samovar.services.catalog.errors import AgeRestricted, AppNotFound

USER_AGENT_LENGTH_MAX = 512
BODY_BYTES_MAX = 1_024


@post(
    "/v1/games/{game:str}/views",
    auth="public",
    status=204,
    rate_limit=RateLimit(120),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, AppNotFound, AgeRestricted),
)
async def note_view(
    game: Game, data: ViewNote, caller: Caller | None, page_views: PageViews, request: Request
) -> None:
    """Tell that somebody has opened the page of a game, and where they came from.

    Pages themselves are kept by the gateway, so that nobody else knows. One visitor counts once in half an hour; nothing of them is kept.
    """
    await page_views.note(
        game,
        data.source,
        caller=caller,
        network=network_of(address_of(request)),
        user_agent=request.headers.get("user-agent", "")[:USER_AGENT_LENGTH_MAX],
    )
