"""A player buys a game: cart, quote, order, licence, library, through Envoy and every service."""

import pytest

from samovar.testing.money import SimulatedMoney
from samovar.testing.platform import Platform
from tests.journeys.market import Market

PRICE = 129_900
# What is promised: two seconds from paid to fulfilled; a test that shares its machine waits longer before it gives up.
GIVEN_UP_AFTER_S = 30.0


@pytest.fixture
def market(platform: Platform) -> Market:
    return Market(platform)


async def test_a_game_from_the_wallet_is_in_the_library_a_moment_later(market: Market) -> None:
    good, buyer = await market.good(PRICE), await market.buyer(wallet=200_000)
    cart = {"items": [{"package_id": str(good.package_id)}]}
    put = await market.platform.request("PUT", "/v1/cart", token=buyer.token, json=cart)
    assert put.status == 200, put.body
    quoted = await market.quote(buyer, good)
    assert quoted.status == 201, quoted.body
    placed = await market.order(buyer, quoted.body, key="mine")
    assert (placed.status, placed.body["status"]) == (201, "paid"), placed.body
    assert placed.body["total"] == {"amount": PRICE, "currency": "RUB"}
    again = await market.order(buyer, quoted.body, key="mine")
    assert again.body == placed.body

    async def fulfilled() -> bool:
        return bool((await market.show(buyer, placed.body["id"]))["status"] == "fulfilled")

    await market.platform.until(fulfilled, within_s=GIVEN_UP_AFTER_S)
    assert str(good.app_id) in await market.owned(buyer)
    page = await market.show(buyer, placed.body["id"])
    assert sum(part["amount"]["amount"] for part in page["money"]["parts"]) == PRICE
    left = await market.platform.request("GET", "/v1/cart", token=buyer.token)
    assert left.body["items"] == []


async def test_dlc_is_bought_with_its_game_and_stands_under_it(market: Market) -> None:
    good, buyer = await market.good(PRICE), await market.buyer(wallet=900_000)
    addition = await market.addition(good, 15_000)
    alone = await market.quote(buyer, addition)
    assert (alone.status, alone.body["errors"][0]["code"]) == (409, "item_base_needed")
    placed = await market.order(buyer, (await market.quote(buyer, good, addition)).body)
    assert (placed.status, placed.body["total"]["amount"]) == (201, PRICE + 15_000), placed.body

    async def under_its_game() -> bool:
        shelf = (await market.platform.request("GET", "/v1/library", token=buyer.token)).body["items"]
        found = {one["game_id"]: [content["game_id"] for content in one["contents"]] for one in shelf}
        return found == {str(good.app_id): [str(addition.app_id)]}

    await market.platform.until(under_its_game, within_s=GIVEN_UP_AFTER_S)
    owned = await market.platform.request("GET", f"/v1/library/{addition.app_id}", token=buyer.token)
    assert (owned.body["kind"], owned.body["base_game_id"]) == ("dlc", str(good.app_id))


async def test_what_is_in_the_library_is_not_sold_again(market: Market) -> None:
    good, buyer = await market.good(PRICE), await market.buyer(wallet=900_000)
    first, second = (await market.quote(buyer, good)).body, (await market.quote(buyer, good)).body
    assert (await market.order(buyer, first)).body["status"] == "paid"
    refused = await market.order(buyer, second)
    assert (refused.status, refused.body["code"]) == (409, "payment.already_owned")
    assert (await market.quote(buyer, good)).status in {409, 422}


async def test_a_game_is_paid_by_a_provider_on_its_page(market: Market) -> None:
    good, buyer = await market.good(PRICE), await market.buyer(wallet=30_000)
    quoted = (await market.quote(buyer, good)).body
    placed = await market.order(buyer, quoted, method="sbp", use_wallet=True)
    assert (placed.status, placed.body["status"]) == (201, "pending"), placed.body
    assert placed.body["confirmation"]["url"].startswith("http")
    money = SimulatedMoney(f"http://127.0.0.1:{market.platform.record['processes']['money']['port']}")
    url = placed.body["confirmation"]["url"]
    (mine,) = [one["id"] for one in await money.payments() if one["id"] in url]
    await money.pay(mine)

    async def fulfilled() -> bool:
        return bool((await market.show(buyer, placed.body["id"]))["status"] == "fulfilled")

    await market.platform.until(fulfilled, within_s=GIVEN_UP_AFTER_S)
    page = await market.show(buyer, placed.body["id"])
    assert [(one["source"], one["amount"]["amount"]) for one in page["funding"]] == [
        ("wallet", 30_000),
        ("provider", PRICE - 30_000),
    ]
    assert str(good.app_id) in await market.owned(buyer)
