"""A person's account in a real browser: registering, what is wrong with it, coming back."""

import re

from playwright.async_api import expect

from samovar.testing.platform import Platform
from tests.client.browser.conftest import ONE_WIDTH, PASSWORD, WAIT_MS, Client, Person, new_person


async def signed_up(client: Client) -> Person:
    """Register somebody through the screens."""
    await client.open("/sign-up")
    return await sign_up(client)


async def sign_up(client: Client) -> Person:
    """Fill in the form for somebody new, and send it."""
    person = new_person()
    await client.fill("sign_up.display_name", person.name)
    await client.fill("sign_up.email", person.email)
    await client.fill("sign_up.password", PASSWORD)
    await client.click("sign_up.terms")
    await client.click("sign_up.submit")
    await client.see("shell.profile")
    return person


async def registered(platform: Platform) -> Person:
    """Register somebody beside the browser."""
    person = new_person()
    body = {"email": person.email, "password": PASSWORD, "display_name": person.name, "consents": []}
    came = await platform.request("POST", "/v1/auth/register", json=body)
    assert came.status == 201, came.body
    return person


async def sign_in(client: Client, person: Person, password: str = PASSWORD) -> None:
    """Fill in the sign-in form, and send it."""
    await client.fill("sign_in.login", person.email)
    await client.fill("sign_in.password", password)
    await client.click("sign_in.submit")


@ONE_WIDTH
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
    email = client.page.get_by_role("textbox", name="Почта", exact=True)
    await expect(email).to_have_accessible_description("Заполните это поле", timeout=WAIT_MS)
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


@ONE_WIDTH
async def test_who_is_asked_to_agree_can_read_to_what(client: Client) -> None:
    await client.open("/sign-up")
    await client.click("sign_up.read.personal_data")
    await client.page.get_by_text("152-ФЗ").first.wait_for(state="attached", timeout=WAIT_MS)
    await client.picture("wording")
    await client.click("wording.close")
    await client.gone("wording.close")
    await client.click("sign_up.submit")
    assert "согласия" in await client.text("sign_up.terms.error")


@ONE_WIDTH
async def test_each_field_of_a_form_is_read_out_by_its_own_name(client: Client) -> None:
    await client.open("/sign-up")
    for name, label in (("display_name", "Имя в Самоваре"), ("email", "Почта"), ("password", "Пароль")):
        field = (await client.see(f"sign_up.{name}")).locator("input")
        await expect(field).to_have_accessible_name(label, timeout=WAIT_MS)
    password = client.page.get_by_role("textbox", name="Пароль", exact=True)
    await expect(password).to_have_accessible_description(re.compile("Не короче 8 знаков"), timeout=WAIT_MS)
    await expect(client.page.get_by_role("checkbox", name=re.compile("Принимаю условия"))).to_be_attached()


@ONE_WIDTH
async def test_the_keyboard_goes_to_the_first_wrong_field(client: Client, platform: Platform) -> None:
    person = await registered(platform)
    await client.open("/sign-up")
    await client.click("sign_up.submit")
    name = (await client.see("sign_up.display_name")).locator("input")
    await expect(name).to_be_focused(timeout=WAIT_MS)
    await client.fill("sign_up.display_name", "Марфа")
    await client.fill("sign_up.email", person.email)
    await client.fill("sign_up.password", PASSWORD)
    await client.click("sign_up.terms")
    await client.click("sign_up.submit")
    # That an address is taken stands at it too, though the platform names no field there.
    assert "заняты" in await client.text("sign_up.email.error")
    email = (await client.see("sign_up.email")).locator("input")
    await expect(email).to_be_focused(timeout=WAIT_MS)
    client.faults.clear()
