"""Who may look at and change packages and bundles: the organisation whose they are, as far as levels go, and staff."""

from uuid import UUID

import msgspec

from samovar.kit.identity import Caller, Permissions

PERMISSION = "catalog.package.edit"
PERMISSIONS = {PERMISSION: ("developer", "moderator", "admin")}
_DEVELOPER = "developer"


class PackageAccess:
    """Decides by the token alone."""

    def __init__(self, permissions: Permissions) -> None:
        self._permissions = permissions

    def is_staff(self, caller: Caller) -> bool:
        """Return whether the caller may change everybody's."""
        roles = tuple(role for role in caller.roles if role != _DEVELOPER)
        return self._permissions.allows(msgspec.structs.replace(caller, roles=roles), PERMISSION)

    def may_edit(self, caller: Caller, organisation_id: UUID | None, app_id: UUID | None = None) -> bool:
        """Return whether the caller may change what is sold of an organisation, or of one of its apps."""
        if organisation_id is None:
            # Of nobody: what was imported is looked after by staff.
            return self.is_staff(caller)
        return self._permissions.allows_in(
            caller, PERMISSION, level="editor", organisation_id=organisation_id, game_id=app_id
        )

    def may_look(self, caller: Caller, organisation_id: UUID | None, app_id: UUID | None = None) -> bool:
        """Return whether the caller may see what is not public of it."""
        if organisation_id is None:
            return self.is_staff(caller)
        return self._permissions.allows_in(
            caller, PERMISSION, level="viewer", organisation_id=organisation_id, game_id=app_id
        )
