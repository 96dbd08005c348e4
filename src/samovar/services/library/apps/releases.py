"""Whether somebody waits for an app that is not out yet, for other rooms: by the copy, and by catalog before anybody is told to wait."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from samovar.kit.database import Database
from samovar.kit.errors import DeadlineExceeded, Unavailable
from samovar.kit.identity import Caller, Level, Permissions
from samovar.services.library.apps import repository
from samovar.services.library.apps.schemas import AppCopy

PLAY_EARLY = "library.app.play_early"
PERMISSIONS = {PLAY_EARLY: ("developer",)}
_AWAITED = "coming_soon"
_LEVELS: tuple[Level, ...] = ("owner", "editor", "viewer")


class Catalog(Protocol):
    """Who knows whether an app is out."""

    async def find(self, app_ids: Sequence[UUID]) -> Mapping[UUID, AppCopy]:
        """Return what apps are; see `CatalogApps`."""
        ...


class Releases:
    """Says who waits.

    Args:
        database: With the copy of catalog's apps.
        catalog: Asked where the copy says that somebody waits: it may be some seconds behind a release.
    """

    def __init__(self, database: Database, *, catalog: Catalog) -> None:
        self._database = database
        self._catalog = catalog
        self._permissions = Permissions(PERMISSIONS)

    async def must_wait(self, caller: Caller, app_id: UUID) -> bool:
        """Return whether an app is announced and not out, and the caller not one of those who make it.

        Of an app that is not copied yet nobody waits: what somebody owns is not kept from them because catalog is away.
        """
        known = await repository.find_stage(self._database, app_id)
        if known is None or known.stage != _AWAITED:
            return False
        organisation_id = known.organisation_id
        is_maker = organisation_id is not None and any(
            self._permissions.allows_in(
                caller, PLAY_EARLY, level=level, organisation_id=organisation_id, game_id=game_id
            )
            for level in _LEVELS
            for game_id in {app_id, known.base_app_id or app_id}
        )
        return not is_maker and await self._is_awaited(app_id)

    async def _is_awaited(self, app_id: UUID) -> bool:
        try:
            now = (await self._catalog.find([app_id])).get(app_id)
        except (DeadlineExceeded, Unavailable):
            return True
        return now is None or now.stage == _AWAITED
