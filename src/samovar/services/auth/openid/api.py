"""REST and pages of signing in with Samovar: discovery, authorization, consent."""

from typing import Annotated
from urllib.parse import parse_qsl, urlencode

from msgspec import Meta

from samovar.kit.clock import Clock
from samovar.kit.errors import InvalidInput
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.app import Request
from samovar.kit.routes import Cache, RateLimit, get, post
from samovar.services.auth.client import Client
from samovar.services.auth.errors import FormStale, OAuthError
from samovar.services.auth.openid.domain import REQUEST_LENGTH_MAX
from samovar.services.auth.openid.schemas import ConsentAsked, ConsentForm, Discovery, Pending
from samovar.services.auth.openid.screens import CONSENT, PENDING, Screens
from samovar.services.auth.openid.use_cases import Authorization
from samovar.services.auth.pages.cookies import Cookies
from samovar.services.auth.pages.forms import FORM_LENGTH_MAX, Forms
from samovar.services.auth.pages.rendering import HTML, Pages
from samovar.services.auth.pages.showing import sent_to, showing

FORM_BYTES_MAX = FORM_LENGTH_MAX + 1_024


@get("/.well-known/openid-configuration", auth="public", cache=Cache(ttl_s=300, stale_s=3_600))
async def show_openid_configuration(discovery: Discovery) -> Discovery:
    """Describe the platform to programs that sign people in with it (OpenID Connect Discovery 1.0)."""
    return discovery


@get("/.well-known/oauth-authorization-server", auth="public", cache=Cache(ttl_s=300, stale_s=3_600))
async def show_authorization_server(discovery: Discovery) -> Discovery:
    """Describe the platform to programs that speak OAuth (RFC 8414)."""
    return discovery


@get("/oauth2/authorize", auth="public", media_type=HTML, rate_limit=RateLimit(300), raises=(OAuthError,))
async def authorize(
    request: Request, authorization: Authorization, screens: Screens, pages: Pages, cookies: Cookies
) -> Answer:
    """Sign a person in for a client: the browser is sent here, and back with a code (RFC 6749, section 4.1; OpenID Connect Core, 3.1).

    Parameters: `client_id`, `redirect_uri`, `response_type=code`, `scope`, `state`, `code_challenge` with
    `code_challenge_method=S256`, `nonce`, `prompt`, `max_age`, `acr_values`, `login_hint`, `id_token_hint`, `ui_locales`,
    `response_mode` (`query`, `form_post`). The answer holds `code` or `error`, `state`, and `iss` (RFC 9207). An unknown client or address
    is shown a page that leads nowhere.
    """
    browser, client = cookies.browser(request), Client.of(request)

    async def made() -> Answer:
        query = request.scope["query_string"].decode("latin-1")
        outcome = await authorization.begin(query, browser.session, address=client.address)
        return screens.show(outcome, browser, client.language)

    return await showing(pages, client.language, made())


@post(
    "/oauth2/authorize",
    auth="public",
    media_type=HTML,
    rate_limit=RateLimit(300),
    body_bytes_max=REQUEST_LENGTH_MAX,
    raises=(InvalidInput,),
)
async def authorize_by_form(request: Request, pages: Pages) -> Answer:
    """Take the request as a form. A form of another site brings no cookies, so the browser is sent to ask once more, by GET."""

    async def made() -> Answer:
        try:
            body = (await request.body()).decode("ascii")
            pairs = parse_qsl(body, keep_blank_values=True, errors="strict")
        except ValueError:
            raise OAuthError("invalid_request", "the form is not well-formed") from None
        return sent_to(f"/oauth2/authorize?{urlencode(pairs)}")

    return await showing(pages, Client.of(request).language, made())


@get(
    "/oauth2/authorize/continue",
    auth="public",
    media_type=HTML,
    rate_limit=RateLimit(300),
    raises=(FormStale,),
)
async def continue_authorization(
    request: Request,
    authorization: Authorization,
    screens: Screens,
    pages: Pages,
    forms: Forms,
    cookies: Cookies,
    clock: Clock,
    form: Annotated[str, Meta(max_length=FORM_LENGTH_MAX)] = "",
) -> Answer:
    """Go on with a request, now that the person has signed in."""
    browser, client = cookies.browser(request), Client.of(request)

    async def made() -> Answer:
        pending = forms.open(form, Pending, purpose=PENDING, browser=browser.id, now=clock.now())
        outcome = await authorization.go_on(pending, browser.session, address=client.address)
        return screens.show(outcome, browser, client.language)

    return await showing(pages, client.language, made())


@post(
    "/oauth2/authorize/consent",
    auth="public",
    body="form",
    status=200,
    media_type=HTML,
    rate_limit=RateLimit(60),
    body_bytes_max=FORM_BYTES_MAX,
    raises=(FormStale,),
)
async def decide_on_consent(
    data: ConsentForm,
    request: Request,
    authorization: Authorization,
    screens: Screens,
    pages: Pages,
    forms: Forms,
    cookies: Cookies,
    clock: Clock,
) -> Answer:
    """Take the person's decision from the consent page."""
    browser, client = cookies.browser(request), Client.of(request)

    async def made() -> Answer:
        asked = forms.open(data.form, ConsentAsked, purpose=CONSENT, browser=browser.id, now=clock.now())
        if data.decision == "switch":
            outcome = await authorization.switch(asked)
        else:
            outcome = await authorization.decide(
                asked, browser.session, allowed=data.decision == "allow", address=client.address
            )
        return screens.show(outcome, browser, client.language)

    return await showing(pages, client.language, made())
