"""REST and a page: changing, forgetting and resetting passwords."""

from http import HTTPStatus

from samovar.kit import tracing
from samovar.kit.clock import Clock
from samovar.kit.errors import InvalidInput, SamovarError
from samovar.kit.identity import Caller, StepUpRequired
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, get, post
from samovar.services.auth.client import Client
from samovar.services.auth.errors import BadCredentials, HashingBusy, ResetInvalid, TooManyAttempts
from samovar.services.auth.pages.cookies import Cookies
from samovar.services.auth.pages.forms import Forms
from samovar.services.auth.pages.rendering import Pages
from samovar.services.auth.passwords.schemas import (
    Forgotten,
    ForgottenForm,
    ForgottenState,
    PasswordChange,
    PasswordReset,
    PasswordSet,
    ResetForm,
    ResetState,
)
from samovar.services.auth.passwords.use_cases import PasswordSetting
from samovar.services.auth.schemas import BODY_BYTES_MAX

FORGOTTEN_PURPOSE, RESET_PURPOSE = "forgot_password", "reset_password"

# Of the client.
SIGN_IN_PATH = "/sign-in"


@post(
    "/v1/auth/password/change",
    auth="player",
    status=204,
    rate_limit=RateLimit(30, by="account"),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(BadCredentials, StepUpRequired, InvalidInput, TooManyAttempts, HashingBusy),
)
async def change_password(
    data: PasswordChange, caller: Caller, request: Request, password_setting: PasswordSetting
) -> None:
    """Change the password.

    The present one is asked for once more; an account that has none needs a fresh proof. All other sign-ins end, unless
    `keep_sessions` is set, and every device that was trusted is asked for the second factor again.
    """
    await password_setting.change(
        caller,
        Client.of(request),
        current=data.current_password,
        new=data.new_password,
        keep_sessions=data.keep_sessions,
    )


@post(
    "/v1/auth/password/forgot",
    auth="public",
    status=202,
    rate_limit=RateLimit(30),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(TooManyAttempts,),
)
async def forget_password(data: Forgotten, request: Request, password_setting: PasswordSetting) -> None:
    """Ask for a letter with which a new password can be set.

    The answer is the same whether the login exists or not. To an address goes a link that works for half an hour, to a number a
    code that works for ten minutes.
    """
    await password_setting.forget(data.login, Client.of(request))


@post(
    "/v1/auth/password/reset",
    auth="public",
    status=200,
    rate_limit=RateLimit(30),
    body_bytes_max=BODY_BYTES_MAX,
    raises=(ResetInvalid, InvalidInput, TooManyAttempts, HashingBusy),
)
async def reset_password(
    data: PasswordReset, request: Request, password_setting: PasswordSetting
) -> PasswordSet:
    """Set a new password: with `token` from a mail, or with `login` and `code` from a text message.

    Everything that was signed in ends, API keys too. Sign in with the new password next; the second factor is asked for as ever.
    """
    device_token = await password_setting.reset(
        Client.of(request), token=data.token, login=data.login, code=data.code, new=data.new_password
    )
    return PasswordSet(device_token)


@get("/forgot-password", auth="public", media_type="text/html", rate_limit=RateLimit(30))
async def show_forgot_page(
    request: Request, pages: Pages, forms: Forms, cookies: Cookies, clock: Clock
) -> Answer:
    """Ask whose password was forgotten."""
    browser = cookies.browser(request)
    form = forms.seal(ForgottenState(), purpose=FORGOTTEN_PURPOSE, browser=browser.id, now=clock.now())
    return pages.render(
        "forgot_password", Client.of(request).language, cookies=browser.set_cookies, form=form
    )


@post(
    "/forgot-password",
    auth="public",
    status=200,
    body="form",
    media_type="text/html",
    rate_limit=RateLimit(20),
    body_bytes_max=BODY_BYTES_MAX,
)
async def forget_on_page(
    data: ForgottenForm,
    request: Request,
    password_setting: PasswordSetting,
    pages: Pages,
    forms: Forms,
    cookies: Cookies,
    clock: Clock,
) -> Answer:
    """Send what sets a new password; the page says the same whether the login exists or not."""
    client, browser = Client.of(request), cookies.browser(request)
    try:
        forms.open(data.form, ForgottenState, purpose=FORGOTTEN_PURPOSE, browser=browser.id, now=clock.now())
        await password_setting.forget(data.login, client)
    except SamovarError as error:
        return pages.problem(error, client.language, trace_id=tracing.current_trace_id())
    done = pages.words("page.forgot_password.done", client.language)
    return pages.render("message", client.language, is_fault=False, text=done, trace_id=None, link=None)


@get("/reset-password", auth="public", media_type="text/html", rate_limit=RateLimit(30))
async def show_reset_page(
    request: Request, pages: Pages, forms: Forms, cookies: Cookies, clock: Clock, token: str = ""
) -> Answer:
    """Ask for a new password; whether the link still works shows when one is sent."""
    return _reset_page(request, ResetState(token), pages, forms, cookies, clock)


@post(
    "/reset-password",
    auth="public",
    status=200,
    body="form",
    media_type="text/html",
    rate_limit=RateLimit(30),
    body_bytes_max=BODY_BYTES_MAX,
)
async def reset_on_page(
    data: ResetForm,
    request: Request,
    password_setting: PasswordSetting,
    pages: Pages,
    forms: Forms,
    cookies: Cookies,
    clock: Clock,
) -> Answer:
    """Set a new password from the page."""
    client, browser = Client.of(request), cookies.browser(request)
    try:
        state = forms.open(data.form, ResetState, purpose=RESET_PURPOSE, browser=browser.id, now=clock.now())
    except SamovarError as error:
        return pages.problem(error, client.language, trace_id=tracing.current_trace_id())
    try:
        device_token = await password_setting.reset(
            client, token=state.token, login=None, code=None, new=data.new_password
        )
    except InvalidInput as error:
        fault = " ".join(pages.fault(field, client.language) for field in error.fields)
        return _reset_page(request, state, pages, forms, cookies, clock, fault=fault)
    except SamovarError as error:
        return pages.problem(error, client.language, trace_id=tracing.current_trace_id())
    done = pages.words("page.reset_password.done", client.language)
    return pages.render(
        "message",
        client.language,
        cookies=(cookies.set_device(device_token),),
        is_fault=False,
        text=done,
        trace_id=None,
        link=SIGN_IN_PATH,
        link_text=pages.words("page.reset_password.sign_in", client.language),
    )


def _reset_page(
    request: Request,
    state: ResetState,
    pages: Pages,
    forms: Forms,
    cookies: Cookies,
    clock: Clock,
    *,
    fault: str | None = None,
) -> Answer:
    browser = cookies.browser(request)
    return pages.render(
        "reset_password",
        Client.of(request).language,
        status=HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK,
        cookies=browser.set_cookies,
        form=forms.seal(state, purpose=RESET_PURPOSE, browser=browser.id, now=clock.now()),
        notice=None,
        fault=fault,
    )
