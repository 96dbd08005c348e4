"""A player's way through the store in a real browser: from registering over a page and a payment to giving back."""

from datetime import date
from urllib.parse import urlsplit
from uuid import uuid4

import msgspec

from samovar.services.catalog.schemas import Age, AppDocument, AppText, Release
from samovar.services.catalog.search import repository
from samovar.testing.platform import Platform
from tests.client.browser.conftest import ONE_WIDTH, WAIT_MS, WIDTHS, Client
from tests.client.browser.developing import caller_of
from tests.client.browser.test_account import signed_up
from tests.journeys.market import Good, Market

PRICE = 129_900
# The simulated provider takes this card.
CARD = {"number": "2200000000000004", "expiry": "12/30", "csc": "123"}


async def game_with_a_page(platform: Platform, slug: str, title: str = "Чайник на краю света") -> Good:
    """Put a game on sale whose page has words; the search will know it."""
    good = await Market(platform).good(PRICE)
    document = AppDocument(
        slug=slug,
        title=title,
        texts={
            "ru": AppText(short_description="Тихая игра о чайнике.", description="Вода кипит. Ветер стих.")
        },
        release=Release(stage="released", on=date(2025, 3, 1)),
        age=Age(rating=0),
        platforms=["windows", "linux"],
    )
    async with platform.database("catalog") as database, database.transaction() as tx:
        await tx.execute(
            "UPDATE apps SET slug = $2, title = $3, document = $4 WHERE id = $1",
            good.app_id,
            slug,
            document.title,
            msgspec.to_builtins(document),
        )
        await repository.mark_changed(tx, [good.app_id])
    return good


async def to_the_end(client: Client) -> None:
    """Scroll down, as a person on a phone does: what is far out of sight is not described."""
    width, height = WIDTHS[client.kind]
    await client.page.mouse.move(width / 2, height / 2)
    await client.page.mouse.wheel(0, 3_000)


async def pay_by_card(client: Client) -> None:
    """Pay on the provider's page, and come back."""
    await client.click("order.pay")
    own = urlsplit(client.platform.url).netloc
    await client.page.wait_for_url(lambda url: urlsplit(url).netloc != own, timeout=WAIT_MS)
    for name, value in CARD.items():
        await client.page.fill(f"input[name={name}]", value)
    await client.page.click("form[name=card] button.main")
    await client.page.wait_for_url(lambda url: urlsplit(url).netloc == own, timeout=WAIT_MS)
    await client.describe()
    # The provider's page is not ours, so going there is no fault.
    client.faults.clear()


async def sorts_into_collections(client: Client, game_id: str) -> None:
    """Make a collection with the game in it, hide the game, find it again, and drop the collection."""
    await client.click(f"library.game.{game_id}")
    await client.click("library_game.collection.new")
    await client.fill("library.collection.name", "На вечер")
    await client.click("library.collection.save")
    await client.gone("library.collection.name")
    await client.page.get_by_role("button", name="На вечер").wait_for(state="attached", timeout=WAIT_MS)
    assert await client.too_wide() == []
    await client.picture("library-game")
    await client.click("library_game.hide")
    await client.see("toast")
    await client.open("/library?only=hidden")
    await client.see(f"library.game.{game_id}")
    await client.page.get_by_role("button", name="На вечер · 1").click(timeout=WAIT_MS)
    await client.click("library.collection.drop")
    await client.click("library.collection.dropping.yes")
    await client.gone("library.collection.drop")


async def test_a_player_buys_a_game_and_gives_it_back(client: Client, platform: Platform) -> None:
    slug = f"chajnik-{uuid4().hex[:12]}"
    good = await game_with_a_page(platform, slug)
    await signed_up(client)
    await client.open(f"/game/{slug}")
    await client.see("game.buy")
    assert await client.too_wide() == []
    await client.picture("game")
    await client.titled("Чайник на краю света · Самовар")
    await client.click("game.buy")
    await client.see("toast")
    # What lies in the cart is known after a reload too, without a look into it.
    await client.reload()
    in_cart = client.page.get_by_role("button", name="Перейти в корзину")
    await in_cart.first.wait_for(state="attached", timeout=WAIT_MS)
    await client.click("game.buy")
    await client.at("/cart")
    await client.titled("Корзина · Самовар")
    await client.see(f"cart.remove.{good.package_id}")
    assert await client.too_wide() == []
    await client.picture("cart")
    await client.click("cart.checkout")
    await client.click("checkout.method.card")
    assert await client.too_wide() == []
    await client.picture("checkout")
    await client.fill("checkout.code", "НЕТТАКОГО")
    await client.click("checkout.code_apply")
    assert "Проверьте" in await client.text("checkout.code.error")
    await client.picture("checkout-code-wrong")
    client.faults.clear()
    # What was quoted without the code is still for sale.
    await to_the_end(client)
    await client.click("checkout.pay")
    await client.see("order.pay")
    assert client.faults == []
    await pay_by_card(client)
    await client.see("order.status.fulfilled")
    assert await client.too_wide() == []
    await client.picture("order")
    order = client.page.url.rpartition("/")[2]
    await client.click("order.library")
    await client.see(f"library.game.{good.app_id}")
    assert await client.too_wide() == []
    await client.picture("library")
    await sorts_into_collections(client, str(good.app_id))
    await client.open(f"/orders/{order}")
    await client.click("order.refund")
    await client.fill("refund.reason", "Не запускается")
    await client.picture("refund")
    await client.click("refund.send")
    await client.see("order.status.refunded")


async def test_a_search_stands_in_the_address(client: Client) -> None:
    await client.open("/search?discounted=true&sort=price")
    await client.see("search.chip.discounted")
    assert await client.too_wide() == []
    await client.picture("search")
    await client.click("search.chip.discounted")
    await client.gone("search.chip.discounted")
    assert "sort=price" in client.page.url
    await client.page.go_back()
    await client.see("search.chip.discounted")


@ONE_WIDTH
async def test_an_empty_cart_leads_to_the_store(client: Client) -> None:
    await signed_up(client)
    await client.open("/cart")
    await client.click("cart.search")
    await client.at("/")


@ONE_WIDTH
async def test_what_needs_a_player_asks_to_sign_in_and_leads_back(client: Client) -> None:
    await client.open("/orders")
    await client.at("/sign-in")
    await client.see("sign_in.login")
    assert "next=/orders" in client.page.url


@ONE_WIDTH
async def test_a_reload_of_the_checkout_reads_the_cart_anew(client: Client, platform: Platform) -> None:
    good = await game_with_a_page(platform, f"kettle-{uuid4().hex[:8]}")
    caller = await caller_of(platform, await signed_up(client))
    for items, name in (([{"package_id": str(good.package_id)}], "checkout.pay"), ([], "checkout.empty")):
        put = await caller.ask("PUT", "/v1/cart", json={"items": items})
        assert put.status == 200, put.body
        await (client.reload() if client.page.url.endswith("/checkout") else client.open("/checkout"))
        await client.see(name)


@ONE_WIDTH
async def test_a_reload_shows_what_has_changed_meanwhile(client: Client, platform: Platform) -> None:
    good = await game_with_a_page(platform, f"kettle-{uuid4().hex[:8]}")
    person = await signed_up(client)
    caller = await caller_of(platform, person)
    await client.open("/wishlist")
    await client.see("wishlist.empty")
    put = await caller.ask("PUT", f"/v1/wishlist/{good.app_id}")
    assert put.status in {200, 201, 204}, put.body
    await client.reload()
    await client.gone("wishlist.empty")
    await client.page.get_by_text("Чайник на краю света").first.wait_for(state="attached", timeout=WAIT_MS)


@ONE_WIDTH
async def test_a_wish_is_bought_or_taken_off_where_it_stands(client: Client, platform: Platform) -> None:
    good = await game_with_a_page(platform, f"kettle-{uuid4().hex[:8]}")
    caller = await caller_of(platform, await signed_up(client))
    put = await caller.ask("PUT", f"/v1/wishlist/{good.app_id}")
    assert put.status in {200, 201, 204}, put.body
    await client.open("/wishlist")
    await client.click(f"wishlist.buy.{good.app_id}")
    await client.page.get_by_role("button", name="Перейти в корзину").wait_for(timeout=WAIT_MS)
    await client.picture("wishlist")
    await client.click(f"wishlist.drop.{good.app_id}")
    await client.gone(f"wishlist.buy.{good.app_id}")
    assert (await caller.ask("GET", "/v1/wishlist")).body["items"] == []
    await client.click(f"wishlist.drop.{good.app_id}")
    await client.see(f"wishlist.buy.{good.app_id}")
    # What is in the cart already leads there.
    await client.click(f"wishlist.buy.{good.app_id}")
    await client.at("/cart")
