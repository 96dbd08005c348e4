"""The caller, as an access token names them, and the form of that token.

Unauthenticated
├── TokenExpired     auth.token_expired    get a new one with the refresh token
├── TokenInvalid     auth.token_invalid    not one of ours
├── SessionRevoked   auth.session_revoked  the session is over: sign in again
├── ApiKeyInvalid    auth.api_key_invalid  there is no such API key, or no longer, or not from there
└── StepUpRequired   auth.step_up_required prove once more who you are, then try again
"""

from contextvars import ContextVar
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from samovar.kit.errors import Unauthenticated
from samovar.kit.identity.grants import Level, RoleGrant, levels_in
from samovar.kit.settings import Secret

AUDIENCE = "samovar"
TOKEN_TYPE = "at+jwt"  # noqa: S105 - a media type (RFC 9068), not a secret
TOKEN_BYTES_MAX = 4_096
# Revocations are forgotten after this long, so a token that claims to live longer is refused.
TOKEN_LIFETIME_MAX = timedelta(minutes=15)
# Clocks of two machines differ by a little; a token is accepted for that long after its end.
LEEWAY_S = 5
# The scope of a token that stands for the person: all that their roles allow.
FULL_SCOPE = "*"
# Among the means by which somebody signed in: an API key, behind which no person stands who could prove anything.
BY_API_KEY = "key"
# Scanners for leaked secrets know it, and the gateway asks about nothing else.
API_KEY_PREFIX = "smvk_"


class TokenExpired(Unauthenticated):
    """The token has run out, or the account's rights changed after it was issued."""

    code = "auth.token_expired"


class TokenInvalid(Unauthenticated):
    """This is not a token of ours."""

    code = "auth.token_invalid"


class SessionRevoked(Unauthenticated):
    """The session behind the token was ended."""

    code = "auth.session_revoked"


class ApiKeyInvalid(Unauthenticated):
    """There is no such API key: it never was one, has run out, was revoked, or may not be used from this network."""

    code = "auth.api_key_invalid"


class StepUpRequired(Unauthenticated):
    """The token is good, but what it is used for needs a fresher or a stronger proof of who calls (RFC 9470)."""

    code = "auth.step_up_required"

    def __init__(self, *, max_age_s: int, acr: str) -> None:
        super().__init__(f"needs {acr} within {max_age_s} s", max_age_s=max_age_s, acr=acr)
        self.challenge = (
            f'error="insufficient_user_authentication", acr_values="{acr}", max_age="{max_age_s}"'
        )


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who calls, as their verified token says.

    Attributes:
        scope: What the token is narrowed to, separated by spaces; `*` is all that the roles allow.
        grants: Where the role `developer` holds, as far as the token has room.
        grants_more: There are more than that; only auth knows them all.
        amr: How they signed in (RFC 8176): `pwd`, `otp`; `key` is an API key.
        acr: How sure that is: `aal1` for one factor, `aal2` for two (NIST SP 800-63B).
        auth_time: When they last proved who they are.
        token: The token itself, to pass on to another service.
    """

    account_id: UUID
    session_id: UUID
    roles: tuple[str, ...]
    scope: str = FULL_SCOPE
    grants: tuple[RoleGrant, ...] = ()
    grants_more: bool = False
    amr: tuple[str, ...] = ()
    acr: str = "aal1"
    auth_time: datetime
    expires_at: datetime
    token: Secret

    def levels_in(self, organisation_id: UUID, game_id: UUID | None = None) -> frozenset[Level]:
        """Return the levels that the token gives in an organisation, or in one of its games; see `grants.levels_in`."""
        return levels_in(self.grants, organisation_id, game_id)


current_caller: ContextVar[Caller | None] = ContextVar("current_caller", default=None)
