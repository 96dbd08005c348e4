"""What a person chooses in the settings, in a real browser: it counts at once, and is there after a reload."""

import json
import secrets

import msgspec
from playwright.async_api import expect

from samovar.client.api.seal import Seal
from samovar.client.api.vault import KEY, Kept
from samovar.client.browser import COOKIE
from samovar.testing.platform import Platform
from tests.client.browser.conftest import ONE_WIDTH, PASSWORD, PHONE, WAIT_MS, Client
from tests.client.browser.developing import caller_of
from tests.client.browser.test_account import signed_up

SAVED_WITHIN_S = 60.0


async def headed(client: Client, words: str) -> None:
    """Wait until a heading says this."""
    await client.page.get_by_role("heading", name=words, exact=True).wait_for(
        state="attached", timeout=WAIT_MS
    )


@PHONE
async def test_what_one_says_of_oneself_is_shown_and_kept(client: Client) -> None:
    await signed_up(client)
    await client.open("/settings")
    await client.click("settings.profile")
    await client.at("/profile/edit")
    await client.fill("profile.display_name", "Глафира Кипяток")
    await client.fill("profile.bio", "Собираю чайники.")
    assert await client.too_wide() == []
    await client.picture("profile-edit")
    await client.click("profile.save")
    await client.at("/profile")
    await headed(client, "Глафира Кипяток")
    await client.reload()
    await headed(client, "Глафира Кипяток")
    assert "Собираю чайники." in await client.text("profile.bio")


@ONE_WIDTH
async def test_the_code_of_the_first_letter_proves_the_address(client: Client, platform: Platform) -> None:
    person = await signed_up(client)
    await platform.messages.last(to=person.email)
    await client.open("/settings")
    await client.click("settings.email.verify")
    await client.fill("settings.email.code", "12")
    await client.click("settings.email.confirm")
    assert "6 цифр" in await client.text("settings.email.code.error")
    code = (await platform.messages.last(to=person.email)).code
    assert code is not None
    await client.fill("settings.email.code", code)
    await client.click("settings.email.confirm")
    await client.gone("settings.email.code")
    await client.see("settings.email.change")
    assert await client.named("settings.email.verify").count() == 0
    client.faults.clear()


@ONE_WIDTH
async def test_another_phone_needs_a_proof_of_who_signed_in_a_while_ago(
    client: Client, platform: Platform
) -> None:
    person = await signed_up(client)
    token = (await caller_of(platform, person)).token
    account_id = (await platform.request("GET", "/v1/accounts/me", token=token)).body["account_id"]
    async with platform.database("auth") as database, database.transaction() as tx:
        await tx.execute(
            "UPDATE sessions SET authenticated_at = now() - interval '1 hour' WHERE account_id = $1",
            account_id,
        )
    await with_a_token_that_has_run_out(client, platform)
    await client.open("/settings")
    phone = f"+7916{secrets.randbelow(10**7):07}"
    await client.click("settings.phone.change")
    await client.fill("settings.phone.field", phone)
    await client.click("settings.phone.send")
    await client.stands_on("settings.phone.password")
    assert await client.too_wide() == []
    await client.picture("another-phone")
    await client.page.keyboard.type("не-тот-пароль")
    await client.click("settings.phone.send")
    assert "Пароль не подошёл" in await client.text("settings.phone.password.error")
    await client.fill("settings.phone.password", PASSWORD)
    await client.click("settings.phone.send")
    await client.see("settings.phone.code")
    assert (await platform.messages.last(to=phone)).code
    client.faults.clear()


async def with_a_token_that_has_run_out(client: Client, platform: Platform) -> None:
    """Have what the browser keeps say so, as it does after a quarter of an hour."""
    secret = (platform.state / "secrets" / "client.secret").read_text()
    cookies = await client.page.context.cookies(platform.url)
    seal = Seal(secret, next(one["value"] for one in cookies if one["name"] == COOKIE))
    place = "flutter." + KEY
    kept = json.loads(await client.page.evaluate("(place) => localStorage.getItem(place)", place))
    opened = seal.open(kept)
    assert opened
    old = msgspec.structs.replace(msgspec.json.decode(opened, type=Kept), expires_at=0.0)
    written = json.dumps(seal.close(msgspec.json.encode(old)))
    # What the server still holds of this tab goes with its session's name.
    await client.page.evaluate(
        "([place, kept]) => { localStorage.setItem(place, kept); sessionStorage.clear(); }", [place, written]
    )


@ONE_WIDTH
async def test_who_sees_what_is_kept(client: Client, platform: Platform) -> None:
    person = await signed_up(client)
    token = (await caller_of(platform, person)).token
    await client.open("/settings/privacy")
    await client.choose("privacy.library", "Никто")
    await client.click("privacy.is_findable")

    async def saved() -> bool:
        privacy = await platform.request("GET", "/v1/accounts/me/privacy", token=token)
        return (privacy.body["library"], privacy.body["is_findable"]) == ("nobody", False)

    await platform.until(saved, within_s=SAVED_WITHIN_S)
    await client.reload()
    assert "Никто" in await client.text("privacy.library")
    findable = client.page.get_by_role("switch", name="Меня можно найти по имени")
    await expect(findable).not_to_be_checked(timeout=WAIT_MS)
    assert await client.too_wide() == []
    await client.picture("privacy")


@ONE_WIDTH
async def test_english_is_spoken_on_every_screen_and_the_next_time(client: Client) -> None:
    await client.open("/settings/language")
    await headed(client, "Настройки")
    await client.click("language.en")
    await headed(client, "Settings")
    await client.reload()
    await headed(client, "Settings")
    await client.picture("language-english")
    await client.open("/sign-in")
    await headed(client, "Sign in")
    await client.click("sign_in.submit")
    assert "Fill in this field" in await client.text("sign_in.login.error")
    await client.open("/sign-up")
    await headed(client, "Sign up")
    await client.open("/settings/language")
    await client.click("language.ru")
    await headed(client, "Настройки")


@ONE_WIDTH
async def test_one_question_about_ones_data_is_asked_at_a_time(client: Client) -> None:
    await signed_up(client)
    await client.open("/settings/data")
    await client.click("data.export.ask")
    await client.stands_on("data.export.ask.proof")
    await client.click("data.erasure.ask")
    await client.gone("data.export.ask.proof")
    await client.stands_on("data.erasure.ask.proof")
    await client.page.keyboard.type("не-тот-пароль")
    await client.page.keyboard.press("Enter")
    assert "Пароль не подошёл" in await client.text("data.erasure.ask.proof.error")
    await client.stands_on("data.erasure.ask.proof")
    # What is typed now is typed into the field, and nothing says any more that it is wrong.
    await client.page.keyboard.press("End")
    await client.page.keyboard.type("!")
    await client.gone("data.erasure.ask.proof.error")
    field = client.named("data.erasure.ask.proof").locator("input")
    await expect(field).to_have_value("не-тот-пароль!", timeout=WAIT_MS)
    await client.page.keyboard.press("Enter")
    await client.see("data.erasure.ask.proof.error")
    await client.stands_on("data.erasure.ask.proof")
    assert await client.too_wide() == []
    await client.picture("erasure")
    client.faults.clear()
