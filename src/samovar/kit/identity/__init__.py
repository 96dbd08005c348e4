"""Who calls, and what they may do.

`caller` and `permissions` are plain data and rules, free of I/O: what this package shows. Verifying tokens is in `verifier`, with
the issuer's public `keys` and the `revocations` behind it.
"""

from samovar.kit.identity.caller import (
    AUDIENCE,
    FULL_SCOPE,
    LEEWAY_S,
    TOKEN_BYTES_MAX,
    TOKEN_LIFETIME_MAX,
    TOKEN_TYPE,
    Caller,
    SessionRevoked,
    StepUpRequired,
    TokenExpired,
    TokenInvalid,
    current_caller,
)
from samovar.kit.identity.permissions import ROLES, STAFF_ROLES, Permissions, reaches

__all__ = [
    "AUDIENCE",
    "FULL_SCOPE",
    "LEEWAY_S",
    "ROLES",
    "STAFF_ROLES",
    "TOKEN_BYTES_MAX",
    "TOKEN_LIFETIME_MAX",
    "TOKEN_TYPE",
    "Caller",
    "Permissions",
    "SessionRevoked",
    "StepUpRequired",
    "TokenExpired",
    "TokenInvalid",
    "current_caller",
    "reaches",
]
