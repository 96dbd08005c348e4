"""Who may act for an organisation: its people, as far as their level goes, and staff. By the token alone."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from samovar.kit.identity import Caller, Level, Permissions
from samovar.services.developer.errors import OrganisationNotFound

READ = "developer.organisation.read"
EDIT = "developer.organisation.edit"
KEYS = "developer.api_key.manage"
REPORTS = "developer.report.read"
SUBMIT = "developer.submission.make"
CHECK = "developer.organisation.check"
MODERATE = "developer.submission.decide"
PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    READ: ("developer", "moderator", "finance", "admin"),
    EDIT: ("developer", "admin"),
    KEYS: ("developer",),
    REPORTS: ("developer", "finance", "admin"),
    SUBMIT: ("developer",),
    CHECK: ("finance", "admin"),
    MODERATE: ("moderator", "admin"),
}
_DEVELOPER = "developer"


class Rights:
    """Who has which of the permissions where."""

    def __init__(self) -> None:
        self._permissions = Permissions(PERMISSIONS)

    def is_staff(self, caller: Caller, permission: str) -> bool:
        """Return whether the caller has it everywhere: by another role than that of a developer."""
        roles = tuple(role for role in caller.roles if role != _DEVELOPER)
        return self._permissions.allows(msgspec.structs.replace(caller, roles=roles), permission)

    def allow(
        self,
        caller: Caller,
        permission: str,
        *levels: Level,
        organisation_id: UUID,
        app_id: UUID | None = None,
    ) -> bool:
        """Return whether the caller has it at one of the levels, in an organisation or for an app of it."""
        return any(
            self._permissions.allows_in(
                caller, permission, level=level, organisation_id=organisation_id, game_id=app_id
            )
            for level in levels
        )

    def require(
        self,
        caller: Caller,
        permission: str,
        *levels: Level,
        organisation_id: UUID,
    ) -> None:
        """Let through whoever has it there.

        Raises:
            OrganisationNotFound: They do not, and need not know whether there is such an organisation.
        """
        if not self.allow(caller, permission, *levels, organisation_id=organisation_id):
            raise OrganisationNotFound(f"{organisation_id}")
