"""What can go wrong with achievements and stats.

NotFound
├── AchievementNotFound    404  library.achievement_not_found     the game has none of this key, or no longer
├── AppNotFound            404  library.app_not_found             there is no such app, or it is not the caller's
└── PlayedSessionNotFound  404  library.played_session_not_found  no such session of the game, or one that is long over
Forbidden
└── AchievementByServer    403  library.achievement_by_server     the game's server alone may tell of it
Unavailable
└── OwnerUnknown           503  library.owner_unknown             catalog is away, and nobody else knows whose the app is
"""

from samovar.kit.errors import Forbidden, NotFound, Unavailable


class AchievementNotFound(NotFound):
    """The game has no achievement of this key, or has it no longer."""

    code = "library.achievement_not_found"


class AppNotFound(NotFound):
    """There is no such app, or it is not the caller's."""

    code = "library.app_not_found"


class PlayedSessionNotFound(NotFound):
    """The game has no such play session, or it has been over for too long."""

    code = "library.played_session_not_found"


class AchievementByServer(Forbidden):
    """The game's server alone may tell of this achievement."""

    code = "library.achievement_by_server"


class OwnerUnknown(Unavailable):
    """Catalog is away, and whose the app is was not copied."""

    code = "library.owner_unknown"
