"""The pages on which a person lets a device in, as a browser without scripts sees them."""

import re
from typing import Any
from uuid import UUID

from tests.services.auth.conftest import PASSWORD
from tests.services.auth.openid.conftest import Browser, Issuer, Person, Shown

NUMBER = re.compile(r'name="number" value="(\d+)"')


async def began(issuer: Issuer, **body: str) -> Any:
    answer = await issuer.ask("POST", "/v1/auth/device", {"device_name": "<b>Телевизор</b>", **body})
    assert answer.status == 200, answer.body
    return answer.body


async def opened(browser: Browser, person: Person, user_code: str) -> Shown:
    shown = await browser.get("/device", user_code=user_code)
    if "/oauth2/sign-in" in shown.text:
        shown = await browser.sign_in(shown, person)
    return shown


async def outcome(issuer: Issuer, device: Any) -> Any:
    async with issuer.database.transaction() as tx:
        await tx.execute("UPDATE device_requests SET polled_at = NULL")
    return await issuer.ask("POST", "/v1/auth/device/token", {"device_code": device["device_code"]})


async def test_a_person_types_the_code_signs_in_and_presses_the_number(issuer: Issuer) -> None:
    person, device = await issuer.person(), await began(issuer)
    async with issuer.browser() as browser:
        shown = await browser.get("/device")
        assert (shown.status, shown.action) == (200, "/device")
        typed = device["user_code"].lower().replace("-", " ")
        shown = await browser.follow(await browser.post("/device", user_code=typed))
        assert shown.action == "/oauth2/sign-in"
        shown = await browser.sign_in(shown, person)
        assert shown.action == "/device/decision"
        assert "Вы не начинали вход? Нажмите «Отклонить»." in shown.text
        assert "&lt;b&gt;Телевизор&lt;/b&gt;" in shown.text
        assert person.email in shown.text
        numbers = NUMBER.findall(shown.text)
        assert len(set(numbers)) == 3
        assert str(device["match_number"]) in numbers
        assert "<script" not in shown.text
        pressed = str(device["match_number"])
        done = await browser.post(shown.action, form=shown.form, number=pressed)
    assert (done.status, "Готово" in done.text) == (200, True)
    came = await outcome(issuer, device)
    assert came.body["account_id"] == str(person.account_id)


async def test_nothing_is_opened_before_the_person_has_signed_in(issuer: Issuer) -> None:
    device = await began(issuer)
    async with issuer.browser() as stranger:
        shown = await stranger.get("/device", user_code=device["user_code"])
        assert shown.action == "/oauth2/sign-in"
        unknown = await stranger.get("/device", user_code="BCDF-GHJK")
        assert unknown.action == "/oauth2/sign-in", "a stranger cannot try codes"
    person = await issuer.person()
    async with issuer.browser() as browser:
        assert (await opened(browser, person, device["user_code"])).action == "/device/decision"


async def test_a_wrong_number_is_the_end(issuer: Issuer) -> None:
    person, device = await issuer.person(), await began(issuer)
    async with issuer.browser() as browser:
        shown = await opened(browser, person, device["user_code"])
        wrong = next(number for number in NUMBER.findall(shown.text) if int(number) != device["match_number"])
        refused = await browser.post(shown.action, form=shown.form, number=wrong)
        assert refused.status == 403
        assert "пытались обмануть" in refused.text
        again = await browser.post(shown.action, form=shown.form, number=str(device["match_number"]))
        assert again.status == 404
    assert (await outcome(issuer, device)).body["code"] == "auth.access_denied"


async def test_a_no_is_a_no_also_to_a_code_that_was_sent(issuer: Issuer) -> None:
    for decision in ("deny", "not_me"):
        person, device = await issuer.person(), await began(issuer)
        async with issuer.browser() as browser:
            shown = await opened(browser, person, device["user_code"])
            done = await browser.post(shown.action, form=shown.form, decision=decision)
        assert (done.status, "Вход отклонён" in done.text) == (200, True)
        assert (await outcome(issuer, device)).body["code"] == "auth.access_denied"


async def test_a_second_person_who_opens_the_link_ends_it(issuer: Issuer) -> None:
    first, second, device = await issuer.person(), await issuer.person(), await began(issuer)
    async with issuer.browser() as mine, issuer.browser() as theirs:
        shown = await opened(mine, first, device["user_code"])
        refused = await opened(theirs, second, device["user_code"])
        assert (refused.status, "это обман" in refused.text) == (409, True)
        late = await mine.post(shown.action, form=shown.form, number=str(device["match_number"]))
        assert late.status == 404


async def test_a_form_of_another_browser_decides_nothing(issuer: Issuer) -> None:
    """OWASP ASVS 3.5.1: a forged request of another site has no form of this browser."""
    person, device = await issuer.person(), await began(issuer)
    async with issuer.browser() as mine, issuer.browser() as theirs:
        shown = await opened(mine, person, device["user_code"])
        number = str(device["match_number"])
        for form in (shown.form, "", "nonsense", shown.form[:-4] + "AAAA"):
            refused = await theirs.post("/device/decision", form=form, number=number)
            assert (refused.status, "Страница устарела" in refused.text) == (400, True)
    assert (await outcome(issuer, device)).body["code"] == "auth.authorization_pending"


async def test_an_old_proof_asks_for_the_password_before_the_code_is_opened(issuer: Issuer) -> None:
    person, first, second = await issuer.person(), await began(issuer), await began(issuer)
    async with issuer.browser() as browser:
        await opened(browser, person, first["user_code"])
        async with issuer.database.transaction() as tx:
            await tx.execute(
                "UPDATE sessions SET authenticated_at = now() - interval '14 minutes' WHERE account_id = $1",
                UUID(str(person.account_id)),
            )
        shown = await browser.get("/device", user_code=second["user_code"])
        assert shown.action == "/oauth2/sign-in"
        shown = await browser.sign_in(shown, person, PASSWORD)
        assert shown.action == "/device/decision"
        done = await browser.post(shown.action, form=shown.form, number=str(second["match_number"]))
    assert done.status == 200


async def test_a_proof_that_grew_old_meanwhile_says_no_but_not_yes(issuer: Issuer) -> None:
    person, device = await issuer.person(), await began(issuer)
    async with issuer.browser() as browser:
        shown = await opened(browser, person, device["user_code"])
        async with issuer.database.transaction() as tx:
            await tx.execute(
                "UPDATE sessions SET authenticated_at = now() - interval '1 hour' WHERE account_id = $1",
                UUID(str(person.account_id)),
            )
        refused = await browser.post(shown.action, form=shown.form, number=str(device["match_number"]))
        assert refused.status == 401
        done = await browser.post(shown.action, form=shown.form, decision="deny")
        assert done.status == 200


async def test_nonsense_gets_a_page_that_helps(issuer: Issuer) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        for typed in ("", "AAAA", "<script>", "я" * 900):
            shown = await browser.post("/device", user_code=typed)
            assert (shown.status, shown.action) == (422, "/device"), typed
            assert "<script>" not in shown.text
        assert (await browser.get("/device", user_code="AAAA-AAAA")).status == 422
        shown = await opened(browser, person, "BCDF-GHJK")
        assert (shown.status, "Проверьте код" in shown.text) == (422, True)
        device = await began(issuer)
        shown = await opened(browser, person, device["user_code"])
        for number in ("", "x", "-5", "٤٢", "99999999"):
            refused = await browser.post("/device/decision", form=shown.form, number=number)
            assert refused.status in {403, 404}, number
