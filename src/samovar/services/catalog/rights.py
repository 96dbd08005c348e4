"""Who may act for an app or an organisation: its people, as far as their level goes, and staff. By the token alone.

A room has its own `Rights`, for its permission, and says which levels are enough:

    await rights.require(tx, caller, app_id, "editor", "finance")
"""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from samovar.kit.database import Database, Transaction
from samovar.kit.identity import Caller, Level, Permissions
from samovar.services.catalog import repository
from samovar.services.catalog.errors import AppNotFound
from samovar.services.catalog.repository import Owner

_DEVELOPER = "developer"


class Rights:
    """Who has one permission where.

    Args:
        roles_by_permission: The room's permissions, as its `app.py` declares them.
    """

    def __init__(self, roles_by_permission: Mapping[str, Sequence[str]], permission: str) -> None:
        self._permissions = Permissions(roles_by_permission)
        self._permission = permission

    def is_staff(self, caller: Caller) -> bool:
        """Return whether the caller has it everywhere: by another role than that of a developer."""
        roles = tuple(role for role in caller.roles if role != _DEVELOPER)
        return self._permissions.allows(msgspec.structs.replace(caller, roles=roles), self._permission)

    def allow(
        self,
        caller: Caller,
        *levels: Level,
        organisation_id: UUID | None,
        app_id: UUID | None = None,
        base_app_id: UUID | None = None,
    ) -> bool:
        """Return whether the caller has it at one of the levels, in an organisation or for an app of it.

        A level for a game is one for its DLC and whatever else belongs to it: `base_app_id` is that game. What no organisation published, because it was imported, is looked after by staff alone.
        """
        if organisation_id is None:
            return self.is_staff(caller)
        return any(
            self._permissions.allows_in(
                caller, self._permission, level=level, organisation_id=organisation_id, game_id=game_id
            )
            for level in levels
            for game_id in {app_id, base_app_id or app_id}
        )

    async def require(
        self, reader: Database | Transaction, caller: Caller, app_id: UUID, *levels: Level
    ) -> Owner:
        """Let through staff, and whoever has one of the levels for an app; return whose it is.

        Raises:
            AppNotFound: There is no such app, or it is not the caller's to know.
        """
        owner = await repository.find_owner(reader, app_id)
        if owner is None:
            raise AppNotFound(f"{app_id}")
        if not self.allow(
            caller,
            *levels,
            organisation_id=owner.organisation_id,
            app_id=app_id,
            base_app_id=owner.base_app_id,
        ):
            raise AppNotFound(f"{app_id}")
        return owner
