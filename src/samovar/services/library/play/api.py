"""REST: what clients tell of play."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.routes import RateLimit, post
from samovar.services.library.apps.releases import Releases
from samovar.services.library.errors import GameNotFound, NotOut
from samovar.services.library.play.errors import (
    PlaySessionNotFound,
    PlaySessionOver,
    SharedGameInUse,
    TooManyPlaySessions,
)
from samovar.services.library.play.schemas import (
    Heartbeat,
    NewPlaySession,
    OfflineAnswer,
    OfflineBatch,
    PlaySessionState,
)
from samovar.services.library.play.use_cases import PlaySessions

BODY_BYTES_MAX = 4_096
OFFLINE_BYTES_MAX = 65_536
_SESSIONS = "/v1/library/{game_id:uuid}/play-sessions"


@post(
    _SESSIONS,
    auth="player",
    rate_limit=RateLimit(60, per_s=60, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, GameNotFound, NotOut, SharedGameInUse, TooManyPlaySessions),
)
async def start_play_session(
    game_id: UUID, data: NewPlaySession, caller: Caller, play_sessions: PlaySessions, releases: Releases
) -> PlaySessionState:
    """Tell that a game has been started. Send a heartbeat each minute, and the end.

    What was bought in advance waits for its release.
    """
    must_wait = await releases.must_wait(caller, game_id)
    return await play_sessions.start(caller.account_id, game_id, data, must_wait=must_wait)


@post(
    _SESSIONS + "/{session_id:uuid}/heartbeat",
    auth="player",
    status=200,
    idempotent=True,
    rate_limit=RateLimit(240, per_s=60, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, PlaySessionNotFound, PlaySessionOver),
)
async def beat_play_session(
    game_id: UUID, session_id: UUID, data: Heartbeat, caller: Caller, play_sessions: PlaySessions
) -> PlaySessionState:
    """Tell that the game still runs: the time since the last word is counted, by the server's clock."""
    return await play_sessions.beat(caller.account_id, game_id, session_id, data.seq)


@post(
    _SESSIONS + "/{session_id:uuid}/end",
    auth="player",
    status=200,
    idempotent=True,
    rate_limit=RateLimit(120, per_s=60, by="account"),
    raises=(PlaySessionNotFound,),
)
async def end_play_session(
    game_id: UUID, session_id: UUID, caller: Caller, play_sessions: PlaySessions
) -> PlaySessionState:
    """Tell that the game has stopped. Told again, nothing changes."""
    return await play_sessions.end(caller.account_id, game_id, session_id)


@post(
    _SESSIONS + "/offline",
    auth="player",
    status=200,
    idempotent=True,
    rate_limit=RateLimit(30, per_s=60, by="account"),
    body_bytes_max=OFFLINE_BYTES_MAX,
    raises=(InvalidInput, GameNotFound, NotOut),
)
async def add_offline_sessions(
    game_id: UUID, data: OfflineBatch, caller: Caller, play_sessions: PlaySessions, releases: Releases
) -> OfflineAnswer:
    """Tell what one device played while it could not reach us: all of it is counted, or nothing. Told again, nothing changes."""
    must_wait = await releases.must_wait(caller, game_id)
    return await play_sessions.add_offline(caller.account_id, game_id, data, must_wait=must_wait)
