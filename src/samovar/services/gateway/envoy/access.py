"""Who may pass: a route's policy as rules over the claims of the verified token.

These are the rules of `kit.identity`, where services decide the same again: roles, permissions of which a role is denied,
scopes. A test holds the two against each other for every role and route.
"""

import re
from collections.abc import Iterable

from samovar.kit.identity import STAFF_ROLES
from samovar.services.gateway.domain import Operation, RouteTable
from samovar.services.gateway.envoy.messages import Message, typed

JWT = "envoy.filters.http.jwt_authn"
RBAC = "envoy.filters.http.rbac"
CLAIMS = "claims"


def requirements(operation: Operation, table: RouteTable) -> dict[str, Message]:
    """Return what the route says to the filters that check tokens and roles, by filter."""
    if operation.is_open:
        return OPEN
    wanted: list[Message] = []
    match operation.policy.auth:
        case "developer":
            wanted.append(_has_role(["developer"]))
        case "staff":
            wanted.append(_has_role(STAFF_ROLES))
    for permission in operation.policy.permissions:
        wanted += _has_permission(permission, table.permissions[permission])
    return {RBAC: _rbac(wanted) if wanted else _RBAC_OFF}


def _rbac(wanted: list[Message]) -> Message:
    policy = {"permissions": [{"any": True}], "principals": [{"and_ids": {"ids": wanted}}]}
    return typed(
        "envoy.extensions.filters.http.rbac.v3.RBACPerRoute",
        rbac={"rules": {"action": "ALLOW", "policies": {"caller": policy}}},
    )


def _has_permission(permission: str, roles: Iterable[str]) -> list[Message]:
    granted = [role for role in roles if not role.startswith("!")]
    denied = [role.removeprefix("!") for role in roles if role.startswith("!")]
    wanted = [_has_role(granted), _has_scope(permission)]
    return [*wanted, {"not_id": _has_role(denied)}] if denied else wanted


def _has_role(roles: Iterable[str]) -> Message:
    having = [
        _claim("roles", {"list_match": {"one_of": {"string_match": {"exact": role}}}})
        for role in sorted(roles)
    ]
    return {"or_ids": {"ids": having}} if having else _NOBODY


def _has_scope(permission: str) -> Message:
    """Match a scope that covers the permission: `*` alone, or among its parts the permission or the beginning of it."""
    words = permission.split(".")
    parts = [permission, *(".".join([*words[:count], "*"]) for count in range(1, len(words)))]
    covering = "|".join(re.escape(part) for part in parts)
    return _claim(
        "scope", {"string_match": {"safe_regex": {"regex": rf"\*|(?:.*\s)?(?:{covering})(?:\s.*)?"}}}
    )


def _claim(name: str, value: Message) -> Message:
    path = [{"key": CLAIMS}, {"key": name}]
    return {"sourced_metadata": {"metadata_matcher": {"filter": JWT, "path": path, "value": value}}}


_NOBODY: Message = {"not_id": {"any": True}}
_RBAC_OFF = typed("envoy.extensions.filters.http.rbac.v3.RBACPerRoute")
OPEN = {
    JWT: typed("envoy.extensions.filters.http.jwt_authn.v3.PerRouteConfig", disabled=True),
    RBAC: _RBAC_OFF,
}
"""What a route that is open to all says to the filters that check tokens and roles."""
