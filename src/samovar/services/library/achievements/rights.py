"""Who may say what there is to achieve in an app: people of its organisation and their keys, and staff."""

from uuid import UUID

import msgspec

from samovar.kit.database import Database
from samovar.kit.errors import DeadlineExceeded, Unavailable
from samovar.kit.identity import Caller, Permissions
from samovar.services.library.achievements.errors import AppNotFound, OwnerUnknown
from samovar.services.library.apps import owners
from samovar.services.library.apps.adapters import CatalogApps

DEFINE = "library.achievement.define"
AWARD = "library.achievement.award"
PERMISSIONS = {DEFINE: ("developer", "admin"), AWARD: ("developer",)}
_DEVELOPER = "developer"


class Rights:
    """Decides by the token and by whose the app is: by the copy, and by catalog where there is none."""

    def __init__(self, database: Database, *, catalog: CatalogApps) -> None:
        self._database = database
        self._catalog = catalog
        self._permissions = Permissions(PERMISSIONS)

    async def require(self, caller: Caller, app_id: UUID, permission: str) -> None:
        """Let through whoever has the permission as an owner or editor of the app.

        Raises:
            AppNotFound: They have not, or there is no such app.
            OwnerUnknown: Nobody can say whose it is.
        """
        try:
            owner = await owners.find(self._database, self._catalog, app_id)
        except (Unavailable, DeadlineExceeded) as error:
            raise OwnerUnknown(f"catalog: {error}", retry_after_s=error.retry_after_s or 1.0) from error
        if owner is None:
            raise AppNotFound(f"{app_id}")
        if owner.organisation_id is None:
            staff = tuple(role for role in caller.roles if role != _DEVELOPER)
            if self._permissions.allows(msgspec.structs.replace(caller, roles=staff), permission):
                return
        elif any(
            self._permissions.allows_in(
                caller, permission, level=level, organisation_id=owner.organisation_id, game_id=game_id
            )
            for level in ("owner", "editor")
            for game_id in {app_id, owner.base_app_id or app_id}
        ):
            return
        raise AppNotFound(f"{app_id}")
