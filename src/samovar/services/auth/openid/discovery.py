"""What the platform says of itself to programs that sign people in with it."""

from samovar.services.auth.clients.domain import GRANT_TYPES, SCOPES
from samovar.services.auth.openid.domain import ACRS, PROMPTS, RESPONSE_MODES
from samovar.services.auth.openid.schemas import Discovery

_BY_SECRET = ("client_secret_basic", "client_secret_post")
_BY_SECRET_OR_NAME = (*_BY_SECRET, "none")
_CLAIMS = (
    *("sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash"),
    *("name", "preferred_username", "picture", "locale", "email", "email_verified"),
    *("age_over_12", "age_over_16", "age_over_18", "age_source"),
)


def describe(origin: str) -> Discovery:
    """Return the description of a platform."""
    return Discovery(
        issuer=origin,
        authorization_endpoint=f"{origin}/oauth2/authorize",
        token_endpoint=f"{origin}/oauth2/token",
        userinfo_endpoint=f"{origin}/oauth2/userinfo",
        introspection_endpoint=f"{origin}/oauth2/introspect",
        revocation_endpoint=f"{origin}/oauth2/revoke",
        end_session_endpoint=f"{origin}/oauth2/logout",
        device_authorization_endpoint=f"{origin}/oauth2/device_authorization",
        jwks_uri=f"{origin}/.well-known/jwks.json",
        scopes_supported=SCOPES,
        claims_supported=_CLAIMS,
        response_types_supported=("code",),
        response_modes_supported=RESPONSE_MODES,
        grant_types_supported=GRANT_TYPES,
        subject_types_supported=("pairwise",),
        id_token_signing_alg_values_supported=("ES256",),
        token_endpoint_auth_methods_supported=_BY_SECRET_OR_NAME,
        introspection_endpoint_auth_methods_supported=_BY_SECRET,
        revocation_endpoint_auth_methods_supported=_BY_SECRET_OR_NAME,
        code_challenge_methods_supported=("S256",),
        prompt_values_supported=PROMPTS,
        acr_values_supported=ACRS,
        ui_locales_supported=("ru", "en"),
        authorization_response_iss_parameter_supported=True,
        backchannel_logout_supported=True,
        backchannel_logout_session_supported=True,
        claims_parameter_supported=False,
        request_parameter_supported=False,
        request_uri_parameter_supported=False,
    )
