"""What can go wrong in play.

NotFound
└── PlaySessionNotFound   404  library.play_session_not_found  the caller has no such session of this game
Conflict
├── PlaySessionOver       409  library.play_session_over       it has ended: what follows is another session
├── SharedGameInUse       409  library.shared_game_in_use      as many of the family play it as own it
└── TooManyPlaySessions   409  library.too_many_play_sessions  more at one time than anybody plays
"""

from samovar.kit.errors import Conflict, NotFound


class PlaySessionNotFound(NotFound):
    """The caller has no such session of this game."""

    code = "library.play_session_not_found"


class PlaySessionOver(Conflict):
    """The session has ended, by itself or with its licence; what follows is another session."""

    code = "library.play_session_over"


class SharedGameInUse(Conflict):
    """The game is the family's, and as many play it at this moment as own it."""

    code = "library.shared_game_in_use"


class TooManyPlaySessions(Conflict):
    """The account plays on more devices at one time than anybody does."""

    code = "library.too_many_play_sessions"
