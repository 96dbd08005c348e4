"""Signing in with a passkey on the page: what the page's script sends, right and wrong."""

import base64
import hashlib
import json
import re
from typing import Any

import pytest

from tests.services.auth.authenticator import Authenticator
from tests.services.auth.openid.conftest import Issuer, Person, Program, query_of

PATH = "/oauth2/passkey"


def pages_of(issuer: Issuer) -> str:
    """Return the origin of the pages: passkeys of a loopback address are for `localhost`."""
    return issuer.origin.replace("127.0.0.1", "localhost")


async def with_passkey(issuer: Issuer) -> tuple[Person, Authenticator]:
    """Register somebody, and a passkey of theirs."""
    person, passkey = await issuer.person(), Authenticator()
    options = await issuer.ask("POST", "/v1/auth/passkeys/registration-options", token=person.access_token)
    assert options.body["rp"]["id"] == "localhost"
    made = {"credential": passkey.make(options.body, origin=pages_of(issuer)), "name": "Телефон"}
    added = await issuer.ask("POST", "/v1/auth/passkeys", made, token=person.access_token)
    assert added.status == 201, added.body
    return person, passkey


async def signed(issuer: Issuer, passkey: Authenticator, **lies: Any) -> str:
    """Return what the script of the page puts into the form."""
    options = await issuer.ask("POST", "/v1/auth/passkeys/sign-in-options")
    return json.dumps(passkey.sign(options.body, **{"origin": pages_of(issuer), **lies}))


async def test_a_passkey_signs_in_on_the_page_and_nothing_more_is_asked(
    issuer: Issuer, program: Program
) -> None:
    person, passkey = await with_passkey(issuer)
    async with issuer.browser() as browser:
        shown = await browser.get("/oauth2/authorize", **query_of(program, acr_values="aal2"))
        sent = await browser.post(PATH, form=shown.form, credential=await signed(issuer, passkey))
        assert sent.status == 303
        asked = await browser.follow(sent)
        assert asked.action == "/oauth2/authorize/consent"
        assert person.email in asked.text
        back = await browser.decide(asked)
        assert "code" in back.params
        assert "access_token" not in sent.text + sent.location + asked.text
    tokens = (await issuer.redeem(program, back.params["code"])).body
    claims = json.loads(base64.urlsafe_b64decode(tokens["id_token"].split(".")[1] + "=="))
    assert (claims["acr"], claims["amr"]) == ("aal2", ["hwk", "user", "mfa"])


async def test_what_no_passkey_signed_is_told_on_the_page_and_leads_nowhere(
    issuer: Issuer, program: Program
) -> None:
    _, passkey = await with_passkey(issuer)
    once = await signed(issuer, passkey)
    wrong = [
        "",
        "null",
        "{}",
        "[" * 8_000,
        "\udc00".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
        once.replace('"type": "public-key"', '"type": "password"'),
        await signed(issuer, passkey, origin="https://evil.example"),
        await signed(issuer, passkey, is_verified=False),
        await signed(issuer, Authenticator()),
    ]
    async with issuer.browser() as browser:
        shown = await browser.get("/oauth2/authorize", **query_of(program))
        for credential in wrong:
            refused = await browser.post(PATH, form=shown.form, credential=credential)
            assert refused.status == 422, credential
            assert refused.action == "/oauth2/sign-in"
            assert 'role="alert" id="error"' in refused.text
            assert browser.session_cookie is None
        assert (await browser.post(PATH, form=shown.form, credential=once)).status == 303
        again = await browser.post(PATH, form=shown.form, credential=once)
        assert again.status == 422


async def test_a_form_of_another_browser_signs_nobody_in(issuer: Issuer, program: Program) -> None:
    """Otherwise a stranger's page would sign a victim in as the stranger."""
    _, passkey = await with_passkey(issuer)
    async with issuer.browser() as one, issuer.browser() as other:
        form = (await one.get("/oauth2/authorize", **query_of(program))).form
        await other.get("/oauth2/authorize", **query_of(program))
        for stolen in (form, "", form[:-2]):
            refused = await other.post(PATH, form=stolen, credential=await signed(issuer, passkey))
            assert (refused.status, other.session_cookie) == (400, None)


async def test_a_field_that_is_too_long_is_refused(issuer: Issuer, program: Program) -> None:
    async with issuer.browser() as browser:
        form = (await browser.get("/oauth2/authorize", **query_of(program))).form
        assert (await browser.post(PATH, form=form, credential="x" * 8_193)).status == 422


@pytest.mark.parametrize("language", ["ru", "en"])
async def test_the_page_runs_its_own_script_and_no_other(
    issuer: Issuer, program: Program, language: str
) -> None:
    async with issuer.browser() as browser:
        shown = await browser.get("/oauth2/authorize", **query_of(program, ui_locales=language))
    (script,) = re.findall(r"<script>(.*?)</script>", shown.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = dict(rule.split(" ", 1) for rule in shown.headers["Content-Security-Policy"].split("; "))
    assert policy["script-src"] == f"'sha256-{digest}'"
    assert policy["connect-src"] == "'self'"
    assert policy["default-src"] == "'none'"
    # Without it the button is not there, and the password is.
    assert re.search(r'<form id="by_passkey"[^>]* hidden>', shown.text)
    assert shown.action == "/oauth2/sign-in"
