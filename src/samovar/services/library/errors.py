"""What can go wrong in library.

NotFound
├── GameNotFound      404  library.game_not_found     the caller has no such game
└── LicenceNotFound   404  library.licence_not_found  nothing was granted under this id or source
Conflict
├── NotOut            409  library.not_out            it is theirs, and not out yet
└── SourceConflict    409  library.source_conflict    the same source granted something else before
"""

from samovar.kit.errors import Conflict, NotFound


class GameNotFound(NotFound):
    """The caller has no licence for such a game."""

    code = "library.game_not_found"


class LicenceNotFound(NotFound):
    """Nothing was granted under this id, or by this source."""

    code = "library.licence_not_found"


class NotOut(Conflict):
    """The game is the caller's, and not out yet."""

    code = "library.not_out"


class SourceConflict(Conflict):
    """The same source has granted something else under the same name."""

    code = "library.source_conflict"
