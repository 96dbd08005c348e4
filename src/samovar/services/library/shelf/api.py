"""REST: what a player has."""

from typing import Annotated
from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.i18n import language_of
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.rest.parameters import header
from samovar.kit.routes import RateLimit, get, patch
from samovar.services.library.collections.errors import CollectionNotFound, CollectionsFull
from samovar.services.library.errors import GameNotFound
from samovar.services.library.shelf.schemas import GameChange, ShelfGame, ShelfGameDetails, ShelfQuery
from samovar.services.library.shelf.use_cases import Shelf

BODY_BYTES_MAX = 16_384
# Somebody who types looks at a list with every letter.
_READ = RateLimit(600, per_s=60, by="account")
_WRITTEN = RateLimit(600, per_s=60, by="account")

AcceptLanguage = Annotated[str | None, header("Accept-Language")]


@get("/v1/library", auth="player", rate_limit=_READ, raises=(InvalidInput,))
async def list_games(
    filters: ShelfQuery,
    caller: Caller,
    shelf: Shelf,
    cursor: str | None = None,
    limit: Limit = LIMIT_DEFAULT,
    spoken: AcceptLanguage = None,
) -> Page[ShelfGame]:
    """Find, filter and sort what one has: games, each with its DLC, and whatever else a licence or the family opens."""
    return await shelf.games(
        caller.account_id, filters, language=language_of(spoken), cursor=cursor, limit=limit
    )


@get("/v1/library/{game_id:uuid}", auth="player", raises=(GameNotFound,))
async def get_game(game_id: UUID, caller: Caller, shelf: Shelf) -> ShelfGameDetails:
    """Return one thing that one has, may borrow, or had, and the licences of it."""
    return await shelf.game(caller.account_id, game_id)


@patch(
    "/v1/library/{game_id:uuid}",
    auth="player",
    idempotent=True,
    rate_limit=_WRITTEN,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, GameNotFound, CollectionNotFound, CollectionsFull),
)
async def change_game(game_id: UUID, data: GameChange, caller: Caller, shelf: Shelf) -> ShelfGameDetails:
    """Hide a game, make it a favourite, put it into collections: what is absent stays as it is."""
    return await shelf.change(caller.account_id, game_id, data)
