"""The client by the keyboard alone, in a real browser."""

from urllib.parse import unquote
from uuid import uuid4

from playwright.async_api import expect

from samovar.testing.platform import Platform
from tests.client.browser.conftest import ONE_WIDTH, PASSWORD, WAIT_MS, Client
from tests.client.browser.test_account import registered
from tests.client.browser.test_store import game_with_a_page


async def test_ctrl_k_leads_to_the_search(client: Client) -> None:
    await client.open("/settings/language")
    await client.see("language.ru")
    await client.page.keyboard.press("Control+K")
    field = "shell.search"
    if client.kind == "phone":
        # There is no room for the field on every screen.
        await client.at("/search")
        field = "search.field"
    await client.stands_on(field)
    if client.kind == "phone":
        # While a screen comes, Flutter describes it anew under the keyboard, and letters of that moment are lost.
        await client.see("search.count")
        await client.fill(field, "самовар")
    else:
        await client.page.keyboard.type("самовар")
    await expect(client.named(field).locator("input")).to_have_value("самовар", timeout=WAIT_MS)
    await client.page.keyboard.press("Enter")
    await client.page.wait_for_url(
        lambda url: unquote(url).endswith("/search?query=самовар"), timeout=WAIT_MS
    )
    # There too, and on the screen that stands already.
    await client.see("search.count")
    await client.page.keyboard.press("Tab")
    await client.page.keyboard.press("Control+K")
    await client.stands_on(field)


async def test_arrow_keys_choose_among_what_may_be_meant(client: Client, platform: Platform) -> None:
    slug = uuid4().hex
    # A word of its own, in Cyrillic letters.
    word = "".join(chr(ord("а") + int(digit, 16)) for digit in slug[:12])
    await game_with_a_page(platform, slug, title=f"Чайник {word}")

    async def is_indexed() -> bool:
        found = await platform.request("GET", "/v1/search/suggest", params={"q": word})
        return bool(found.body["items"])

    await platform.until(is_indexed, within_s=WAIT_MS / 1_000)
    keyboard = client.page.keyboard
    await client.open("/search")
    await client.see("search.count")
    field = "search.field" if client.kind == "phone" else "shell.search"
    await client.fill(field, word[:-1])
    await client.see("search.suggestion.0")
    await keyboard.press("Escape")
    await client.gone("search.suggestion.0")
    await client.stands_on(field)
    await keyboard.type(word[-1])
    await client.see("search.suggestion.0")
    assert await client.too_wide() == []
    await client.picture("suggestions")
    await keyboard.press("ArrowDown")
    await client.page.locator(
        '[flt-semantics-identifier="search.suggestion.0"][aria-current="true"]'
    ).wait_for(state="attached", timeout=WAIT_MS)
    await keyboard.press("Enter")
    await client.at(f"/game/{slug}")


@ONE_WIDTH
async def test_tab_goes_through_the_sign_in_form_in_order_and_enter_sends_it(
    client: Client, platform: Platform
) -> None:
    person = await registered(platform)
    keyboard = client.page.keyboard
    await client.open("/sign-in")
    await client.stands_on("sign_in.login")
    await keyboard.type(person.email)
    await keyboard.press("Tab")
    await client.stands_on("sign_in.password")
    await keyboard.type(PASSWORD)
    for name in ("password.reveal", "remember", "forgot", "submit"):
        await keyboard.press("Tab")
        await client.stands_on(f"sign_in.{name}")
    for name in ("forgot", "remember", "password.reveal", "password"):
        await keyboard.press("Shift+Tab")
        await client.stands_on(f"sign_in.{name}")
    await keyboard.press("Enter")
    await client.see("shell.profile")


@ONE_WIDTH
async def test_a_password_is_shown_and_hidden_by_the_keyboard(client: Client) -> None:
    keyboard = client.page.keyboard
    await client.open("/sign-in")
    await client.fill("sign_in.password", PASSWORD)
    field = client.page.get_by_role("textbox", name="Пароль", exact=True)
    await expect(field).to_have_attribute("type", "password", timeout=WAIT_MS)
    await keyboard.press("Tab")
    await client.stands_on("sign_in.password.reveal")
    await keyboard.press("Enter")
    await expect(client.page.get_by_role("button", name="Скрыть пароль")).to_be_visible(timeout=WAIT_MS)
    await expect(field).to_have_attribute("type", "text", timeout=WAIT_MS)
    await expect(field).to_have_value(PASSWORD, timeout=WAIT_MS)
    await client.picture("password-shown")
    await keyboard.press("Space")
    await expect(client.page.get_by_role("button", name="Показать пароль")).to_be_visible(timeout=WAIT_MS)
    await expect(field).to_have_attribute("type", "password", timeout=WAIT_MS)
    await expect(field).to_have_value(PASSWORD, timeout=WAIT_MS)
