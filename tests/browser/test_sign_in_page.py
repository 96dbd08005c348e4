"""The sign-in page in a real browser: its button for passkeys, and the page without it."""

from urllib.parse import urlencode

from tests.browser.conftest import Window
from tests.browser.test_passkeys import with_passkey
from tests.services.auth.people import new_person

# Our own program for computers: asked about each time, so that the page that follows the sign-in is shown.
ASKED = {
    "response_type": "code",
    "client_id": "samovar-desktop",
    "redirect_uri": "http://127.0.0.1:49152/callback",
    "scope": "openid",
    "state": "s",
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "code_challenge_method": "S256",
}
PATH = f"/oauth2/authorize?{urlencode(ASKED)}"
BUTTON, FAILED, ALLOW = "#passkey", "#passkey_failed", "button[value=allow]"


async def open_page(window: Window, host: str = "localhost") -> list[str]:
    """Open the sign-in page, and return what the browser will complain of."""
    complaints: list[str] = []
    window.page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    origin = window.auth.platform.origin.replace("localhost", host)
    await window.page.goto(f"{origin}{PATH}")
    return complaints


async def test_a_passkey_signs_in_by_the_button(window: Window) -> None:
    person = await with_passkey(window)
    complaints = await open_page(window)
    await window.page.click(BUTTON)
    await window.page.wait_for_selector(ALLOW)
    assert person.email in await window.page.inner_text("main")
    assert complaints == []


async def test_without_a_passkey_the_page_says_so_and_the_password_is_still_there(window: Window) -> None:
    await new_person(window.auth)
    await window.authenticator("setUserVerified", isUserVerified=False)
    await open_page(window)
    await window.page.click(BUTTON)
    await window.page.wait_for_selector(FAILED, state="visible")
    assert await window.page.is_enabled(BUTTON)
    assert await window.page.is_visible("#password")


async def test_where_the_browser_knows_no_passkeys_there_is_no_button(window: Window) -> None:
    complaints = await open_page(window, host="127.0.0.1")
    assert await window.page.is_visible("#password")
    assert await window.page.is_hidden(BUTTON)
    assert complaints == []
