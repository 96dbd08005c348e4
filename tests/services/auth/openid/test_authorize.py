"""Authorization requests: what is let through, what is sent back, what is shown a page that leads nowhere."""

import re
from urllib.parse import quote, urlencode

import pytest

from tests.services.auth.conftest import PASSWORD, new_email
from tests.services.auth.openid.conftest import (
    CALLBACK,
    CHALLENGE,
    VERIFIER,
    Issuer,
    Person,
    Program,
    query_of,
)


async def test_a_person_who_agreed_is_not_asked_again(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        first = await browser.authorize(person, query_of(program))
        again = await browser.get("/oauth2/authorize", **query_of(program))
        assert (again.status, again.params["state"]) == (303, "s-1")
        assert again.params["code"] != first.params["code"]
        narrower = await browser.get("/oauth2/authorize", **query_of(program, scope="openid"))
        assert "code" in narrower.params
        wider = await browser.get("/oauth2/authorize", **query_of(program, scope="openid email"))
    assert "Почта" in wider.text


async def test_who_refuses_is_sent_back_and_asked_again_the_next_time(
    issuer: Issuer, program: Program
) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        shown = await browser.sign_in(await browser.get("/oauth2/authorize", **query_of(program)), person)
        back = await browser.decide(shown, "deny")
        assert back.params["error"] == "access_denied"
        assert (back.params["state"], back.params["iss"]) == ("s-1", issuer.origin)
        again = await browser.get("/oauth2/authorize", **query_of(program))
    assert "/oauth2/authorize/consent" in again.text


@pytest.mark.parametrize(
    "uri",
    [
        None,
        "",
        f"{CALLBACK}/",
        f"{CALLBACK}?a=b",
        f"{CALLBACK}#a",
        f"{CALLBACK}/../evil",
        "https://game.example/Callback",
        "https://game.example/",
        "https://GAME.example/callback",
        "https://game.example.evil.example/callback",
        "https://user@game.example/callback",
        "https://game.example@evil.example/callback",
        "https://game.example:443/callback",
        "http://game.example/callback",
        "http://127.0.0.1:1234/callback",
        "//game.example/callback",
        "javascript:alert(1)",
        "https://evil.example/callback",
        f"{CALLBACK}\0",
        f"{CALLBACK}\r\nSet-Cookie: a=b",
    ],
)
async def test_a_browser_is_never_led_to_an_address_that_is_not_registered(
    issuer: Issuer, program: Program, uri: str | None
) -> None:
    async with issuer.browser() as browser:
        shown = await browser.get("/oauth2/authorize", **query_of(program, redirect_uri=uri))
    assert shown.status == 400
    assert not shown.location
    assert "<form" not in shown.text


@pytest.mark.parametrize("client_id", [None, "", "no-such-client", "a" * 100, "\0"])
async def test_an_unknown_client_is_shown_a_page_that_leads_nowhere(
    issuer: Issuer, program: Program, client_id: str | None
) -> None:
    async with issuer.browser() as browser:
        shown = await browser.get("/oauth2/authorize", **query_of(program, client_id=client_id))
    assert (shown.status, shown.location) == (400, "")
    assert shown.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("name", ["client_id", "redirect_uri"])
async def test_two_addresses_or_two_clients_are_none(issuer: Issuer, program: Program, name: str) -> None:
    query = query_of(program)
    doubled = f"{urlencode(query)}&{name}={quote(query[name])}"
    async with issuer.browser() as browser:
        shown = await browser.get(f"/oauth2/authorize?{doubled}")
    assert (shown.status, shown.location) == (400, "")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": None}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "unheard_of"}, "invalid_scope"),
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": VERIFIER, "code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": CHALLENGE[:-1] + "="}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"prompt": "create"}, "invalid_request"),
        ({"prompt": "none"}, "login_required"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "٣"}, "invalid_request"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"request_uri": "https://evil.example/"}, "request_uri_not_supported"),
        ({"registration": "{}"}, "registration_not_supported"),
        ({"nonce": "n" * 600}, "invalid_request"),
    ],
)
async def test_what_is_wrong_with_a_request_goes_back_to_the_client(
    issuer: Issuer, program: Program, changes: dict[str, str | None], error: str
) -> None:
    async with issuer.browser() as browser:
        back = await browser.get("/oauth2/authorize", **query_of(program, **changes))
    assert back.location.startswith(f"{CALLBACK}?")
    assert back.params["error"] == error
    assert (back.params["state"], back.params["iss"]) == ("s-1", issuer.origin)
    assert "code" not in back.params


async def test_a_state_that_is_too_long_or_doubled_does_not_go_back(issuer: Issuer, program: Program) -> None:
    async with issuer.browser() as browser:
        long = await browser.get("/oauth2/authorize", **query_of(program, state="s" * 3_000))
        doubled = await browser.get(f"/oauth2/authorize?{urlencode(query_of(program))}&state=other")
    for back in (long, doubled):
        assert back.params["error"] == "invalid_request"
        assert "state" not in back.params


async def test_a_request_without_end_is_refused(issuer: Issuer, program: Program) -> None:
    async with issuer.browser() as browser:
        shown = await browser.get("/oauth2/authorize", **query_of(program, login_hint="a" * 9_000))
        many = await browser.get(f"/oauth2/authorize?{'&'.join(['x=1'] * 90)}")
        nonsense = await browser.get("/oauth2/authorize?client_id=%FF%FE")
    assert [shown.status, many.status, nonsense.status] == [400, 400, 400]


async def test_a_scope_that_the_client_may_not_ask_for_is_refused(issuer: Issuer, developer: Person) -> None:
    program = await issuer.program(developer, scopes=["openid"])
    async with issuer.browser() as browser:
        back = await browser.get("/oauth2/authorize", **query_of(program, scope="openid email"))
    assert back.params["error"] == "invalid_scope"


async def test_a_client_without_the_grant_type_gets_no_codes(issuer: Issuer, developer: Person) -> None:
    program = await issuer.program(developer, grant_types=["client_credentials"])
    async with issuer.browser() as browser:
        back = await browser.get("/oauth2/authorize", **query_of(program))
    assert back.params["error"] == "unauthorized_client"


async def test_silence_ends_where_the_person_must_be_asked(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        shown = await browser.sign_in(await browser.get("/oauth2/authorize", **query_of(program)), person)
        silent = await browser.get("/oauth2/authorize", **query_of(program, prompt="none"))
        assert silent.params["error"] == "consent_required"
        await browser.decide(shown)
        silent = await browser.get("/oauth2/authorize", **query_of(program, prompt="none"))
        assert "code" in silent.params
        too_old = await browser.get("/oauth2/authorize", **query_of(program, prompt="none", max_age="0"))
        assert too_old.params["error"] == "login_required"
        asked = await browser.get("/oauth2/authorize", **query_of(program, prompt="consent"))
    assert "/oauth2/authorize/consent" in asked.text


@pytest.mark.parametrize("changes", [{"prompt": "login"}, {"max_age": "0"}, {"prompt": "select_account"}])
async def test_a_client_may_ask_for_a_fresh_sign_in(
    issuer: Issuer, program: Program, changes: dict[str, str]
) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        await browser.authorize(person, query_of(program))
        old = browser.session_cookie
        shown = await browser.get("/oauth2/authorize", **query_of(program, **changes))
        assert "/oauth2/sign-in" in shown.text
        back = await browser.sign_in(shown, person)
        assert "code" in back.params
        assert browser.session_cookie != old


async def test_a_wish_for_two_factors_asks_once_more_and_no_more(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        await browser.authorize(person, query_of(program))
        shown = await browser.get("/oauth2/authorize", **query_of(program, acr_values="unheard_of aal2"))
        assert "/oauth2/sign-in" in shown.text
        assert "code" in (await browser.sign_in(shown, person)).params
        same = await browser.get("/oauth2/authorize", **query_of(program, acr_values="aal1"))
    assert "code" in same.params


async def test_a_hint_of_somebody_else_asks_for_a_sign_in(issuer: Issuer, program: Program) -> None:
    one, other = await issuer.person(), await issuer.person()
    hint = (await issuer.tokens(one, program))["id_token"]
    async with issuer.browser() as browser:
        await browser.authorize(other, query_of(program))
        silent = await browser.get(
            "/oauth2/authorize", **query_of(program, prompt="none", id_token_hint=hint)
        )
        assert silent.params["error"] == "login_required"
    async with issuer.browser() as browser:
        await browser.authorize(one, query_of(program))
        silent = await browser.get(
            "/oauth2/authorize", **query_of(program, prompt="none", id_token_hint=hint)
        )
        assert "code" in silent.params


async def test_the_answer_may_come_as_a_form(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        shown = await browser.authorize(person, query_of(program, response_mode="form_post", state='"><b>'))
    assert shown.status == 200
    assert shown.action == CALLBACK
    assert 'name="state" value="&quot;&gt;&lt;b&gt;"' in shown.text
    assert 'name="code"' in shown.text
    policy = shown.headers["Content-Security-Policy"]
    assert "form-action 'self' https://game.example;" in policy
    assert "script-src 'sha256-" in policy


async def test_a_request_as_a_form_of_another_site_is_asked_again_with_cookies(
    issuer: Issuer, program: Program
) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        await browser.authorize(person, query_of(program))
        sent = await browser.post("/oauth2/authorize", **query_of(program))
        assert sent.status == 303
        assert "code" in (await browser.follow(sent)).params
        assert (await browser.post("/oauth2/authorize", client_id="")).status == 303


async def test_words_come_in_the_language_that_the_client_says(issuer: Issuer, program: Program) -> None:
    async with issuer.browser() as browser:
        shown = await browser.get("/oauth2/authorize", **query_of(program, ui_locales="fr en-GB ru"))
        hinted = await browser.get("/oauth2/authorize", **query_of(program, login_hint='a"b@example.com'))
    assert '<html lang="en">' in shown.text
    assert "To go on in" in shown.text
    assert 'value="a&quot;b@example.com"' in hinted.text


async def test_a_name_is_shown_as_text(issuer: Issuer, developer: Person) -> None:
    program = await issuer.program(developer, name="<script>alert(1)</script>")
    async with issuer.browser() as browser:
        shown = await browser.get("/oauth2/authorize", **query_of(program))
    assert "<script>alert" not in shown.text
    assert "&lt;script&gt;alert" in shown.text


async def test_a_wrong_password_is_said_on_the_page_and_leads_nowhere(
    issuer: Issuer, program: Program
) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        shown = await browser.get("/oauth2/authorize", **query_of(program))
        wrong = await browser.sign_in(shown, person, "не тот пароль")
        assert (wrong.status, wrong.location) == (422, "")
        assert "Неверный логин или пароль" in wrong.text
        assert f'value="{person.email}"' in wrong.text
        assert "samovar_session" not in str(wrong.headers)
        unknown = await browser.post(wrong.action, form=wrong.form, login=new_email(), password=PASSWORD)
        assert "Неверный логин или пароль" in unknown.text
        empty = await browser.post(wrong.action, form=wrong.form)
        assert empty.status == 422
        right = await browser.sign_in(wrong, person)
    assert "/oauth2/authorize/consent" in right.text


async def test_guessing_on_the_page_is_slow_too(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        shown = await browser.get("/oauth2/authorize", **query_of(program))
        statuses = []
        for _ in range(21):
            wrong = await browser.post(shown.action, form=shown.form, login=person.email, password="x" * 9)
            statuses.append(wrong.status)
    assert statuses == [422] * 20 + [429]
    assert int(wrong.headers["Retry-After"]) > 0
    assert "Слишком много попыток" in wrong.text or "Подождите" in wrong.text


async def test_every_page_refuses_frames_and_scripts_of_others(issuer: Issuer, program: Program) -> None:
    async with issuer.browser() as browser:
        for path in (
            "/oauth2/authorize",
            f"/oauth2/authorize?{urlencode(query_of(program))}",
            "/oauth2/logout",
        ):
            shown = await browser.get(path)
            assert "frame-ancestors 'none'" in shown.headers["Content-Security-Policy"]
            assert shown.headers["X-Frame-Options"] == "DENY"
            assert shown.headers["Cache-Control"] == "no-store"
            # The page's own script stands in it; see `test_passkey_page`.
            text = re.sub(r"<script>.*?</script>", "", shown.text.replace(CALLBACK, ""), flags=re.DOTALL)
            assert not re.search(r"<script|onclick|https?://(?!www\.w3)", text)
