"""Pages of signing out at a client's request."""

from urllib.parse import urlencode

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.i18n import Catalogue, Language
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, get, post
from samovar.services.auth.client import Client
from samovar.services.auth.clients.domain import leads_to
from samovar.services.auth.errors import FormStale, OAuthError
from samovar.services.auth.pages.cookies import Browser, Cookies
from samovar.services.auth.pages.forms import FORM_LENGTH_MAX, Forms
from samovar.services.auth.pages.rendering import HTML, Pages
from samovar.services.auth.pages.showing import sent_to, showing
from samovar.services.auth.sign_out.schemas import AskToLeave, Leaving, LeavingForm, Left
from samovar.services.auth.sign_out.use_cases import SignOut

SIGN_OUT = "sign_out"
FORM_BYTES_MAX = FORM_LENGTH_MAX + 16_384


@get("/oauth2/logout", auth="public", media_type=HTML, rate_limit=RateLimit(120), raises=(OAuthError,))
async def ask_to_sign_out(
    request: Request,
    sign_out: SignOut,
    pages: Pages,
    forms: Forms,
    cookies: Cookies,
    catalogue: Catalogue,
    clock: Clock,
) -> Answer:
    """Sign a person out at a client's request (OpenID Connect RP-Initiated Logout 1.0); the person is asked first.

    Parameters: `id_token_hint`, `client_id`, `post_logout_redirect_uri` (one that the client registered), `state`, `ui_locales`.
    """
    browser, client = cookies.browser(request), Client.of(request)

    async def made() -> Answer:
        query = request.scope["query_string"].decode("latin-1")
        answer = await sign_out.ask(query, browser.session, address=client.address)
        if isinstance(answer, Left):
            return _left(answer, client.language, pages, cookies, catalogue)
        return _asked(answer, client.language, browser, pages, forms, clock)

    return await showing(pages, client.language, made())


@post(
    "/oauth2/logout",
    auth="public",
    body="form",
    status=200,
    media_type=HTML,
    rate_limit=RateLimit(60),
    body_bytes_max=FORM_BYTES_MAX,
    raises=(FormStale,),
)
async def sign_out_on_page(
    data: LeavingForm,
    request: Request,
    sign_out: SignOut,
    pages: Pages,
    forms: Forms,
    cookies: Cookies,
    catalogue: Catalogue,
    clock: Clock,
) -> Answer:
    """Take the person's decision, or a client's request as a form: that is asked once more, by GET, which brings the cookies."""
    browser, client = cookies.browser(request), Client.of(request)

    async def made() -> Answer:
        if not data.form:
            asked = {name: value for name, value in msgspec.structs.asdict(data).items() if value}
            return sent_to(f"/oauth2/logout?{urlencode(asked)}")
        leaving = forms.open(data.form, Leaving, purpose=SIGN_OUT, browser=browser.id, now=clock.now())
        if data.decision != "end":
            language = leaving.language or client.language
            return _told("stayed", language, pages, catalogue)
        left = await sign_out.leave(leaving, browser.session, address=client.address)
        return _left(left, client.language, pages, cookies, catalogue)

    return await showing(pages, client.language, made())


def _asked(
    asked: AskToLeave, language: Language, browser: Browser, pages: Pages, forms: Forms, clock: Clock
) -> Answer:
    back_to = asked.leaving.back_to
    return pages.render(
        "sign_out",
        asked.leaving.language or language,
        leads_to=(leads_to(back_to),) if back_to else (),
        cookies=browser.set_cookies,
        form=forms.seal(asked.leaving, purpose=SIGN_OUT, browser=browser.id, now=clock.now()),
        client=asked.client,
        person=asked.person,
    )


def _left(left: Left, language: Language, pages: Pages, cookies: Cookies, catalogue: Catalogue) -> Answer:
    forgotten = (cookies.forget_session(),)
    if left.back_to:
        return sent_to(left.back_to, forgotten)
    return _told("left", left.language or language, pages, catalogue, forgotten)


def _told(
    what: str, language: Language, pages: Pages, catalogue: Catalogue, set_cookies: tuple[str, ...] = ()
) -> Answer:
    return pages.render(
        "message",
        language,
        title=catalogue.text(f"page.sign_out.{what}_title", language),
        cookies=set_cookies,
        is_fault=False,
        text=catalogue.text(f"page.sign_out.{what}", language),
        trace_id=None,
        link=None,
    )
