"""A gift in a real browser: of a game that its giver has, which is where most gifts come from."""

from uuid import UUID, uuid4

from samovar.testing.platform import Platform
from tests.client.browser.conftest import ONE_WIDTH, Client
from tests.client.browser.developing import caller_of
from tests.client.browser.test_account import registered, signed_up
from tests.client.browser.test_family import done
from tests.client.browser.test_store import PRICE, game_with_a_page, to_the_end
from tests.journeys.market import Buyer, Market

OWNED_WITHIN_S = 60.0
DLC_PRICE = 15_000


@ONE_WIDTH
async def test_what_one_has_is_shown_with_its_parts_and_given_to_a_friend(
    client: Client, platform: Platform
) -> None:
    slug = f"podarok-{uuid4().hex[:12]}"
    market, good = Market(platform), await game_with_a_page(platform, slug)
    addition = await market.addition(good, DLC_PRICE)
    friend = await registered(platform)
    caller, friend_caller = (
        await caller_of(platform, await signed_up(client)),
        await caller_of(platform, friend),
    )
    me = (await done(caller, "GET", "/v1/accounts/me"))["account_id"]
    friend_me = await done(friend_caller, "GET", "/v1/accounts/me")
    await done(caller, "POST", "/v1/friends/requests", {"account_id": friend_me["account_id"]})
    await done(friend_caller, "POST", "/v1/friends/requests", {"account_id": me})
    buyer = Buyer(UUID(me), caller.token)
    await market.fill(buyer.account_id, 2 * PRICE + DLC_PRICE)
    await market.order(buyer, (await market.quote(buyer, good, addition)).body)

    async def is_owned() -> bool:
        return str(good.app_id) in await market.owned(buyer)

    await platform.until(is_owned, within_s=OWNED_WITHIN_S)
    await client.open(f"/library/{good.app_id}")
    await client.see(f"library_game.content.{addition.app_id}")
    await client.picture("library-game-parts")
    await client.open(f"/game/{slug}")
    await client.see("game.library")
    await client.click("game.gift")
    await client.choose("game.gift.friend", friend_me["display_name"])
    await client.picture("gift")
    await client.click("game.gift.yes")
    await client.at("/cart")
    await client.click("cart.checkout")
    await client.click("checkout.method.wallet")
    await to_the_end(client)
    await client.click("checkout.pay")
    await client.see("order.gifts")
    await client.picture("gift-order")
    await client.click("order.gifts")
    await client.at("/gifts")
    assert client.faults == []
