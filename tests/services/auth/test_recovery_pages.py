"""The pages behind the links of letters: «это был не я» and a new password."""

from samovar.services.auth.contract.events import SessionRevoked
from tests.services.auth.conftest import Auth, Installation, new_address, new_email
from tests.services.auth.test_alerts import NEW_DEVICE, token_in
from tests.services.auth.test_password_setting import letter_to
from tests.services.auth.test_password_setting import token_in as reset_token_in

NEW = "три весёлых гуся у реки"


async def test_looking_at_the_link_does_nothing_and_the_button_does(
    auth: Auth, installation: Installation
) -> None:
    email = new_email()
    account_id = (await auth.register(email=email)).body["account_id"]
    await auth.log_in(email)
    token = token_in(await letter_to(installation.messages, email, NEW_DEVICE))
    shown = await auth.page("GET", f"/not-me?token={token}")
    assert (shown.status, "Это был не я" in shown.text) == (200, True)
    assert "frame-ancestors 'none'" in shown.headers["Content-Security-Policy"]
    assert await auth.events(SessionRevoked, account_id) == []
    elsewhere = await auth.page("POST", "/not-me", {"form": shown.form})
    assert elsewhere.status == 400
    secured = await auth.page("POST", "/not-me", {"form": shown.form}, browser=shown.browser)
    assert (secured.status, "Новый пароль" in secured.text) == (200, True)
    assert len(await auth.events(SessionRevoked, account_id)) == 2
    weak = await auth.page(
        "POST",
        "/reset-password",
        {"form": secured.form, "new_password": "qwerty123"},
        browser=secured.browser,
    )
    assert (weak.status, "угадают" in weak.text) == (422, True)
    short = await auth.page(
        "POST", "/reset-password", {"form": weak.form, "new_password": "abc"}, browser=weak.browser
    )
    assert (short.status, "8" in short.text) == (422, True)
    done = await auth.page(
        "POST", "/reset-password", {"form": weak.form, "new_password": NEW}, browser=weak.browser
    )
    assert (done.status, "Пароль сохранён" in done.text) == (200, True)
    assert (await auth.log_in(email, NEW)).status == 200
    again = await auth.page("GET", f"/not-me?token={token}")
    assert again.status == 404


async def test_the_link_of_a_forgotten_password_leads_to_a_new_one(
    auth: Auth, installation: Installation
) -> None:
    email = new_email()
    await auth.register(email=email)
    await auth.ask("POST", "/v1/auth/password/forgot", {"login": email}, x_forwarded_for=new_address())
    token = reset_token_in(await letter_to(installation.messages, email, "Новый пароль"))
    shown = await auth.page("GET", f"/reset-password?token={token}")
    fields = {"form": shown.form, "new_password": NEW}
    assert (await auth.page("POST", "/reset-password", fields, browser=shown.browser)).status == 200
    assert (await auth.page("POST", "/reset-password", fields, browser=shown.browser)).status == 401
    assert (await auth.log_in(email, NEW)).status == 200


async def test_nonsense_is_answered_by_a_page(auth: Auth) -> None:
    for path in ("/not-me", "/not-me?token=%00", "/not-me?token=smvn_AAAA", "/not-me?token=" + "A" * 600):
        answer = await auth.page("GET", path)
        assert answer.status in {404, 422}
    for path in ("/not-me", "/reset-password"):
        assert (await auth.page("POST", path, {"form": "x", "new_password": NEW})).status == 400
    english = await auth.page("GET", "/reset-password?token=x")
    assert english.text.startswith("<!doctype html>")


async def test_a_password_is_masked_and_may_be_pasted(auth: Auth) -> None:
    shown = await auth.page("GET", "/reset-password?token=x")
    field = shown.text.partition('<input id="new_password"')[2].partition(">")[0]
    assert 'type="password"' in field
    assert 'autocomplete="new-password"' in field
    assert "onpaste" not in shown.text
    assert "<script" not in shown.text


async def test_a_password_is_forgotten_on_a_page_that_tells_nothing(
    auth: Auth, installation: Installation
) -> None:
    email = new_email()
    await auth.register(email=email)
    answers = []
    for login in (email, new_email(), "no login"):
        shown = await auth.page("GET", "/forgot-password")
        fields = {"form": shown.form, "login": login}
        answers.append(await auth.page("POST", "/forgot-password", fields, browser=shown.browser))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert reset_token_in(await letter_to(installation.messages, email, "Новый пароль"))
    stranger = await auth.page("POST", "/forgot-password", {"form": "x", "login": email})
    assert stranger.status == 400
