"""Roles, permissions and scopes: what a caller may do."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from samovar.kit.identity.caller import FULL_SCOPE, Caller
from samovar.kit.identity.grants import Level
from samovar.kit.routes import Auth

STAFF_ROLES = frozenset({"moderator", "support", "finance", "operator", "admin"})
ROLES = frozenset({"player", "developer"}) | STAFF_ROLES
_DEVELOPER = "developer"


class Permissions:
    """Which roles have which permissions.

    Args:
        roles_by_permission: `{"auth.role.grant": ("admin",)}`; a role written `!developer` is denied, whatever
            other roles its bearer has.
    """

    def __init__(self, roles_by_permission: Mapping[str, Sequence[str]]) -> None:
        self._granted = {
            permission: frozenset(role for role in roles if not role.startswith("!"))
            for permission, roles in roles_by_permission.items()
        }
        self._denied = {
            permission: frozenset(role[1:] for role in roles if role.startswith("!"))
            for permission, roles in roles_by_permission.items()
        }

    def allows(self, caller: Caller, permission: str) -> bool:
        """Return whether the caller has the permission: by a role, denied by none, inside the token's scope."""
        return (
            not self._granted.get(permission, frozenset()).isdisjoint(caller.roles)
            and self._denied[permission].isdisjoint(caller.roles)
            and covers(caller.scope, permission)
        )

    def held_by(self, roles: Collection[str]) -> tuple[str, ...]:
        """Return all that somebody with these roles may do, sorted."""
        return tuple(
            sorted(
                name
                for name, granted in self._granted.items()
                if not granted.isdisjoint(roles) and self._denied[name].isdisjoint(roles)
            )
        )

    def allows_in(
        self,
        caller: Caller,
        permission: str,
        *,
        level: Level,
        organisation_id: UUID,
        game_id: UUID | None = None,
    ) -> bool:
        """Return whether the caller has the permission in an organisation, or in one of its games.

        Whoever has it by a staff role has it everywhere. The role `developer` gives it only where the caller has the level.
        A denial wins over both.
        """
        if not self.allows(caller, permission):
            return False
        elsewhere = tuple(role for role in caller.roles if role != _DEVELOPER)
        if not self._granted[permission].isdisjoint(elsewhere):
            return True
        return level in caller.levels_in(organisation_id, game_id)

    def of(self, caller: Caller) -> tuple[str, ...]:
        """Return all that the caller may do, sorted."""
        return tuple(sorted(name for name in self._granted if self.allows(caller, name)))


def reaches(caller: Caller, auth: Auth) -> bool:
    """Return whether the caller is of the kind that a route asks for."""
    match auth:
        case "public" | "provider" | "player":
            return True
        case "developer":
            return _DEVELOPER in caller.roles
        case "staff":
            return not STAFF_ROLES.isdisjoint(caller.roles)
        case "service":
            return False


def covers(scope: str, permission: str) -> bool:
    """Return whether a scope holds a permission: scopes are permissions, or their beginnings followed by `.*`."""
    if scope == FULL_SCOPE:
        return True
    return any(
        part == permission or (part.endswith(".*") and permission.startswith(part[:-1]))
        for part in scope.split()
    )
