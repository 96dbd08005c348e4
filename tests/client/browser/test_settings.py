"""Settings in a real browser: proving a mail address, privacy, English, the second factor and signing in with it, recovery."""

import re

import pyotp
from playwright.async_api import expect

from tests.client.browser.conftest import PASSWORD, WAIT_MS, Client
from tests.client.browser.test_account import signed_up


async def test_a_mail_address_is_proved_and_privacy_is_kept(client: Client) -> None:
    person = await signed_up(client)
    await client.open("/settings")
    await client.see("settings.email.verify")
    assert await client.too_wide() == []
    await client.picture("settings")
    await client.click("settings.email.verify")
    await client.see("settings.email.code")
    await client.fill("settings.email.code", await client.platform.messages.code(to=person.email))
    await client.click("settings.email.confirm")
    await client.gone("settings.email.confirm")
    await client.see("settings.email.change")
    assert await client.named("settings.email.verify").count() == 0
    await client.click("settings.tab.privacy")
    await client.click("privacy.is_findable")
    found = client.named("privacy.is_findable").locator("[role=switch]").first
    await expect(found).to_have_attribute("aria-checked", "false", timeout=WAIT_MS)
    assert await client.too_wide() == []
    await client.picture("settings-privacy")
    await client.reload()
    await client.see("privacy.is_findable")
    await expect(found).to_have_attribute("aria-checked", "false", timeout=WAIT_MS)
    await client.click("settings.tab.data")
    await client.click("data.export.ask")
    await client.fill("data.export.ask.proof", PASSWORD)
    await client.click("data.export.ask.yes")
    await client.see("data.export.state")
    await client.picture("settings-data")


async def test_the_client_speaks_english_from_now_on(client: Client) -> None:
    await client.open("/settings/language")
    await client.click("language.en")
    await expect(client.named("nav.store")).to_contain_text("Store", timeout=WAIT_MS)
    await client.picture("english-settings")
    assert await client.too_wide() == []
    await client.reload()
    await expect(client.named("nav.store")).to_contain_text("Store", timeout=WAIT_MS)


async def test_a_second_factor_is_set_up_and_asked_for(client: Client) -> None:
    person = await signed_up(client)
    await client.open("/settings/security")
    await client.click("security.factor.begin")
    await client.fill("security.factor.password", PASSWORD)
    await client.click("security.factor.next")
    secret = re.sub(r"[^A-Z2-7]", "", await client.text("security.factor.secret"))
    assert await client.too_wide() == []
    await client.picture("second-factor-secret")
    await client.fill("security.factor.code", pyotp.TOTP(secret).now())
    await client.click("security.factor.confirm")
    await client.see("security.codes.done")
    assert await client.too_wide() == []
    await client.picture("second-factor-codes")
    await client.page.context.clear_cookies()
    await client.page.evaluate("localStorage.clear()")
    await client.open("/sign-in")
    await client.fill("sign_in.login", person.email)
    await client.fill("sign_in.password", PASSWORD)
    await client.click("sign_in.submit")
    await client.see("second_factor.code")
    assert await client.too_wide() == []
    await client.picture("second-factor")


async def test_a_forgotten_password_is_set_anew(client: Client) -> None:
    person = await signed_up(client)
    await client.page.context.clear_cookies()
    await client.page.evaluate("localStorage.clear()")
    await client.open("/recovery")
    await client.picture("recovery")
    await client.fill("recovery.login", person.email)
    await client.click("recovery.ask")
    await client.see("recovery.code")
    await client.fill("recovery.code", await client.platform.messages.code(to=person.email))
    await client.fill("recovery.new_password", "новый-медный-чайник")
    assert await client.too_wide() == []
    await client.picture("recovery-code")
    await client.click("recovery.set")
    await client.at("/sign-in")
    await client.fill("sign_in.login", person.email)
    await client.fill("sign_in.password", "новый-медный-чайник")
    await client.click("sign_in.submit")
    await client.see("shell.profile")
