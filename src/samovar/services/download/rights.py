"""Who may publish builds of an app: the people of its organisation, as far as their level goes, by the token alone."""

from collections.abc import Mapping
from uuid import UUID

from samovar.kit.identity import Caller, Level, Permissions

PUSH = "download.build.push"
READ = "download.build.read"
SIGN = "download.key.manage"
PERMISSIONS: Mapping[str, tuple[str, ...]] = {
    PUSH: ("developer",),
    READ: ("developer", "moderator", "admin"),
    SIGN: ("developer",),
}


class Rights:
    """Who has which of the permissions where."""

    def __init__(self) -> None:
        self._permissions = Permissions(PERMISSIONS)

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
