"""A forgotten password in a real browser: the letter, the page for a new password, signing in with it."""

from playwright.async_api import expect

from samovar.testing.platform import Platform
from tests.client.browser.conftest import ONE_WIDTH, PASSWORD, PHONE, WAIT_MS, Client, Person, new_person
from tests.client.browser.test_account import registered, sign_in

NEW_PASSWORD = "чайник-остыл-на-подоконнике"
SENT_WITHIN_S = 60.0


async def link_of(platform: Platform, person: Person) -> str:
    """Wait for the letter, among others, that leads to a new password, and return its link."""
    links: list[str] = []

    async def came() -> bool:
        letters = await platform.messages.all(to=person.email)
        links.extend(one.link for one in letters if one.link and "/reset-password" in one.link)
        return bool(links)

    await platform.until(came, within_s=SENT_WITHIN_S)
    return links[0]


async def set_password(client: Client, link: str) -> None:
    """Send a new password from the page of a letter's link."""
    await client.page.goto(link, timeout=WAIT_MS)
    await client.page.fill("#new_password", NEW_PASSWORD)
    await client.page.click("form button[type=submit]")


@PHONE
async def test_who_forgot_the_password_sets_a_new_one_by_the_letter(
    client: Client, platform: Platform
) -> None:
    person = await registered(platform)
    await client.open("/sign-in")
    await client.click("sign_in.forgot")
    await client.at("/recovery")
    await client.fill("recovery.login", person.email)
    await client.click("recovery.ask")
    await client.see("recovery.again")
    await expect(client.page.get_by_label(person.email)).to_be_attached(timeout=WAIT_MS)
    assert await client.too_wide() == []
    await client.picture("recovery-sent")
    link = await link_of(platform, person)
    await set_password(client, link)
    await client.page.click("a.button")
    await client.describe()
    await client.at("/sign-in")
    await sign_in(client, person, PASSWORD)
    await client.see("gate.problem")
    await client.fill("sign_in.password", NEW_PASSWORD)
    await client.click("sign_in.submit")
    await client.see("shell.profile")


@ONE_WIDTH
async def test_a_link_of_a_letter_sets_a_password_once(client: Client, platform: Platform) -> None:
    person = await registered(platform)
    await client.open("/recovery")
    await client.fill("recovery.login", person.email)
    await client.page.keyboard.press("Enter")
    link = await link_of(platform, person)
    await set_password(client, link)
    await client.page.wait_for_selector("[role=status]", timeout=WAIT_MS)
    await set_password(client, link)
    refused = await client.page.wait_for_selector("[role=alert]", timeout=WAIT_MS)
    assert refused is not None
    await client.picture("recovery-used")
    client.faults.clear()


@ONE_WIDTH
async def test_the_letter_that_did_not_come_is_asked_for_again(client: Client) -> None:
    person = new_person()
    await client.open("/recovery")
    await client.click("recovery.ask")
    assert "Заполните" in await client.text("recovery.login.error")
    await client.fill("recovery.login", person.email)
    await client.click("recovery.ask")
    # Nobody is told whether there is such an account.
    await expect(client.page.get_by_label(person.email)).to_be_attached(timeout=WAIT_MS)
    await client.click("recovery.again")
    login = client.page.get_by_role("textbox", name="Почта или телефон", exact=True)
    await expect(login).to_have_value(person.email, timeout=WAIT_MS)
    await client.click("recovery.ask")
    await client.see("recovery.again")
    await client.click("recovery.back")
    await client.at("/sign-in")


@ONE_WIDTH
async def test_a_text_message_brings_a_code_for_the_new_password(client: Client) -> None:
    await client.open("/recovery")
    await client.fill("recovery.login", "+79990000000")
    await client.click("recovery.ask")
    await client.fill("recovery.code", "000000")
    await client.click("recovery.set")
    assert "Заполните" in await client.text("recovery.new_password.error")
    await client.fill("recovery.new_password", NEW_PASSWORD)
    await client.click("recovery.set")
    await client.see("gate.problem")
    assert await client.too_wide() == []
    await client.picture("recovery-code")
    client.faults.clear()
