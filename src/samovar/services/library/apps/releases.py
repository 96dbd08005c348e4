"""Whether somebody waits for an app that is not out yet, for other rooms: by the copy alone, so that play asks no other service."""

from uuid import UUID

from samovar.kit.database import Database
from samovar.kit.identity import Caller, Level, Permissions
from samovar.services.library.apps import repository

PLAY_EARLY = "library.app.play_early"
PERMISSIONS = {PLAY_EARLY: ("developer",)}
_AWAITED = "coming_soon"
_LEVELS: tuple[Level, ...] = ("owner", "editor", "viewer")


class Releases:
    """Says who waits."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._permissions = Permissions(PERMISSIONS)

    async def must_wait(self, caller: Caller, app_id: UUID) -> bool:
        """Return whether an app is announced and not out, and the caller not one of those who make it.

        Of an app that is not copied yet nobody waits: what somebody owns is not kept from them because catalog is away.
        """
        known = await repository.find_stage(self._database, app_id)
        if known is None or known.stage != _AWAITED:
            return False
        organisation_id = known.organisation_id
        return organisation_id is None or not any(
            self._permissions.allows_in(
                caller, PLAY_EARLY, level=level, organisation_id=organisation_id, game_id=game_id
            )
            for level in _LEVELS
            for game_id in {app_id, known.base_app_id or app_id}
        )
