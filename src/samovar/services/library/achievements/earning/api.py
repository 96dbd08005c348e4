"""REST: what players achieve, told by their games and by the servers of these."""

from uuid import UUID

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import Caller
from samovar.kit.routes import RateLimit, get, patch, post, put
from samovar.services.library.achievements.earning.use_cases import Achievements
from samovar.services.library.achievements.errors import (
    AchievementByServer,
    AchievementNotFound,
    AppNotFound,
    OwnerUnknown,
    PlayedSessionNotFound,
)
from samovar.services.library.achievements.rights import AWARD, DEFINE
from samovar.services.library.achievements.schemas import (
    AchievementReport,
    AchievementState,
    Key,
    PlayerAchievements,
    PlayerStats,
    StatChanges,
)
from samovar.services.library.errors import GameNotFound

BODY_BYTES_MAX = 4_096
STATS_BYTES_MAX = 65_536
_GAME = "/v1/library/{game_id:uuid}"
_APP = "/v1/dev/apps/{app_id:uuid}"
_SESSION = _APP + "/play-sessions/{session_id:uuid}"
_READ = RateLimit(240, per_s=60, by="account")
_WRITTEN = RateLimit(240, per_s=60, by="account")
# One server tells of all its players.
_TOLD = RateLimit(6_000, per_s=60, by="api_key")


@get(_GAME + "/achievements", auth="player", rate_limit=_READ, raises=(GameNotFound,))
async def list_achievements(game_id: UUID, caller: Caller, achievements: Achievements) -> PlayerAchievements:
    """List all achievements of a game, what one has of them, and how rare they are."""
    return await achievements.list_all(caller.account_id, game_id)


@put(
    _GAME + "/achievements/{key:str}",
    auth="player",
    rate_limit=_WRITTEN,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(InvalidInput, GameNotFound, AchievementNotFound, AchievementByServer),
)
async def report_achievement(
    game_id: UUID, key: Key, data: AchievementReport, caller: Caller, achievements: Achievements
) -> AchievementState:
    """Tell that one has an achievement, or how far one is: nothing ever goes back, and told again, nothing changes."""
    return await achievements.report(caller.account_id, game_id, key, data)


@get(_GAME + "/stats", auth="player", rate_limit=_READ, raises=(GameNotFound,))
async def list_stats(game_id: UUID, caller: Caller, achievements: Achievements) -> PlayerStats:
    """List all stats of a game, as one has them."""
    return await achievements.list_stats(caller.account_id, game_id)


@patch(
    _GAME + "/stats",
    auth="player",
    rate_limit=_WRITTEN,
    body_bytes_max=STATS_BYTES_MAX,
    raises=(InvalidInput, GameNotFound),
)
async def change_stats(
    game_id: UUID, data: StatChanges, caller: Caller, achievements: Achievements
) -> PlayerStats:
    """Tell new values of stats: all of them are kept, or none."""
    return await achievements.change_stats(caller.account_id, game_id, data)


@put(
    _SESSION + "/achievements/{key:str}",
    auth="player",
    permissions=(AWARD,),
    rate_limit=_TOLD,
    body_bytes_max=BODY_BYTES_MAX,
    raises=(
        InvalidInput,
        AppNotFound,
        PlayedSessionNotFound,
        GameNotFound,
        AchievementNotFound,
        OwnerUnknown,
    ),
)
async def award_achievement(
    app_id: UUID,
    session_id: UUID,
    key: Key,
    data: AchievementReport,
    caller: Caller,
    achievements: Achievements,
) -> AchievementState:
    """Tell, as the server of a game, that whoever plays in a session has an achievement, or how far they are."""
    return await achievements.award(caller, app_id, session_id, key, data)


@patch(
    _SESSION + "/stats",
    auth="player",
    permissions=(AWARD,),
    rate_limit=_TOLD,
    body_bytes_max=STATS_BYTES_MAX,
    raises=(InvalidInput, AppNotFound, PlayedSessionNotFound, GameNotFound, OwnerUnknown),
)
async def award_stats(
    app_id: UUID, session_id: UUID, data: StatChanges, caller: Caller, achievements: Achievements
) -> PlayerStats:
    """Tell, as the server of a game, new values of the stats of whoever plays in a session: all of them are kept, or none."""
    return await achievements.award_stats(caller, app_id, session_id, data)


@post(
    _APP + "/achievements/reset",
    auth="player",
    permissions=(DEFINE,),
    status=204,
    idempotent=True,
    rate_limit=RateLimit(60, per_s=60, by="account"),
    raises=(AppNotFound, OwnerUnknown),
)
async def reset_own_achievements(app_id: UUID, caller: Caller, achievements: Achievements) -> None:
    """Forget what oneself has achieved in an app of one's own, to test it anew. Other players keep what they have."""
    await achievements.reset_own(caller, app_id)
