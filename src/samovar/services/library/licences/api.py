"""REST: what a player owns."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.pagination import LIMIT_DEFAULT, Limit, Page
from samovar.kit.routes import get
from samovar.services.library.errors import GameNotFound
from samovar.services.library.licences.schemas import OwnedGame, OwnedGameDetails
from samovar.services.library.licences.use_cases import Licences


@get("/v1/library", auth="player", raises=(InvalidInput,))
async def list_games(
    caller: Caller, licences: Licences, cursor: str | None = None, limit: Limit = LIMIT_DEFAULT
) -> Page[OwnedGame]:
    """List what one owns: games, DLC and all other apps that a licence in force opens; the newest first."""
    return await licences.games(caller.account_id, cursor, limit)


@get("/v1/library/{game_id:uuid}", auth="player", raises=(GameNotFound,))
async def get_game(game_id: UUID, caller: Caller, licences: Licences) -> OwnedGameDetails:
    """Return one thing that one owns, and the licences that open it."""
    return await licences.game(caller.account_id, game_id)
