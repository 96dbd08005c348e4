"""The second factor on its page: asked for, given once, and not to be stepped around."""

from collections.abc import Mapping

import pyotp

from tests.services.auth.conftest import PASSWORD
from tests.services.auth.openid.conftest import Browser, Issuer, Person, Program, Shown, query_of


async def connect_app(issuer: Issuer, person: Person) -> tuple[str, list[str]]:
    """Connect an authenticator app; return its secret and the recovery codes."""
    begun = await issuer.ask("POST", "/v1/auth/totp", {"password": PASSWORD}, token=person.access_token)
    secret = begun.body["secret"]
    confirmed = await issuer.ask(
        "POST", "/v1/auth/totp/confirm", {"code": pyotp.TOTP(secret).now()}, token=person.access_token
    )
    assert confirmed.status in {200, 201}, confirmed.body
    return secret, confirmed.body["recovery_codes"]


async def first_step(browser: Browser, person: Person, query: Mapping[str, str]) -> Shown:
    shown = await browser.get("/oauth2/authorize", **query)
    return await browser.sign_in(shown, person)


async def give(browser: Browser, shown: Shown, code: str, method: str = "recovery", **more: str) -> Shown:
    sent = await browser.post(shown.action, form=shown.form, method=method, code=code, **more)
    return await browser.follow(sent)


async def test_the_page_asks_for_the_second_factor_and_the_tokens_say_so(
    issuer: Issuer, program: Program
) -> None:
    person = await issuer.person()
    _, codes = await connect_app(issuer, person)
    async with issuer.browser() as browser:
        shown = await first_step(browser, person, query_of(program))
        assert shown.action == "/oauth2/second-factor"
        assert browser.session_cookie is None
        wrong = await give(browser, shown, "000000", "totp")
        assert wrong.status == 422
        assert "Код не подошёл" in wrong.text or "свежий код" in wrong.text
        asked = await give(browser, wrong, codes[0])
        back = await browser.decide(asked)
    tokens = (await issuer.redeem(program, back.params["code"])).body
    seen = await issuer.post("/oauth2/introspect", {"token": tokens["access_token"], **program.credentials})
    acr = "SELECT acr FROM sessions WHERE id::text = $1"
    assert await issuer.database.fetch_value(acr, seen.body["sid"]) == "aal2"


async def test_the_second_factor_is_not_stepped_around(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    _, codes = await connect_app(issuer, person)
    async with issuer.browser() as browser, issuer.browser() as other:
        shown = await first_step(browser, person, query_of(program))
        assert "/oauth2/sign-in" in (await browser.get("/oauth2/authorize", **query_of(program))).text
        elsewhere = await give(other, shown, codes[0])
        assert elsewhere.status == 400
        unknown = await give(browser, shown, codes[0], "password")
        assert unknown.status == 422
        await give(browser, shown, codes[1])
        again = await give(browser, shown, codes[2])
    assert again.action == "/oauth2/sign-in"
    assert again.status == 422


async def test_five_wrong_codes_lead_back_to_the_password(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    _, codes = await connect_app(issuer, person)
    async with issuer.browser() as browser:
        shown = await first_step(browser, person, query_of(program))
        for _ in range(5):
            shown = await give(browser, shown, "000000", "totp")
        late = await give(browser, shown, codes[0])
    assert late.action == "/oauth2/sign-in"


async def test_a_trusted_browser_is_not_asked_again_unless_the_client_wants_it(
    issuer: Issuer, program: Program
) -> None:
    person = await issuer.person()
    _, codes = await connect_app(issuer, person)
    async with issuer.browser() as browser:
        shown = await first_step(browser, person, query_of(program))
        await browser.decide(await give(browser, shown, codes[0], trust_device="yes"))
        left = await browser.get("/oauth2/logout")
        await browser.post("/oauth2/logout", form=left.form, decision="end")
        trusted = await first_step(browser, person, query_of(program))
        assert "code" in trusted.params
        for changes in ({"prompt": "login"}, {"max_age": "0"}, {"acr_values": "aal2"}):
            asked = await first_step(browser, person, query_of(program, **changes))
            assert asked.action == "/oauth2/second-factor"
