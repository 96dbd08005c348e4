"""The forms of the sign-in pages. The use cases are those of the REST sign-in, with the same limits."""

import msgspec

from samovar.kit.clock import Clock
from samovar.kit.errors import RateLimited
from samovar.kit.rest.answers import Answer
from samovar.kit.rest.app import Request
from samovar.kit.routes import RateLimit, post
from samovar.services.auth.client import Client
from samovar.services.auth.errors import (
    BadCredentials,
    ChallengeInvalid,
    HashingBusy,
    PasskeyRefused,
    PasswordVoid,
    SecondFactorWrong,
    TooManyAttempts,
)
from samovar.services.auth.factors.use_cases import SecondStep
from samovar.services.auth.pages.cookies import Browser, Cookies
from samovar.services.auth.pages.entrance import SECOND_FACTOR, SIGN_IN, Entrance
from samovar.services.auth.pages.forms import FORM_LENGTH_MAX, Forms
from samovar.services.auth.pages.rendering import HTML, Pages
from samovar.services.auth.pages.schemas import Errand, FactorAwaited, FactorForm, PasskeyForm, SignInForm
from samovar.services.auth.pages.showing import sent_to, showing
from samovar.services.auth.pages.use_cases import BrowserSignIn
from samovar.services.auth.passkeys.use_cases import PasskeySignIns
from samovar.services.auth.schemas import Assertion, Credentials, MfaAnswer, MfaRequired, SignedIn
from samovar.services.auth.sign_in.use_cases import SignIn

FORM_BYTES_MAX = FORM_LENGTH_MAX + 16_384
_UNPROCESSABLE, _TOO_MANY = 422, 429


@post(
    "/oauth2/sign-in",
    auth="public",
    body="form",
    status=200,
    media_type=HTML,
    rate_limit=RateLimit(60),
    body_bytes_max=FORM_BYTES_MAX,
)
async def sign_in_on_page(
    data: SignInForm,
    request: Request,
    sign_in: SignIn,
    browser_sign_in: BrowserSignIn,
    entrance: Entrance,
    pages: Pages,
    forms: Forms,
    cookies: Cookies,
    clock: Clock,
) -> Answer:
    """Take the login and the password from the sign-in page, and go on to where the person was going."""
    browser, client = cookies.browser(request), Client.of(request)

    async def made() -> Answer:
        errand = forms.open(data.form, Errand, purpose=SIGN_IN, browser=browser.id, now=clock.now())
        if not data.login.strip() or not data.password:
            return entrance.ask(
                browser,
                client.language,
                errand,
                login=data.login,
                error=pages.sentence(BadCredentials(), errand.language or client.language),
                status=_UNPROCESSABLE,
            )
        known = msgspec.structs.replace(
            client, device_token=browser.device_token, must_prove=errand.must_prove
        )
        try:
            answer = await sign_in.log_in(Credentials(login=data.login, password=data.password), known)
        except (BadCredentials, PasswordVoid, TooManyAttempts, HashingBusy) as error:
            return entrance.ask(
                browser,
                client.language,
                errand,
                login=data.login,
                error=pages.sentence(error, errand.language or client.language),
                status=_TOO_MANY if isinstance(error, RateLimited) else _UNPROCESSABLE,
                retry_after_s=error.retry_after_s,
            )
        if isinstance(answer, MfaRequired):
            awaited = FactorAwaited(errand=errand, mfa_token=answer.mfa_token, methods=answer.methods)
            return entrance.ask_second_factor(browser, client.language, awaited)
        return await _go_on(answer, errand, browser, cookies, browser_sign_in)

    return await showing(pages, client.language, made())


@post(
    "/oauth2/passkey",
    auth="public",
    body="form",
    status=200,
    media_type=HTML,
    rate_limit=RateLimit(60),
    body_bytes_max=FORM_BYTES_MAX,
)
async def sign_in_by_passkey_on_page(
    data: PasskeyForm,
    request: Request,
    passkey_sign_ins: PasskeySignIns,
    browser_sign_in: BrowserSignIn,
    entrance: Entrance,
    pages: Pages,
    forms: Forms,
    cookies: Cookies,
    clock: Clock,
) -> Answer:
    """Take what a passkey signed from the sign-in page, and go on to where the person was going. Nothing more is asked: it is two factors."""
    browser, client = cookies.browser(request), Client.of(request)

    async def made() -> Answer:
        errand = forms.open(data.form, Errand, purpose=SIGN_IN, browser=browser.id, now=clock.now())
        known = msgspec.structs.replace(client, device_token=browser.device_token)
        try:
            answer = await passkey_sign_ins.sign_in(_assertion(data.credential), known)
        except PasskeyRefused as error:
            return entrance.ask(
                browser,
                client.language,
                errand,
                error=pages.sentence(error, errand.language or client.language),
                status=_UNPROCESSABLE,
            )
        return await _go_on(answer, errand, browser, cookies, browser_sign_in)

    return await showing(pages, client.language, made())


def _assertion(credential: str) -> Assertion:
    """Read what a passkey signed.

    Raises:
        PasskeyRefused: It is something else.
    """
    try:
        return msgspec.json.decode(credential, type=Assertion)
    except (msgspec.DecodeError, RecursionError):
        raise PasskeyRefused from None


@post(
    "/oauth2/second-factor",
    auth="public",
    body="form",
    status=200,
    media_type=HTML,
    rate_limit=RateLimit(60),
    body_bytes_max=FORM_BYTES_MAX,
)
async def give_second_factor_on_page(
    data: FactorForm,
    request: Request,
    second_step: SecondStep,
    browser_sign_in: BrowserSignIn,
    entrance: Entrance,
    pages: Pages,
    forms: Forms,
    cookies: Cookies,
    clock: Clock,
) -> Answer:
    """Take the second factor from its page, and go on to where the person was going."""
    browser, client = cookies.browser(request), Client.of(request)

    async def made() -> Answer:
        awaited = forms.open(
            data.form, FactorAwaited, purpose=SECOND_FACTOR, browser=browser.id, now=clock.now()
        )
        language = awaited.errand.language or client.language
        known = msgspec.structs.replace(client, device_token=browser.device_token)
        try:
            answer = await second_step.complete(
                MfaAnswer(
                    mfa_token=awaited.mfa_token,
                    # Whether the account has it, is seen there.
                    method="recovery" if data.method == "recovery" else "totp",
                    code=data.code.strip(),
                    trust_device=bool(data.trust_device),
                ),
                known,
            )
        except ChallengeInvalid as error:
            return entrance.ask(
                browser,
                client.language,
                awaited.errand,
                error=pages.sentence(error, language),
                status=_UNPROCESSABLE,
            )
        except (SecondFactorWrong, TooManyAttempts) as error:
            return entrance.ask_second_factor(
                browser,
                client.language,
                awaited,
                error=pages.sentence(error, language),
                status=_TOO_MANY if isinstance(error, RateLimited) else _UNPROCESSABLE,
                retry_after_s=error.retry_after_s,
            )
        return await _go_on(answer, awaited.errand, browser, cookies, browser_sign_in)

    return await showing(pages, client.language, made())


async def _go_on(
    signed_in: SignedIn, errand: Errand, browser: Browser, cookies: Cookies, browser_sign_in: BrowserSignIn
) -> Answer:
    """Put the session into the browser and send it on its errand; the tokens never reach the browser."""
    cookie = await browser_sign_in.settle(signed_in, browser.session)
    set_cookies = (
        *browser.set_cookies,
        cookies.set_session(cookie),
        cookies.set_device(signed_in.device_token),
    )
    return sent_to(errand.to, set_cookies)
