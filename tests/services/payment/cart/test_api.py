"""A cart shows what it would cost now, and is changed only as it was seen."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.services.catalog.contract import v1_pb2
from samovar.services.payment.cart import emptying
from samovar.testing.hosting import Answer
from tests.services.payment.gifts.making import ordered
from tests.services.payment.market import Market, faults, of, of_bundle


async def put(market: Market, account_id: UUID, *items: dict[str, Any], **more: Any) -> Answer:
    return await market.ask("PUT", "/v1/cart", account_id, json={"items": list(items)}, **more)


async def held(market: Market, account_id: UUID) -> list[dict[str, Any]]:
    answer = await market.ask("GET", "/v1/cart", account_id)
    assert answer.status == 200, answer.body
    return list(answer.body["items"])


def rub(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "RUB"}


async def test_a_cart_is_empty_at_first_and_belongs_to_somebody(market: Market) -> None:
    answer = await market.ask("GET", "/v1/cart", uuid4())
    assert (answer.status, answer.body["items"], answer.body["total"]) == (200, [], None)
    assert (await market.ask("GET", "/v1/cart")).status == 401


async def test_a_cart_keeps_its_order_and_shows_present_prices(market: Market) -> None:
    buyer, game, addition = uuid4(), market.package(100_000, percent=20), market.package(50_000)
    bundle = market.bundle(addition, market.package(1_000))
    answer = await put(market, buyer, of_bundle(bundle), of(game))
    assert answer.status == 200, answer.body
    assert [item["price"] for item in answer.body["items"]] == [rub(45_900), rub(80_000)]
    assert answer.body["total"] == rub(125_900)
    game.percent = 50
    shown = await market.ask("GET", "/v1/cart", buyer)
    assert shown.body["total"] == rub(95_900)
    assert shown.headers["etag"] == answer.headers["etag"]


async def test_what_can_no_longer_be_bought_says_why(market: Market) -> None:
    buyer, stranger, game, gone = uuid4(), uuid4(), market.package(), market.package()
    answer = await put(
        market,
        buyer,
        of(game),
        of(gone),
        of(game, gift_to=stranger),
        of_bundle(market.bundle(game, market.package())),
        of(market.package(currency="USD")),
        {"package_id": str(uuid4())},
    )
    assert answer.status == 200, answer.body
    gone.refusal = v1_pb2.REFUSAL_NOT_ON_SALE
    items = await held(market, buyer)
    reasons = [item["refusal"] for item in items]
    assert reasons == [None, "not_on_sale", "not_friend", "repeated", "mixed_currencies", "not_found"]
    assert [item["price"] for item in items] == [rub(100_000), None, None, None, None, None]


async def test_without_peers_a_cart_is_shown_without_prices(market: Market) -> None:
    buyer, game = uuid4(), market.package()
    market.catalog.away = True
    try:
        answer = await put(market, buyer, of(game))
        shown = await market.ask("GET", "/v1/cart", buyer)
    finally:
        market.catalog.away = False
    assert (answer.status, shown.status) == (200, 200)
    assert (shown.body["is_priced"], shown.body["total"]) == (False, None)
    assert [item["package_id"] for item in shown.body["items"]] == [str(game.id)]


async def test_two_devices_do_not_overwrite_each_other(market: Market) -> None:
    buyer = uuid4()
    first = await put(market, buyer, of(market.package()))
    seen = {"If-Match": first.headers["etag"]}
    answers = await asyncio.gather(
        *(put(market, buyer, of(market.package()), headers=seen) for _ in range(4))
    )
    assert sorted(answer.status for answer in answers) == [200, 412, 412, 412]
    stale = await market.ask("DELETE", "/v1/cart", buyer, headers=seen)
    assert stale.status == 412
    assert len(await held(market, buyer)) == 1


async def test_carts_that_are_filled_at_once_are_whole(market: Market) -> None:
    buyer = uuid4()
    fills = [[of(market.package()) for _ in range(5)] for _ in range(6)]
    answers = await asyncio.gather(*(put(market, buyer, *items) for items in fills))
    assert {answer.status for answer in answers} == {200}
    kept = [item["package_id"] for item in await held(market, buyer)]
    assert kept in [[item["package_id"] for item in items] for items in fills]


async def test_a_cart_is_emptied(market: Market) -> None:
    buyer = uuid4()
    await put(market, buyer, of(market.package()))
    assert (await market.ask("DELETE", "/v1/cart", buyer)).status == 204
    assert (await market.ask("DELETE", "/v1/cart", buyer)).status == 204
    assert await held(market, buyer) == []


async def test_what_stays_is_there_since_it_was_added(market: Market) -> None:
    buyer, game = uuid4(), market.package()
    before = (await put(market, buyer, of(game))).body["items"][0]["added_at"]
    after = (await put(market, buyer, of(market.package()), of(game))).body["items"]
    assert after[1]["added_at"] == before
    assert after[0]["added_at"] > before


async def test_prices_are_those_of_where_somebody_lives(market: Market) -> None:
    buyer = uuid4()
    async with market.database.transaction() as tx:
        await tx.execute("INSERT INTO residences VALUES ($1, 'KZ', 1)", buyer)
    assert (await put(market, buyer, of(market.package()))).body["country"] == "KZ"
    assert market.catalog.asked[-1].country == "KZ"
    named = await market.ask("GET", "/v1/cart?country=BY", buyer)
    assert (named.status, faults(named)) == (422, {"country": "country_held"})
    assert (await market.ask("GET", "/v1/cart?country=KZ", buyer)).body["country"] == "KZ"
    assert (await market.ask("GET", "/v1/cart?country=BY", uuid4())).body["country"] == "BY"
    unknown = await market.ask("GET", "/v1/cart?country=QQ", buyer)
    assert (unknown.status, faults(unknown)) == (422, {"country": "country_unknown"})


@pytest.mark.parametrize(
    ("items", "field", "code"),
    [
        ([{"package_id": str(uuid4())}] * 51, "items", "too_long"),
        ([{}], "items[0]", "package_or_bundle"),
        ([{"package_id": "1"}], "items[0].package_id", "invalid"),
        ([{"package_id": str(uuid4()), "quantity": 2}], "items[0].quantity", "unknown"),
    ],
)
async def test_nonsense_changes_nothing(market: Market, items: list[Any], field: str, code: str) -> None:
    buyer, game = uuid4(), market.package()
    await put(market, buyer, of(game))
    answer = await put(market, buyer, *items)
    assert (answer.status, faults(answer)) == (422, {field: code})
    assert [item["package_id"] for item in await held(market, buyer)] == [str(game.id)]
    twice = await put(market, buyer, of(game), of(game))
    assert faults(twice) == {"items[1]": "repeated"}
    oneself = await put(market, buyer, of(game, gift_to=buyer))
    assert faults(oneself) == {"items[0].gift_to": "gift_to_oneself"}


async def test_what_was_bought_leaves_the_cart(market: Market) -> None:
    buyer, friend = uuid4(), uuid4()
    market.befriend(buyer, friend)
    _, (own, gift) = await ordered(market.database, buyer, buyer, friend)
    rest = market.package()
    await put(
        market,
        buyer,
        {"package_id": str(own.package_id)},
        {"package_id": str(own.package_id), "gift_to": str(friend)},
        {"package_id": str(gift.package_id), "gift_to": str(friend)},
        of(rest),
    )
    async with market.database.transaction() as tx:
        await emptying.remove(tx, buyer, [own, gift])
        await emptying.remove(tx, uuid4(), [own])
    left = [(item["package_id"], item["gift_to"]) for item in await held(market, buyer)]
    assert left == [(str(own.package_id), str(friend)), (str(rest.id), None)]


async def test_dlc_says_which_game_it_lacks(market: Market) -> None:
    buyer, game = uuid4(), market.package()
    addition = market.package(base_app_ids=game.app_ids)
    (item,) = (await put(market, buyer, of(addition))).body["items"]
    assert (item["refusal"], item["needed"], item["price"], item["lines"]) == (
        "base_needed",
        [str(game.app_ids[0])],
        None,
        [],
    )
    answer = await put(market, buyer, of(addition), of(game))
    assert [(one["refusal"], one["needed"]) for one in answer.body["items"]] == [(None, []), (None, [])]
    market.own(buyer, game.app_ids)
    (item,) = (await put(market, buyer, of(addition))).body["items"]
    assert (item["refusal"], item["needed"]) == (None, [])
