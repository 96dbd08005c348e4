"""REST: what players do now, told by their games and read by their friends."""

from typing import Annotated
from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.i18n import language_of
from samovar.kit.identity import Caller
from samovar.kit.rest.parameters import header
from samovar.kit.routes import RateLimit, delete, get, put
from samovar.services.library.play.errors import PlaySessionNotFound, PlaySessionOver
from samovar.services.library.presence.errors import FriendsUnknown
from samovar.services.library.presence.schemas import (
    NewPresence,
    NowPlayingList,
    NowPlayingQuery,
    Presence,
)
from samovar.services.library.presence.use_cases import Presences

BODY_BYTES_MAX = 8_192
_PRESENCE = "/v1/library/{game_id:uuid}/play-sessions/{session_id:uuid}/presence"
# A game that says more than one thing in two seconds says it to nobody.
_SAID = RateLimit(30, per_s=60, by="account")

AcceptLanguage = Annotated[str | None, header("Accept-Language")]


@put(
    _PRESENCE,
    auth="player",
    rate_limit=_SAID,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, PlaySessionNotFound, PlaySessionOver),
)
async def say_presence(
    game_id: UUID,
    session_id: UUID,
    data: NewPresence,
    caller: Caller,
    presences: Presences,
    spoken: AcceptLanguage = None,
) -> Presence:
    """Say what the player does in the game now: a phrase of the game's or a text. It holds until something else is said, or the session ends."""
    return await presences.say(caller.account_id, game_id, session_id, data, language_of(spoken))


@delete(_PRESENCE, auth="player", rate_limit=_SAID, raises=(PlaySessionNotFound,))
async def hush_presence(game_id: UUID, session_id: UUID, caller: Caller, presences: Presences) -> None:
    """Say nothing any more of what the player does. That they play is shown all the same."""
    await presences.hush(caller.account_id, game_id, session_id)


@get(
    "/v1/library/now-playing",
    auth="player",
    rate_limit=RateLimit(120, per_s=60, by="account"),
    raises=(InvalidInput, FriendsUnknown),
)
async def list_now_playing(
    query: NowPlayingQuery, caller: Caller, presences: Presences, spoken: AcceptLanguage = None
) -> NowPlayingList:
    """Tell who of one's friends, or of these accounts, plays what at this moment, and what they do in it.

    Whoever shows their activity to others alone is not there, nor is a game that they hide.
    """
    items = await presences.now_playing(caller.account_id, query.account_ids, language_of(spoken))
    return NowPlayingList(items=items)
