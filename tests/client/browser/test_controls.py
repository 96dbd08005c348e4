"""Single controls in a real browser: what is heard of them, what the keyboard does, what is typed fast, files that are picked."""

import io
import re

import pytest
from PIL import Image
from playwright.async_api import FilePayload, expect

from samovar.testing.platform import Platform
from tests.client.browser.conftest import ONE_WIDTH, PASSWORD, WAIT_MS, WIDTHS, Client
from tests.client.browser.developing import caller_of
from tests.client.browser.test_account import registered, sign_in, signed_up

TYPED = "пепельный тракт и самовар 97"
_BETWEEN_KEYS_MS = {"desktop": 20, "phone": 60}
# What can be used and lies in something else that can be used.
_NESTED = """() => {
    const used = 'a, button, input, textarea, [role=button], [role=link], [role=checkbox], [role=switch], [flt-tappable]';
    return [...document.querySelectorAll(used)]
        .filter((one) => one.parentElement.closest(used))
        .map((one) => one.textContent);
}"""
_SIDE, _TALL = 1_400, 5_000


@ONE_WIDTH
@pytest.mark.parametrize("path", ["/_ui", "/_ui/parts", "/search", "/sign-in"])
async def test_nothing_that_can_be_used_lies_in_something_else_that_can(client: Client, path: str) -> None:
    await client.open(path)
    await client.page.get_by_role("button").first.wait_for(state="attached", timeout=WAIT_MS)
    assert await client.page.evaluate(_NESTED) == []


@ONE_WIDTH
async def test_a_game_with_a_discount_is_one_button_that_says_what_it_costs(client: Client) -> None:
    # What is far out of sight is not described.
    await client.page.set_viewport_size({"width": WIDTHS[client.kind][0], "height": _TALL})
    await client.open("/_ui")
    card = client.page.get_by_role("button", name=re.compile(r"Скидка −35.%, было .+, теперь"))
    await expect(card.first).to_have_attribute(
        "flt-semantics-identifier", re.compile(r"^game\."), timeout=WAIT_MS
    )


@ONE_WIDTH
async def test_a_list_is_heard_by_its_name_and_used_by_the_keyboard(client: Client) -> None:
    await signed_up(client)
    await client.open("/settings/privacy")
    control = await client.see("privacy.library")
    await expect(control).to_have_role("button", timeout=WAIT_MS)
    await expect(control).to_have_accessible_name("Библиотека игр Друзья", timeout=WAIT_MS)
    keyboard = client.page.keyboard
    await client.click("privacy.library")
    chosen = client.page.get_by_role("menuitem", name="Друзья", exact=True)
    await expect(chosen).to_be_focused(timeout=WAIT_MS)
    await keyboard.press("ArrowDown")
    last = client.page.get_by_role("menuitem", name="Никто", exact=True)
    await expect(last).to_be_focused(timeout=WAIT_MS)
    await keyboard.press("Escape")
    # What was passed by is not chosen, and the keyboard stands where it stood.
    await client.stands_on("privacy.library")
    await expect(control).to_have_accessible_name("Библиотека игр Друзья", timeout=WAIT_MS)
    await keyboard.press("Enter")
    await expect(chosen).to_be_focused(timeout=WAIT_MS)
    await keyboard.press("ArrowDown")
    await keyboard.press("Enter")
    await client.stands_on("privacy.library")
    await expect(control).to_have_accessible_name("Библиотека игр Никто", timeout=WAIT_MS)


@ONE_WIDTH
async def test_what_was_wrong_with_a_field_does_not_come_back_once_it_is_changed(
    client: Client, platform: Platform
) -> None:
    person = await registered(platform)
    await client.open("/sign-up")
    await client.fill("sign_up.display_name", person.name)
    await client.fill("sign_up.email", "не почта")
    await client.fill("sign_up.password", PASSWORD)
    await client.click("sign_up.terms")
    await client.click("sign_up.submit")
    await client.see("sign_up.email.error")
    await client.fill("sign_up.email", "почта@example.org")
    await client.gone("sign_up.email.error")
    # This draws the form anew.
    await client.click("sign_up.terms")
    await expect(client.page.get_by_role("checkbox").first).not_to_be_checked(timeout=WAIT_MS)
    await client.click("sign_up.submit")
    await client.see("sign_up.terms.error")
    assert await client.named("sign_up.email.error").count() == 0
    client.faults.clear()


async def test_what_is_typed_fast_arrives_whole(client: Client, platform: Platform) -> None:
    person = await registered(platform)
    await client.open("/sign-in?next=/library")
    await sign_in(client, person)
    await client.see("shell.profile")
    search = "search.field" if client.kind == "phone" else "shell.search"
    for path, name in (("/library", "library.search"), ("/search", search)):
        await client.open(path)
        await client.see("search.count" if path == "/search" else "library.store")
        field = (await client.see(name)).locator("input")
        await client.click(name)
        await expect(field).to_be_focused(timeout=WAIT_MS)
        await client.page.keyboard.type(TYPED, delay=_BETWEEN_KEYS_MS[client.kind])
        await expect(field).to_have_value(TYPED, timeout=WAIT_MS)
        await client.page.keyboard.press("Enter")
        await client.page.wait_for_url(re.compile("query="), timeout=WAIT_MS)


async def pick(client: Client, name: str, content: bytes) -> None:
    """Pick a file in the browser's own dialog."""
    async with client.page.expect_file_chooser(timeout=WAIT_MS) as choosing:
        await client.click("profile.picture.choose")
    file: FilePayload = {"name": name, "mimeType": "image/png", "buffer": content}
    await (await choosing.value).set_files(file)


@ONE_WIDTH
async def test_a_picture_of_oneself_is_picked_and_shown(client: Client, platform: Platform) -> None:
    person = await signed_up(client)
    caller = await caller_of(platform, person)
    drawn = (await caller.ask("GET", "/v1/accounts/me")).body["avatar_url"]
    await client.open("/profile/edit")
    await pick(client, "чайник.png", b"no picture at all")
    await client.page.get_by_text("Это не картинка").first.wait_for(state="attached", timeout=WAIT_MS)
    out = io.BytesIO()
    Image.effect_noise((_SIDE, _SIDE), 200).convert("RGB").save(out, "PNG", compress_level=0)
    await pick(client, "большой.png", out.getvalue())
    await client.page.get_by_text("больше 4 МБ").first.wait_for(state="attached", timeout=WAIT_MS)
    good = io.BytesIO()
    Image.new("RGB", (400, 300), "#C0392B").save(good, "PNG")
    fetched: list[str] = []
    client.page.on("response", lambda answer: fetched.append(answer.url) if answer.ok else None)
    await pick(client, "самовар.png", good.getvalue())
    await client.gone("profile.picture.problem")

    async def shown() -> bool:
        url = (await caller.ask("GET", "/v1/accounts/me")).body["avatar_url"]
        # Large on the screen, small in the frame around it.
        wanted = {f"{platform.url}{url}?size={size}" for size in (64, 256)}
        return bool(url != drawn) and wanted <= set(fetched)

    await platform.until(shown, within_s=WAIT_MS / 1_000)
    assert await client.too_wide() == []
    await client.picture("profile-picture")
    await client.open("/profile")
    await client.see("shell.profile")
    await client.picture("profile-with-picture")
