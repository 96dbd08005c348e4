"""REST: signing in and registering with an outside identity service."""

from typing import Annotated, Literal

from msgspec import Meta

from samovar.kit.errors import InvalidInput
from samovar.kit.i18n import language_of
from samovar.kit.identity import Caller
from samovar.kit.pagination import Page
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, get, post
from samovar.services.auth.client import Client
from samovar.services.auth.errors import TooManyAttempts
from samovar.services.auth.providers.errors import (
    AlreadyLinked,
    AttemptInvalid,
    CodeInvalid,
    LinkRequired,
    LinkTaken,
    NotFirstFactor,
    ProviderAnswerInvalid,
    ProviderAway,
    ProviderDenied,
    ProviderMixedUp,
    ProviderUnknown,
    SignedDataStale,
)
from samovar.services.auth.providers.schemas import (
    ANSWER_LENGTH_MAX,
    CallbackOutcome,
    CodeChallenge,
    CodeGiven,
    ExchangeOutcome,
    InitDataGiven,
    OneTimeCode,
    ProviderOffered,
    ProviderPath,
    ProviderRegistration,
    ReturnTo,
    SignedDataGiven,
    SignInOutcome,
    one_of,
    signed_params,
)
from samovar.services.auth.providers.use_cases import ProviderSignIn, Redirect, Wish
from samovar.services.auth.schemas import BODY_BYTES_MAX, Country, SignedIn

# A provider is asked up to three times, each within its own time-out.
CALLBACK_TIMEOUT_MS = 20_000

ProvidersWord = Annotated[str, Meta(max_length=ANSWER_LENGTH_MAX)]


@get("/v1/auth/providers", auth="public", rate_limit=RateLimit(300))
async def list_providers(
    request: Request, provider_sign_in: ProviderSignIn, country: Country | None = None
) -> Page[ProviderOffered]:
    """List the providers that can be used in a country, and whether each signs in or only links.

    Without `country` the installation's own is meant.
    """
    language = language_of(request.headers.get("accept-language"))
    return Page(provider_sign_in.offered(country, language), next_cursor=None)


@get(
    "/v1/auth/providers/{name:str}/start",
    auth="public",
    status=303,
    idempotent=False,
    rate_limit=RateLimit(60),
    raises=(ProviderUnknown, InvalidInput, NotFirstFactor, CodeInvalid),
)
async def start_with_provider(
    name: ProviderPath,
    request: Request,
    provider_sign_in: ProviderSignIn,
    mode: Literal["sign_in", "link"] = "sign_in",
    return_to: ReturnTo | None = None,
    code_challenge: CodeChallenge | None = None,
    country: Country | None = None,
    ticket: OneTimeCode | None = None,
) -> Answer:
    """Send the browser to a provider; open this address, do not fetch it.

    With `return_to` the browser comes back there with a one-time `code` (or an `error`) for `POST /v1/auth/providers/exchange`;
    without it the callback answers as `POST /v1/auth/login` does. `mode=link` needs the `ticket` of `POST /v1/auth/links/{name}`.
    """
    wish = Wish(mode=mode, return_to=return_to, code_challenge=code_challenge, country=country, ticket=ticket)
    redirect, begun = await provider_sign_in.start(name, wish, Client.of(request))
    return _redirect(redirect.url, {"Set-Cookie": begun.cookie})


@get(
    "/v1/auth/providers/{name:str}/callback",
    auth="public",
    idempotent=False,
    rate_limit=RateLimit(60),
    timeout_ms=CALLBACK_TIMEOUT_MS,
    raises=(
        ProviderUnknown,
        AttemptInvalid,
        ProviderMixedUp,
        ProviderDenied,
        ProviderAnswerInvalid,
        NotFirstFactor,
        LinkRequired,
        ProviderAway,
    ),
)
async def come_back_from_provider(
    name: ProviderPath,
    request: Request,
    provider_sign_in: ProviderSignIn,
    state: ProvidersWord = "",
    code: ProvidersWord | None = None,
    error: ProvidersWord | None = None,
    iss: ProvidersWord | None = None,
    device_id: ProvidersWord | None = None,
) -> CallbackOutcome | Answer:
    """Take the browser back from a provider. Providers call this address, nobody else."""
    said = {"state": state, "code": code, "error": error, "iss": iss, "device_id": device_id}
    params = {name: value for name, value in said.items() if value is not None}
    outcome = await provider_sign_in.come_back(name, params, request.cookies, Client.of(request))
    return _redirect(outcome.url, {}) if isinstance(outcome, Redirect) else outcome


@post(
    "/v1/auth/providers/telegram",
    auth="public",
    status=200,
    rate_limit=RateLimit(60),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(
        ProviderUnknown,
        ProviderAnswerInvalid,
        SignedDataStale,
        NotFirstFactor,
        LinkRequired,
        InvalidInput,
    ),
)
async def sign_in_from_telegram(
    data: SignedDataGiven, request: Request, provider_sign_in: ProviderSignIn
) -> SignInOutcome:
    """Sign in from a Telegram mini app (`init_data`) or with Telegram's old widget (`widget`). Each counts once, for five minutes."""
    params = one_of(signed_params(data.init_data, data.widget))
    client = Client.of(request, device_token=data.device_token, device_name_given=data.device_name)
    return await provider_sign_in.accept("telegram", params, data.country, client)


@post(
    "/v1/auth/providers/max",
    auth="public",
    status=200,
    rate_limit=RateLimit(60),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(ProviderUnknown, ProviderAnswerInvalid, SignedDataStale, NotFirstFactor, LinkRequired),
)
async def sign_in_from_max(
    data: InitDataGiven, request: Request, provider_sign_in: ProviderSignIn
) -> SignInOutcome:
    """Sign in from a mini app in MAX. What it signs counts once, for five minutes."""
    client = Client.of(request, device_token=data.device_token, device_name_given=data.device_name)
    return await provider_sign_in.accept("max", {"init_data": data.init_data}, data.country, client)


@post(
    "/v1/auth/providers/exchange",
    auth="public",
    status=200,
    rate_limit=RateLimit(60),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(CodeInvalid, NotFirstFactor, LinkRequired, LinkTaken, AlreadyLinked),
)
async def exchange_provider_code(
    data: CodeGiven, caller: Caller | None, request: Request, provider_sign_in: ProviderSignIn
) -> ExchangeOutcome:
    """Fetch what the browser came back with: tokens, a question for the second factor or for registration, or the new link.

    The code works once, for a minute, and only with the verifier of the `code_challenge` that was given at the start; without one,
    only in the same browser. A link is finished by the account that began it.
    """
    client = Client.of(request, device_token=data.device_token, device_name_given=data.device_name)
    return await provider_sign_in.exchange(data.code, data.code_verifier, request.cookies, caller, client)


@post(
    "/v1/auth/providers/register",
    auth="public",
    rate_limit=RateLimit(60),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(CodeInvalid, InvalidInput, NotFirstFactor, LinkRequired, LinkTaken, TooManyAttempts),
)
async def register_with_provider(
    data: ProviderRegistration, request: Request, provider_sign_in: ProviderSignIn
) -> SignedIn:
    """Make an account for the person whom a provider has proved, and sign it in."""
    client = Client.of(request, device_token=data.device_token, device_name_given=data.device_name)
    return await provider_sign_in.register(data, client)


def _redirect(url: str, headers: dict[str, str]) -> Answer:
    # What is in these addresses works once; it still must not lie in a cache or travel on as a referrer.
    kept_short = {"Location": url, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return Answer(status=303, headers=kept_short | headers)
