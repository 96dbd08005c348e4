"""Pages: typing the code of a new device, and deciding about it. They need no script."""

from typing import Annotated

from msgspec import Meta

from samovar.kit.clock import Clock
from samovar.kit.identity import StepUpRequired
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, get, post
from samovar.services.auth.client import Client
from samovar.services.auth.device_code.domain import PAGE, user_code_of
from samovar.services.auth.device_code.errors import DeviceNumberWrong, DeviceRequestInvalid
from samovar.services.auth.device_code.page.schemas import CodeForm, Decision, DecisionForm
from samovar.services.auth.device_code.page.screens import DECISION, DeviceScreens
from samovar.services.auth.device_code.use_cases import DeviceSignIn
from samovar.services.auth.errors import FormStale
from samovar.services.auth.pages.cookies import Cookies
from samovar.services.auth.pages.forms import FORM_LENGTH_MAX, Forms
from samovar.services.auth.pages.rendering import HTML, Pages
from samovar.services.auth.pages.showing import sent_to, showing
from samovar.services.auth.schemas import FRESH

FORM_BYTES_MAX = FORM_LENGTH_MAX + 1_024


@get(PAGE, auth="public", media_type=HTML, rate_limit=RateLimit(120))
async def show_device_page(
    request: Request,
    device_sign_in: DeviceSignIn,
    device_screens: DeviceScreens,
    pages: Pages,
    cookies: Cookies,
    user_code: Annotated[str, Meta(max_length=64)] = "",
) -> Answer:
    """Ask for the code of a new device or, with `user_code`, show what wants in.

    Whoever is not signed in, or has not shown who they are for a while, signs in first; only then is the code opened.
    """
    browser, client = cookies.browser(request), Client.of(request)

    async def made() -> Answer:
        if not user_code:
            return device_screens.code(browser, client.language)
        code = user_code_of(user_code)
        if code is None:
            return device_screens.code(browser, client.language, typed=user_code, is_wrong=True)
        who = await device_sign_in.approver_of(browser.session, client)
        if who is None or not device_screens.is_fresh(who):
            return device_screens.sign_in(code, browser, client.language)
        try:
            seen = await device_sign_in.look(who.approver, code, client)
        except DeviceRequestInvalid:
            return device_screens.code(browser, client.language, typed=code, is_wrong=True)
        return device_screens.decision(seen, who, browser, client.language)

    return await showing(pages, client.language, made())


@post(
    PAGE,
    auth="public",
    body="form",
    status=200,
    media_type=HTML,
    rate_limit=RateLimit(60),
    body_bytes_max=FORM_BYTES_MAX,
)
async def type_user_code(
    data: CodeForm, request: Request, device_screens: DeviceScreens, pages: Pages, cookies: Cookies
) -> Answer:
    """Take the code that somebody typed."""
    browser, client = cookies.browser(request), Client.of(request)

    async def made() -> Answer:
        code = user_code_of(data.user_code)
        if code is None:
            return device_screens.code(browser, client.language, typed=data.user_code[:64], is_wrong=True)
        return sent_to(f"{PAGE}?user_code={code}", browser.set_cookies)

    return await showing(pages, client.language, made())


@post(
    f"{PAGE}/decision",
    auth="public",
    body="form",
    status=200,
    media_type=HTML,
    rate_limit=RateLimit(60),
    body_bytes_max=FORM_BYTES_MAX,
    raises=(FormStale,),
)
async def decide_on_device(
    data: DecisionForm,
    request: Request,
    device_sign_in: DeviceSignIn,
    device_screens: DeviceScreens,
    pages: Pages,
    forms: Forms,
    cookies: Cookies,
    clock: Clock,
) -> Answer:
    """Take the number that somebody pressed, or their no."""
    browser, client = cookies.browser(request), Client.of(request)

    async def made() -> Answer:
        asked = forms.open(data.form, Decision, purpose=DECISION, browser=browser.id, now=clock.now())
        who = await device_sign_in.approver_of(browser.session, client)
        if who is None:
            return device_screens.sign_in(asked.user_code, browser, client.language)
        if data.decision:
            is_not_me = data.decision == "not_me"
            await device_sign_in.deny(who.approver, asked.user_code, client, is_not_me=is_not_me)
            return device_screens.done("denied", browser, client.language)
        if not device_screens.may_decide(who):
            raise StepUpRequired(max_age_s=FRESH.max_age_s, acr=FRESH.acr)
        if not data.number.isascii() or not data.number.isdecimal():
            raise DeviceNumberWrong("not a number")
        await device_sign_in.approve(who.approver, asked.user_code, int(data.number), client)
        return device_screens.done("approved", browser, client.language)

    return await showing(pages, client.language, made())
