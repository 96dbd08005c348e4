"""The shapes of signing in with Samovar: what pages carry with them, what discovery says."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from samovar.services.auth.clients.domain import RegisteredClient
from samovar.services.auth.openid.domain import AuthorizationRequest, ResponseMode
from samovar.services.auth.pages.forms import FORM_LENGTH_MAX


class Pending(msgspec.Struct, frozen=True, kw_only=True):
    """A request that waits for the person."""

    request: AuthorizationRequest
    began_at: datetime


class ConsentAsked(msgspec.Struct, frozen=True, kw_only=True):
    """What the form of the consent page carries: who was asked for what. Somebody else's yes does not count."""

    pending: Pending
    account_id: UUID


class ConsentForm(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to the consent page."""

    form: Annotated[str, Meta(max_length=FORM_LENGTH_MAX)] = ""
    decision: Annotated[str, Meta(max_length=16)] = ""


class AskSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """The person must sign in first."""

    pending: Pending
    client: RegisteredClient


class AskConsent(msgspec.Struct, frozen=True, kw_only=True):
    """The person must be asked.

    Attributes:
        person: Who is signed in, as they call themselves.
    """

    asked: ConsentAsked
    client: RegisteredClient
    person: str


class SendBack(msgspec.Struct, frozen=True, kw_only=True):
    """The browser goes back to the client."""

    redirect_uri: str
    response_mode: ResponseMode
    params: dict[str, str | None]
    language: str | None = None


Outcome = AskSignIn | AskConsent | SendBack


class Discovery(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything is and what it can do (OpenID Connect Discovery 1.0; RFC 8414)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    introspection_endpoint: str
    revocation_endpoint: str
    end_session_endpoint: str
    device_authorization_endpoint: str
    jwks_uri: str
    scopes_supported: tuple[str, ...]
    claims_supported: tuple[str, ...]
    response_types_supported: tuple[str, ...]
    response_modes_supported: tuple[str, ...]
    grant_types_supported: tuple[str, ...]
    subject_types_supported: tuple[str, ...]
    id_token_signing_alg_values_supported: tuple[str, ...]
    token_endpoint_auth_methods_supported: tuple[str, ...]
    introspection_endpoint_auth_methods_supported: tuple[str, ...]
    revocation_endpoint_auth_methods_supported: tuple[str, ...]
    code_challenge_methods_supported: tuple[str, ...]
    prompt_values_supported: tuple[str, ...]
    acr_values_supported: tuple[str, ...]
    ui_locales_supported: tuple[str, ...]
    authorization_response_iss_parameter_supported: bool
    backchannel_logout_supported: bool
    backchannel_logout_session_supported: bool
    claims_parameter_supported: bool
    request_parameter_supported: bool
    request_uri_parameter_supported: bool
