"""The second factor of an account in a real browser: an authenticator app is connected, and asked for at the next sign-in."""

import io
import re

import pyotp
import segno
from PIL import Image
from playwright.async_api import expect

from samovar.testing.platform import Platform
from tests.client.browser.conftest import ONE_WIDTH, PASSWORD, PHONE, WAIT_MS, WIDTHS, Client, Person
from tests.client.browser.test_account import sign_in, signed_up

WRONG = "000000"
RECOVERY_CODE = re.compile(r"^\w{5}(-\w{5}){4}$")
RECOVERY_CODES = 10
ISSUER = "Самовар"
QR_LABEL = "Картинка для приложения с кодами"
QUIET_ZONE = 4
DARK = 128
BAR_HEIGHT = 64
SHOWN_WITHIN_S = 60.0


async def secret_shown(client: Client) -> str:
    """Return the key that is to be typed into an app."""
    key = (await client.see("security.factor.secret")).locator("input, textarea")
    return (await key.get_attribute("aria-label", timeout=WAIT_MS) or "").replace(" ", "")


async def half_a_minute_later(platform: Platform, person: Person) -> None:
    """Let the last code that was taken be of long ago: each code works once."""
    async with platform.database("auth") as database, database.transaction() as tx:
        await tx.execute(
            """
            UPDATE totp_credentials SET last_step = last_step - 10
            WHERE account_id = (SELECT account_id FROM logins WHERE login = $1)
            """,
            person.email,
        )


async def shows_to_a_camera(client: Client, uri: str) -> None:
    """Wait until the picture on the screen is the QR code of a URI, module by module."""
    wanted = [[bool(module) for module in row] for row in segno.make(uri, error="m", micro=False).matrix]
    code = client.page.get_by_role("img", name=QR_LABEL)
    await code.scroll_into_view_if_needed(timeout=WAIT_MS)
    seen: list[list[bool]] = []

    async def is_there() -> bool:
        picture = Image.open(io.BytesIO(await code.screenshot(timeout=WAIT_MS))).convert("L")
        size = len(wanted) + 2 * QUIET_ZONE
        step = picture.width / size
        middles = [int((QUIET_ZONE + at + 0.5) * step) for at in range(len(wanted))]
        seen[:] = [[picture.getpixel((x, y)) < DARK for x in middles] for y in middles]  # type: ignore[operator]
        return seen == wanted

    await client.platform.until(is_there, within_s=SHOWN_WITHIN_S)


async def begins_below_the_bar(client: Client) -> bool:
    """Return whether the recovery codes are shown from the first one on, with what is said of them."""
    heading = await client.named("security.codes.note").bounding_box()
    first = await client.named("security.code.0").bounding_box()
    if heading is None or first is None:
        return False
    return heading["y"] > BAR_HEIGHT and first["y"] < WIDTHS[client.kind][1] - 2 * BAR_HEIGHT


async def connected(client: Client, person: Person) -> str:
    """Connect an app, after a wrong code was refused, and be shown the recovery codes; return the app's key."""
    await client.open("/settings/security")
    await client.click("security.factor.begin")
    await client.fill("security.factor.password", PASSWORD)
    await client.click("security.factor.next")
    secret = await secret_shown(client)
    await shows_to_a_camera(
        client, pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=ISSUER)
    )
    await client.fill("security.factor.code", WRONG)
    await client.click("security.factor.confirm")
    await client.see("security.factor.code.error")
    assert await client.too_wide() == []
    await client.picture("second-factor-wrong")
    await client.fill("security.factor.code", pyotp.TOTP(secret).now())
    await client.click("security.factor.confirm")
    await client.see("security.codes.note")
    await client.platform.until(lambda: begins_below_the_bar(client), within_s=SHOWN_WITHIN_S)
    await client.picture("second-factor-codes")
    await expect(client.page.get_by_label(RECOVERY_CODE)).to_have_count(RECOVERY_CODES, timeout=WAIT_MS)
    await client.click("security.codes.done")
    await client.gone("security.codes.note")
    return secret


async def sign_out(client: Client) -> None:
    """Leave by the menu."""
    await client.click("shell.profile")
    await client.click("shell.menu.sign_out")
    await client.at("/")
    await client.gone("shell.profile")


@PHONE
async def test_whoever_has_a_second_factor_signs_in_with_a_code(client: Client, platform: Platform) -> None:
    person = await signed_up(client)
    secret = await connected(client, person)
    await half_a_minute_later(platform, person)
    await sign_out(client)
    await client.open("/sign-in")
    await sign_in(client, person)
    await client.fill("second_factor.code", WRONG)
    await client.click("second_factor.submit")
    await client.see("gate.problem")
    assert await client.too_wide() == []
    await client.picture("second-factor-asked")
    await client.fill("second_factor.code", pyotp.TOTP(secret).now())
    await client.click("second_factor.submit")
    await client.see("shell.profile")


@ONE_WIDTH
async def test_a_second_factor_is_left_again(client: Client, platform: Platform) -> None:
    person = await signed_up(client)
    secret = await connected(client, person)
    # New recovery codes, for a code of the app.
    await half_a_minute_later(platform, person)
    await client.click("security.factor.renew")
    await client.fill("security.factor.renew.proof", WRONG)
    await client.click("security.factor.renew.yes")
    await client.see("security.factor.renew.proof.error")
    await client.fill("security.factor.renew.proof", pyotp.TOTP(secret).now())
    await client.click("security.factor.renew.yes")
    await client.see("security.codes.note")
    await expect(client.page.get_by_label(RECOVERY_CODE)).to_have_count(RECOVERY_CODES, timeout=WAIT_MS)
    code = await client.page.get_by_label(RECOVERY_CODE).first.get_attribute("aria-label", timeout=WAIT_MS)
    assert code
    await client.click("security.codes.done")
    # The phone is lost: one of them proves it, too.
    await client.click("security.factor.off")
    await client.fill("security.factor.off.proof", code)
    assert await client.too_wide() == []
    await client.picture("second-factor-off")
    await client.click("security.factor.off.yes")
    await client.see("security.factor.begin")
    client.faults.clear()
