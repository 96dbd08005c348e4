"""Reviews and the keyboard in a real browser: who has not played is told so; Ctrl+K searches wherever one is."""

from samovar.testing.platform import Platform
from tests.client.browser.conftest import WAIT_MS, Client
from tests.client.browser.test_account import signed_up
from tests.client.browser.test_store import game_with_a_page, to_the_end


async def test_who_has_not_played_is_told_why_they_cannot_review(client: Client, platform: Platform) -> None:
    slug = f"otzyv-{client.kind}"
    await game_with_a_page(platform, slug, price=0)
    await signed_up(client)
    await client.open(f"/game/{slug}")
    await client.click("game.buy")
    await client.see("order.status.fulfilled")
    await client.open(f"/game/{slug}")
    await client.see("game.library")
    await to_the_end(client)
    await client.click("reviews.write")
    await client.click("reviews.yes")
    await client.fill("reviews.text", "Вода кипит, ветер стих.")
    await client.click("reviews.send")
    await client.see("reviews.problem")
    assert await client.too_wide() == []
    await client.picture("review-refused")


async def test_the_keyboard_searches_wherever_one_is(client: Client) -> None:
    await client.open("/settings/language")
    await client.see("language.en")
    await client.page.keyboard.press("Control+K")
    if client.kind == "phone":
        await client.at("/search")
    else:
        field = (await client.see("shell.search")).locator("input").first
        await field.wait_for(state="attached", timeout=WAIT_MS)
        await client.page.keyboard.type("чайник")
        await client.page.keyboard.press("Enter")
        await client.at("/search")
        assert "query=" in client.page.url
