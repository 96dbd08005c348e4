"""The rules of authorization requests: what a client may ask for, whether the person must sign in anew, and be asked."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec

from samovar.services.auth.clients.domain import (
    AUTHORIZATION_CODE,
    SCOPES,
    RegisteredClient,
    granted,
    is_easily_copied,
)
from samovar.services.auth.domain import AAL1, AAL2
from samovar.services.auth.errors import OAuthError
from samovar.services.auth.grants.domain import is_challenge

REQUEST_LENGTH_MAX = 8_192
PARAMETERS_MAX = 60
STATE_LENGTH_MAX = 2_048
NONCE_LENGTH_MAX = 512
HINT_LENGTH_MAX = 4_096
MAX_AGE_S_MAX = 10**9

NONE, LOGIN, CONSENT, SELECT_ACCOUNT = "none", "login", "consent", "select_account"
PROMPTS = (NONE, LOGIN, CONSENT, SELECT_ACCOUNT)
RESPONSE_MODES = ("query", "form_post")
ACRS = (AAL1, AAL2)

ResponseMode = Literal["query", "form_post"]


class AuthorizationRequest(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a client asks for, checked.

    Attributes:
        code_challenge: Of the method S256; none where the client may do without.
        prompt: What the person is asked in any case.
        max_age_s: How long ago the person may have proved who they are.
        wants_aal2: The client would like two factors.
        subject: Whom the client believes to be there, by its `id_token_hint`.
    """

    client_id: str
    redirect_uri: str
    response_mode: ResponseMode = "query"
    scope: tuple[str, ...]
    state: str | None = None
    nonce: str | None = None
    code_challenge: str | None = None
    prompt: tuple[str, ...] = ()
    max_age_s: int | None = None
    wants_aal2: bool = False
    login_hint: str = ""
    subject: str | None = None
    language: Literal["ru", "en"] | None = None


class Return(msgspec.Struct, frozen=True, kw_only=True):
    """Where an answer goes, once the client and its address are known to fit."""

    redirect_uri: str
    response_mode: ResponseMode = "query"
    state: str | None = None


class SignedInFor(msgspec.Struct, frozen=True, kw_only=True):
    """What a browser's session says of the person, as far as it matters here."""

    subject: str
    started_at: datetime
    authenticated_at: datetime
    acr: str


def parameters_of(query: str) -> tuple[dict[str, str], frozenset[str]]:
    """Return the parameters of a request and the names of those that stand there twice; an empty one counts as absent.

    Raises:
        OAuthError: It is no list of parameters, or too long.
    """
    if len(query) > REQUEST_LENGTH_MAX:
        raise OAuthError("invalid_request", "the request is too long")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=PARAMETERS_MAX, errors="strict")
    except ValueError:
        raise OAuthError("invalid_request", "the request is not well-formed") from None
    if "\0" in "".join(value for _, value in pairs):
        raise OAuthError("invalid_request", "a parameter holds a NUL")
    names = [name for name, _ in pairs]
    return {name: value for name, value in pairs if value}, frozenset(
        name for name in names if names.count(name) > 1
    )


def return_of(values: Mapping[str, str]) -> Return:
    """Return where to answer; call it when the redirect address is known to be the client's."""
    mode = values.get("response_mode")
    state = values.get("state")
    return Return(
        redirect_uri=values["redirect_uri"],
        response_mode="form_post" if mode == "form_post" else "query",
        state=state if state and len(state) <= STATE_LENGTH_MAX else None,
    )


def request_of(
    values: Mapping[str, str], doubled: frozenset[str], client: RegisteredClient, *, subject: str | None
) -> AuthorizationRequest:
    """Return what a client asks for, of which the redirect address is already checked.

    Args:
        values: The parameters.
        doubled: The names of those that stand there twice.
        client: Who asks.
        subject: Whom its `id_token_hint` names.

    Raises:
        OAuthError: With the name that goes back to the client (RFC 6749, section 4.1.2.1; OpenID Connect Core, 3.1.2.6).
    """
    for name in ("request", "request_uri", "registration"):
        if name in values:
            raise OAuthError(f"{name}_not_supported", f"{name} is not supported")
    if doubled:
        raise OAuthError("invalid_request", f"{min(doubled)} stands there twice")
    _refuse_long(values)
    response_type = values.get("response_type")
    if response_type is None:
        raise OAuthError("invalid_request", "response_type is missing")
    if response_type != "code":
        raise OAuthError("unsupported_response_type", "the one response_type is code")
    if values.get("response_mode", "query") not in RESPONSE_MODES:
        raise OAuthError("invalid_request", "response_mode is query or form_post")
    if AUTHORIZATION_CODE not in client.grant_types:
        raise OAuthError("unauthorized_client", "the client may not use authorization codes")
    return AuthorizationRequest(
        client_id=client.id,
        redirect_uri=values["redirect_uri"],
        response_mode=return_of(values).response_mode,
        scope=_scope(values.get("scope", ""), client),
        state=values.get("state"),
        nonce=values.get("nonce"),
        code_challenge=_challenge(values, client),
        prompt=_prompt(values.get("prompt", "")),
        max_age_s=_max_age(values.get("max_age")),
        wants_aal2=_first_acr(values.get("acr_values", "")) == AAL2,
        login_hint=values.get("login_hint", "")[:254],
        subject=subject,
        language=language_of_locales(values.get("ui_locales", "")),
    )


def needs_sign_in(
    request: AuthorizationRequest, signed_in: SignedInFor | None, *, began_at: datetime, now: datetime
) -> bool:
    """Return whether the person has to sign in, again or at all. Who has done so since `began_at` has done it.

    Two factors are a wish (`acr_values` is voluntary): a person who has none is let through after one more sign-in.
    """
    if signed_in is None:
        return True
    if signed_in.started_at >= began_at:
        return False
    return (
        LOGIN in request.prompt
        or SELECT_ACCOUNT in request.prompt
        or (request.subject is not None and request.subject != signed_in.subject)
        or (request.wants_aal2 and signed_in.acr < AAL2)
        or (
            request.max_age_s is not None
            and now - signed_in.authenticated_at > timedelta(seconds=request.max_age_s)
        )
    )


def is_to_prove(request: AuthorizationRequest) -> bool:
    """Return whether a sign-in for this request asks for everything that the account has, on trusted devices, too."""
    return request.wants_aal2 or request.max_age_s is not None or LOGIN in request.prompt


def needs_consent(request: AuthorizationRequest, client: RegisteredClient, remembered: Sequence[str]) -> bool:
    """Return whether the person is asked.

    Our own sites are trusted. What any program on a machine could pretend to be is never let through unasked (RFC 8252, section 8.6).
    """
    if CONSENT in request.prompt or is_easily_copied(client, request.redirect_uri):
        return True
    return not client.first_party and not set(request.scope) <= set(remembered)


def address_of(uri: str, params: Mapping[str, str | None]) -> str:
    """Return an address with parameters added to whatever query it has."""
    added = urlencode({name: value for name, value in params.items() if value is not None})
    if not added:
        return uri
    return f"{uri}{'&' if urlsplit(uri).query else '?'}{added}"


def language_of_locales(text: str) -> Literal["ru", "en"] | None:
    """Return the first language of `ui_locales` that we speak."""
    for tag in text.split():
        match tag.lower().partition("-")[0]:
            case "ru":
                return "ru"
            case "en":
                return "en"
    return None


def _refuse_long(values: Mapping[str, str]) -> None:
    limits = {
        "state": STATE_LENGTH_MAX,
        "nonce": NONCE_LENGTH_MAX,
        "id_token_hint": HINT_LENGTH_MAX,
    }
    for name, most in limits.items():
        if len(values.get(name, "")) > most:
            raise OAuthError("invalid_request", f"{name} has more than {most} characters")


def _scope(text: str, client: RegisteredClient) -> tuple[str, ...]:
    asked = text.split()
    if refused := [scope for scope in asked if scope in SCOPES and scope not in client.scopes]:
        raise OAuthError("invalid_scope", f"the client may not ask for {refused[0]}")
    # What nobody understands is passed over (OpenID Connect Core, section 3.1.2.1).
    scope = granted(asked, client.scopes)
    if not scope:
        raise OAuthError("invalid_scope", "nothing is asked for that this platform knows")
    return scope


def _challenge(values: Mapping[str, str], client: RegisteredClient) -> str | None:
    challenge, method = values.get("code_challenge"), values.get("code_challenge_method")
    if challenge is None:
        if client.require_pkce:
            raise OAuthError("invalid_request", "code_challenge is missing")
        if method is not None:
            raise OAuthError("invalid_request", "code_challenge_method without code_challenge")
        return None
    # Without a method RFC 7636 means `plain`, which protects nobody.
    if method != "S256":
        raise OAuthError("invalid_request", "code_challenge_method is S256")
    if not is_challenge(challenge):
        raise OAuthError("invalid_request", "code_challenge is no SHA-256 in base64url")
    return challenge


def _prompt(text: str) -> tuple[str, ...]:
    prompts = tuple(dict.fromkeys(text.split()))
    if not set(prompts) <= set(PROMPTS):
        raise OAuthError("invalid_request", f"prompt is one of {' '.join(PROMPTS)}")
    if NONE in prompts and len(prompts) > 1:
        raise OAuthError("invalid_request", "prompt none goes with nothing else")
    return prompts


def _max_age(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or int(text) > MAX_AGE_S_MAX:
        raise OAuthError("invalid_request", "max_age is a number of seconds")
    return int(text)


def _first_acr(text: str) -> str | None:
    return next((acr for acr in text.split() if acr in ACRS), None)
