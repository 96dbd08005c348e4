"""Forms and cookies of others: nothing that was shown to one browser works in another, or for somebody else."""

from uuid import UUID

from yarl import URL

from tests.services.auth.openid.conftest import Browser, Issuer, Program, query_of


async def test_a_consent_that_another_site_sends_is_refused(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        await browser.sign_in(await browser.get("/oauth2/authorize", **query_of(program)), person)
        for form in ("", "forged", "A" * 400):
            shown = await browser.post("/oauth2/authorize/consent", form=form, decision="allow")
            assert (shown.status, shown.location) == (400, "")
        bare = await browser.post("/oauth2/authorize/consent", decision="allow")
    assert (bare.status, bare.location) == (400, "")


async def test_a_consent_shown_to_one_browser_works_in_no_other(issuer: Issuer, program: Program) -> None:
    attacker, victim = await issuer.person(), await issuer.person()
    async with issuer.browser() as theirs, issuer.browser() as browser:
        shown = await theirs.sign_in(await theirs.get("/oauth2/authorize", **query_of(program)), attacker)
        await browser.sign_in(await browser.get("/oauth2/authorize", **query_of(program)), victim)
        forged = await browser.post("/oauth2/authorize/consent", form=shown.form, decision="allow")
    assert (forged.status, forged.location) == (400, "")


async def test_a_sign_in_form_of_an_attacker_signs_no_victim_in(issuer: Issuer, program: Program) -> None:
    """Login CSRF: the victim would play, and pay, in the attacker's account."""
    attacker = await issuer.person()
    async with issuer.browser() as theirs, issuer.browser() as browser:
        shown = await theirs.get("/oauth2/authorize", **query_of(program))
        forged = await browser.sign_in(shown, attacker)
        assert forged.status == 400
        assert browser.session_cookie is None


async def test_a_form_of_one_page_is_none_of_another(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        sign_in = await browser.get("/oauth2/authorize", **query_of(program))
        consent = await browser.sign_in(sign_in, person)
        crossed = await browser.post("/oauth2/authorize/consent", form=sign_in.form, decision="allow")
        assert crossed.status == 400
        crossed = await browser.get("/oauth2/authorize/continue", form=consent.form)
        assert crossed.status == 400
        crossed = await browser.post("/oauth2/logout", form=consent.form, decision="end")
    assert crossed.status == 400


async def test_a_yes_counts_only_for_who_was_asked(issuer: Issuer, program: Program) -> None:
    """Another person signs in in another tab; the page of the first one is still open."""
    one, other = await issuer.person(), await issuer.person()
    async with issuer.browser() as browser:
        shown = await browser.sign_in(await browser.get("/oauth2/authorize", **query_of(program)), one)
        again = await browser.get("/oauth2/authorize", **query_of(program, prompt="login"))
        await browser.sign_in(again, other)
        asked = await browser.decide(shown)
    assert other.email in asked.text
    consents = "SELECT count(*) FROM client_consents WHERE account_id = $1"
    assert await issuer.database.fetch_value(consents, other.account_id) == 0


async def test_consent_is_not_stepped_over(issuer: Issuer, program: Program) -> None:
    """Going on without an answer only shows the question again."""
    person = await issuer.person()
    async with issuer.browser() as browser:
        sign_in = await browser.get("/oauth2/authorize", **query_of(program))
        sent = await browser.post(
            sign_in.action, form=sign_in.form, login=person.email, password="зелёная кочка под луной"
        )
        for _ in range(2):
            shown = await browser.get(sent.location)
            assert "/oauth2/authorize/consent" in shown.text
            assert not shown.location


async def test_a_planted_cookie_is_not_signed_in_with(issuer: Issuer, program: Program) -> None:
    """Session fixation: whatever was in the browser before, a sign-in makes a new session and ends the old one."""
    attacker, victim = await issuer.person(), await issuer.person()
    async with issuer.browser() as theirs, issuer.browser() as browser:
        await theirs.authorize(attacker, query_of(program))
        planted = theirs.session_cookie or ""
        plant(browser, planted)
        shown = await browser.get("/oauth2/authorize", **query_of(program, prompt="login"))
        await browser.sign_in(shown, victim)
        assert browser.session_cookie != planted
        gone = await theirs.get("/oauth2/authorize", **query_of(program))
    assert "/oauth2/sign-in" in gone.text


async def test_a_cookie_that_was_touched_is_none(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        await browser.authorize(person, query_of(program))
        value = browser.session_cookie or ""
        for touched in (value[:-2] + "AA", value.replace("smvb_", "smvr_"), "smvb_", "x", value + "A"):
            plant(browser, touched)
            assert "/oauth2/sign-in" in (await browser.get("/oauth2/authorize", **query_of(program))).text


async def test_a_browser_whose_session_was_ended_elsewhere_signs_in_again(
    issuer: Issuer, program: Program
) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        await browser.authorize(person, query_of(program))
        seen = await issuer.ask("GET", "/v1/auth/sessions", token=person.access_token)
        (other,) = [one for one in seen.body["items"] if one["kind"] == "sign_in" and not one["is_current"]]
        ended = await issuer.ask("DELETE", f"/v1/auth/sessions/{other['id']}", token=person.access_token)
        assert ended.status == 204
        shown = await browser.get("/oauth2/authorize", **query_of(program))
    assert "/oauth2/sign-in" in shown.text


async def test_the_same_person_signing_in_again_keeps_what_they_allowed(
    issuer: Issuer, program: Program
) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        back = await browser.authorize(person, query_of(program))
        tokens = (await issuer.redeem(program, back.params["code"])).body
        shown = await browser.get("/oauth2/authorize", **query_of(program, prompt="login"))
        assert "code" in (await browser.sign_in(shown, person)).params
    assert (await issuer.user_info(tokens["access_token"])).status == 200
    reasons = "SELECT array_agg(end_reason) FROM sessions WHERE account_id = $1 AND ended_at IS NOT NULL"
    assert await issuer.database.fetch_value(reasons, person.account_id) == ["renewed"]


async def test_the_tokens_of_a_page_never_reach_the_browser(issuer: Issuer, program: Program) -> None:
    person = await issuer.person()
    async with issuer.browser() as browser:
        shown = await browser.get("/oauth2/authorize", **query_of(program))
        sent = await browser.post(
            shown.action, form=shown.form, login=person.email, password="зелёная кочка под луной"
        )
        cookies = sent.headers.getall("Set-Cookie")  # type: ignore[attr-defined]
        assert all("HttpOnly" in cookie and "SameSite=Lax" in cookie for cookie in cookies)
        assert "smvr_" not in str(cookies) + sent.text + sent.location
        assert "eyJ" not in str(cookies) + sent.text


async def test_who_is_somebody_else_can_switch(issuer: Issuer, program: Program) -> None:
    one, other = await issuer.person(), await issuer.person()
    async with issuer.browser() as browser:
        shown = await browser.sign_in(await browser.get("/oauth2/authorize", **query_of(program)), one)
        again = await browser.decide(shown, "switch")
        asked = await browser.sign_in(again, other)
        assert other.email in asked.text
        back = await browser.decide(asked)
    tokens = (await issuer.redeem(program, back.params["code"])).body
    grant = "SELECT account_id FROM sessions WHERE id = $1"
    introspected = await issuer.post(
        "/oauth2/introspect", {"token": tokens["access_token"], **program.credentials}
    )
    assert await issuer.database.fetch_value(grant, UUID(introspected.body["sid"])) == other.account_id


def plant(browser: Browser, value: str) -> None:
    browser.session.cookie_jar.update_cookies({"samovar_session": value}, URL(browser.origin))
