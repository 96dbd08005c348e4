"""Whoever signs out leaves nothing of theirs to the next person at the same browser."""

from functools import partial
from uuid import uuid4

from playwright.async_api import expect

from samovar.testing.platform import Platform
from tests.client.browser.conftest import ONE_WIDTH, WAIT_MS, Client
from tests.client.browser.test_account import sign_up, signed_up
from tests.client.browser.test_second_factor import sign_out
from tests.client.browser.test_store import game_with_a_page, to_the_end

LOOKED_AT = "Недавно смотрели"
PUT_IN_CART = "В корзину"
IN_CART = "Перейти в корзину"


async def at_the_end_of_the_store(client: Client) -> None:
    """Scroll down the front of the store, once it is there."""
    await client.see("nav.store")
    await client.page.wait_for_load_state("networkidle", timeout=WAIT_MS)
    await to_the_end(client)


@ONE_WIDTH
async def test_what_was_looked_at_outlives_a_reload_but_not_signing_out(
    client: Client, platform: Platform
) -> None:
    slug = f"chajnik-{uuid4().hex[:12]}"
    await game_with_a_page(platform, slug)
    # The only section of a screen is told as its banner.
    named = partial(client.page.get_by_role, name=LOOKED_AT)
    looked_at = named("heading").or_(named("banner"))
    await signed_up(client)
    await client.open(f"/game/{slug}")
    await client.see("game.buy")
    await client.open("/")
    await at_the_end_of_the_store(client)
    await expect(looked_at).to_be_attached(timeout=WAIT_MS)
    await client.see(f"game.{slug}")
    assert await client.too_wide() == []
    await client.picture("looked-at")
    assert slug in await client.page.evaluate("localStorage.getItem('flutter.samovar.recent')")
    await sign_out(client)
    await client.see("shell.sign_in")
    await expect(looked_at).to_have_count(0, timeout=WAIT_MS)
    assert await client.page.evaluate("localStorage.getItem('flutter.samovar.recent')") is None
    await client.reload()
    await client.see("shell.sign_in")
    await at_the_end_of_the_store(client)
    await expect(looked_at).to_have_count(0, timeout=WAIT_MS)


@ONE_WIDTH
async def test_the_cart_of_the_next_person_is_empty(client: Client, platform: Platform) -> None:
    slug = f"chajnik-{uuid4().hex[:12]}"
    await game_with_a_page(platform, slug)
    in_cart = client.page.get_by_role("button", name=IN_CART)
    await signed_up(client)
    await client.open(f"/game/{slug}")
    await client.click("game.buy")
    await expect(in_cart.first).to_be_attached(timeout=WAIT_MS)
    await sign_out(client)
    # The same tab, without a reload: what it knew of the cart is gone with the player.
    await client.page.go_back()
    put_in = client.page.get_by_role("button", name=PUT_IN_CART)
    await expect(put_in.first).to_be_attached(timeout=WAIT_MS)
    await expect(in_cart).to_have_count(0, timeout=WAIT_MS)
    await client.click("shell.sign_in")
    await client.click("sign_in.sign_up")
    await sign_up(client)
    await client.at(f"/game/{slug}")
    await expect(put_in.first).to_be_attached(timeout=WAIT_MS)
    await expect(in_cart).to_have_count(0, timeout=WAIT_MS)
    await client.click("shell.cart")
    await client.see("cart.search")
