"""REST and a page: «это был не я», and whether the account is held."""

from samovar.kit import tracing
from samovar.kit.clock import Clock
from samovar.kit.errors import SamovarError
from samovar.kit.identity import Caller
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, get, post
from samovar.services.auth.alerts.schemas import AlertToken, Hold, NotMe, Secured
from samovar.services.auth.alerts.use_cases import Alerts
from samovar.services.auth.client import Client
from samovar.services.auth.errors import AlertInvalid
from samovar.services.auth.pages.cookies import Cookies
from samovar.services.auth.pages.forms import Forms, SentForm
from samovar.services.auth.pages.rendering import Pages
from samovar.services.auth.passwords.schemas import ResetState
from samovar.services.auth.schemas import BODY_BYTES_MAX


@post(
    "/v1/auth/alerts/not-me",
    auth="public",
    status=200,
    rate_limit=RateLimit(20),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(AlertInvalid,),
)
async def deny_alert(data: NotMe, request: Request, alerts: Alerts) -> Secured:
    """Say that what a letter told of was not you.

    All sessions and API keys end, changes of credentials since then are undone, and for 7 days nothing of value leaves the account.
    Set a new password next, with the token of this answer.
    """
    return await alerts.deny(data.token, Client.of(request))


@get("/v1/auth/hold", auth="player")
async def show_hold(caller: Caller, alerts: Alerts) -> Hold:
    """Tell whether the account is held, and until when."""
    return await alerts.hold_of(caller.account_id)


@get("/not-me", auth="public", media_type="text/html", rate_limit=RateLimit(30))
async def show_not_me(
    request: Request,
    alerts: Alerts,
    pages: Pages,
    forms: Forms,
    cookies: Cookies,
    clock: Clock,
    token: AlertToken = "",
) -> Answer:
    """Show what a letter told of, with a button: programs that look at links in mails only read."""
    language, browser = Client.of(request).language, cookies.browser(request)
    try:
        alert = await alerts.find(token)
    except SamovarError as error:
        return pages.problem(error, language, trace_id=tracing.current_trace_id())
    return pages.render(
        "not_me",
        language,
        cookies=browser.set_cookies,
        form=forms.seal(NotMe(token), purpose="not_me", browser=browser.id, now=clock.now()),
        what=alerts.words_of(alert, language),
    )


@post(
    "/not-me",
    auth="public",
    status=200,
    body="form",
    media_type="text/html",
    rate_limit=RateLimit(20),
    body_bytes_max=BODY_BYTES_MAX,
)
async def deny_on_page(
    data: SentForm,
    request: Request,
    alerts: Alerts,
    pages: Pages,
    forms: Forms,
    cookies: Cookies,
    clock: Clock,
) -> Answer:
    """Do what «это был не я» does, and ask for a new password."""
    client, browser = Client.of(request), cookies.browser(request)
    try:
        state = forms.open(data.form, NotMe, purpose="not_me", browser=browser.id, now=clock.now())
        secured = await alerts.deny(state.token, client)
    except SamovarError as error:
        return pages.problem(error, client.language, trace_id=tracing.current_trace_id())
    reset = ResetState(secured.password_reset_token)
    return pages.render(
        "reset_password",
        client.language,
        cookies=browser.set_cookies,
        form=forms.seal(reset, purpose="reset_password", browser=browser.id, now=clock.now()),
        notice=pages.words("page.not_me.done", client.language),
        fault=None,
    )
