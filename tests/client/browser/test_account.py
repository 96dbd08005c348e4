"""A person's account in a real browser: registering, coming back, the second factor, recovery, sessions."""

import pyotp

from tests.client.browser.conftest import PASSWORD, Client, Person, new_person


async def signed_up(client: Client) -> Person:
    """Register somebody through the screens."""
    person = new_person()
    await client.open("/sign-up")
    await client.fill("sign_up.display_name", person.name)
    await client.fill("sign_up.email", person.email)
    await client.fill("sign_up.password", PASSWORD)
    await client.click("sign_up.terms")
    await client.click("sign_up.submit")
    await client.see("shell.profile")
    return person


async def sign_out(client: Client) -> None:
    await client.click("shell.profile")
    await client.click("shell.menu.sign_out")
    await client.see("shell.sign_in")


async def sign_in(client: Client, person: Person, password: str = PASSWORD) -> None:
    await client.see("sign_in.login")
    await client.fill("sign_in.login", person.email)
    await client.fill("sign_in.password", password)
    await client.click("sign_in.submit")


async def test_who_registers_stays_signed_in_after_a_reload(client: Client) -> None:
    await signed_up(client)
    await client.at("/")
    await client.reload()
    await client.see("shell.profile")
    assert await client.named("shell.sign_in").count() == 0
    kept = await client.page.evaluate("JSON.stringify(Object.entries(localStorage))")
    # Neither of the tokens can be read by a script: a JWT begins like this, and so would its refresh token's JSON.
    assert "eyJ" not in kept
    assert "refresh_token" not in kept


async def test_what_is_wrong_stands_at_its_field(client: Client) -> None:
    await client.open("/sign-up")
    await client.click("sign_up.submit")
    assert "Заполните" in await client.text("sign_up.email.error")
    assert "согласия" in await client.text("sign_up.terms.error")
    await client.fill("sign_up.display_name", "Марфа")
    await client.fill("sign_up.email", "не почта")
    await client.fill("sign_up.password", "12345678")
    await client.click("sign_up.terms")
    await client.click("sign_up.submit")
    await client.see("sign_up.email.error")
    assert await client.too_wide() == []
    await client.picture("sign-up-wrong")
    client.faults.clear()


async def test_a_way_in_leads_back_to_where_one_wanted_to_go(client: Client) -> None:
    person = await signed_up(client)
    await sign_out(client)
    await client.open("/settings/security")
    await client.at("/sign-in")
    await client.picture("sign-in")
    await sign_in(client, person, "не тот пароль")
    assert "Неверный логин или пароль" in await client.text("gate.problem")
    await sign_in(client, person)
    await client.at("/settings/security")
    await client.see("security.sessions.end_others")
    assert await client.too_wide() == []
    await client.picture("security")


async def test_a_second_factor_is_turned_on_and_asked_for(client: Client) -> None:
    person = await signed_up(client)
    await client.open("/settings/security")
    await client.click("security.factor.begin")
    await client.fill("security.factor.password", PASSWORD)
    await client.click("security.factor.next")
    await client.see("security.factor.copy")
    await client.picture("second-factor")
    shown = await client.page.locator("flt-semantics-host").inner_text()
    secret = "".join(
        word for word in shown.replace("\n", " ").split(" ") if len(word) == 4 and word.isupper()
    )
    await client.fill("security.factor.code", pyotp.TOTP(secret).now())
    await client.click("security.factor.confirm")
    await client.see("security.codes.done")
    await client.picture("recovery-codes")
    await client.click("security.codes.done")
    await sign_out(client)
    await client.open("/sign-in")
    await sign_in(client, person)
    await client.see("second_factor.code")
    assert await client.too_wide() == []
    await client.picture("second-factor-asked")


async def test_a_forgotten_password_is_replaced_by_a_code(client: Client) -> None:
    person = await signed_up(client)
    await sign_out(client)
    await client.open("/recovery")
    await client.fill("recovery.login", person.email)
    await client.click("recovery.ask")
    await client.see("recovery.code")
    await client.picture("recovery")
    letters = await client.platform.messages.last(to=person.email, number=2)
    assert letters.code is not None
    await client.fill("recovery.code", letters.code)
    await client.fill("recovery.new_password", "другой-чайник-на-полке")
    await client.click("recovery.set")
    await client.at("/sign-in")
    await sign_in(client, person, "другой-чайник-на-полке")
    await client.see("shell.profile")
