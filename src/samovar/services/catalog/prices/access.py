"""Who may look at and change the prices of an app: its organisation, as far as levels go, and staff."""

from uuid import UUID

from samovar.kit.identity import Caller, Level, Permissions
from samovar.services.catalog.errors import AppNotFound
from samovar.services.catalog.prices import repository
from samovar.services.catalog.prices.repository import Reader

PERMISSION = "catalog.price.edit"
PERMISSIONS = {
    PERMISSION: ("developer", "moderator", "admin"),
    "catalog.sale.edit": ("moderator", "admin"),
}
EDITORS: tuple[Level, ...] = ("editor", "finance")


class PriceAccess:
    """Decides by the token alone."""

    def __init__(self, permissions: Permissions) -> None:
        self._permissions = permissions

    async def require(self, reader: Reader, caller: Caller, app_id: UUID, levels: tuple[Level, ...]) -> None:
        """Let through staff, and whoever has one of the levels for the app.

        Raises:
            AppNotFound: There is no such app, or it is not the caller's to know.
        """
        owner = await repository.find_owner(reader, app_id)
        if owner is None or not self._allows(caller, owner.organisation_id, app_id, levels):
            raise AppNotFound

    async def allows(self, reader: Reader, caller: Caller, app_id: UUID, level: Level) -> bool:
        """Return whether the caller has a level for an app, or is staff."""
        owner = await repository.find_owner(reader, app_id)
        return owner is not None and self._allows(caller, owner.organisation_id, app_id, (level,))

    def _allows(
        self, caller: Caller, organisation_id: UUID | None, app_id: UUID, levels: tuple[Level, ...]
    ) -> bool:
        if organisation_id is None:
            # Of nobody: what was imported is looked after by staff.
            staff = tuple(role for role in caller.roles if role != "developer")
            return self._permissions.allows(caller, PERMISSION) and not set(staff).isdisjoint(
                PERMISSIONS[PERMISSION]
            )
        return any(
            self._permissions.allows_in(
                caller, PERMISSION, level=level, organisation_id=organisation_id, game_id=app_id
            )
            for level in levels
        )
