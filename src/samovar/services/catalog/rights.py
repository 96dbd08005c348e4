"""Who may act for an app: people of its organisation, as far as their level goes, and staff. By the token alone."""

from uuid import UUID

import msgspec

from samovar.kit.identity import Caller, Level, Permissions

_DEVELOPER = "developer"


def may_act_for(
    app_id: UUID,
    organisation_id: UUID | None,
    *,
    caller: Caller,
    permissions: Permissions,
    permission: str,
    level: Level,
) -> bool:
    """Return whether the caller has a permission for an app; of what no organisation published staff alone have it."""
    if organisation_id is None:
        roles = tuple(role for role in caller.roles if role != _DEVELOPER)
        return permissions.allows(msgspec.structs.replace(caller, roles=roles), permission)
    return permissions.allows_in(
        caller, permission, level=level, organisation_id=organisation_id, game_id=app_id
    )
