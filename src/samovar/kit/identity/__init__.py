"""Who calls, and what they may do.

`caller`, `grants` and `permissions` are plain data and rules, free of I/O: what this package shows. Verifying tokens is in `verifier`, with
the issuer's public `keys` and the `revocations` behind it.
"""

from samovar.kit.identity.caller import (
    API_KEY_PREFIX,
    AUDIENCE,
    BY_API_KEY,
    FULL_SCOPE,
    LEEWAY_S,
    TOKEN_BYTES_MAX,
    TOKEN_LIFETIME_MAX,
    TOKEN_TYPE,
    ApiKeyInvalid,
    Caller,
    SessionRevoked,
    StepUpRequired,
    TokenExpired,
    TokenInvalid,
    current_caller,
)
from samovar.kit.identity.grants import GRANTS_PER_TOKEN_MAX, LEVELS, Level, RoleGrant, levels_in
from samovar.kit.identity.permissions import ROLES, STAFF_ROLES, Permissions, covers, reaches

__all__ = [
    "API_KEY_PREFIX",
    "AUDIENCE",
    "BY_API_KEY",
    "FULL_SCOPE",
    "GRANTS_PER_TOKEN_MAX",
    "LEEWAY_S",
    "LEVELS",
    "ROLES",
    "STAFF_ROLES",
    "TOKEN_BYTES_MAX",
    "TOKEN_LIFETIME_MAX",
    "TOKEN_TYPE",
    "ApiKeyInvalid",
    "Caller",
    "Level",
    "Permissions",
    "RoleGrant",
    "SessionRevoked",
    "StepUpRequired",
    "TokenExpired",
    "TokenInvalid",
    "covers",
    "current_caller",
    "levels_in",
    "reaches",
]
