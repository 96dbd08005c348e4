"""The shapes of the token endpoint and its neighbours, in OAuth's words."""

from typing import Literal

from msgspec import UNSET, UnsetType

from samovar.services.auth.schemas import Confidential

FIELD_LENGTH_MAX = 2_048


class TokenRequest(Confidential, frozen=True, kw_only=True):
    """What a client sends to the token endpoint; which fields it takes depends on `grant_type` (RFC 6749, 7636, 8628).

    Attributes:
        device_token: Of an earlier sign-in, for our own programs: the new session is then on that device.
    """

    grant_type: str | None = None
    client_id: str | None = None
    client_secret: str | None = None
    code: str | None = None
    redirect_uri: str | None = None
    code_verifier: str | None = None
    refresh_token: str | None = None
    scope: str | None = None
    device_code: str | None = None
    device_token: str | None = None


class TokenAnswer(Confidential, frozen=True, kw_only=True):
    """Tokens (RFC 6749, section 5.1; OpenID Connect Core, section 3.1.3.3).

    Attributes:
        access_token: For a third party opaque, and good at the userinfo endpoint alone; for our own programs the platform's.
        refresh_token: Only with the scope `offline_access`.
        id_token: Only with the scope `openid`.
        device_token: For our own programs: keep it on the device and send it with the next sign-in there.
    """

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  the kind of token
    expires_in: int
    scope: str
    refresh_token: str | UnsetType = UNSET
    id_token: str | UnsetType = UNSET
    device_token: str | UnsetType = UNSET
