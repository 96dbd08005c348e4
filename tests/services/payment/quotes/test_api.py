"""A quote explains what a purchase costs, line by line, or says what cannot be bought and why."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.services.account.contract.v1_pb2 import Relation
from samovar.services.catalog.contract import v1_pb2
from samovar.services.payment.quotes import repository
from tests.services.payment.market import Market, faults, of, of_bundle


def rub(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "RUB"}


async def kept(market: Market, account_id: UUID) -> int:
    return int(
        await market.database.fetch_value("SELECT count(*) FROM quotes WHERE account_id = $1", account_id)
    )


async def test_a_line_explains_itself_to_the_kopeck(market: Market) -> None:
    buyer = uuid4()
    game, addition = market.package(59_999, percent=33), market.package(10_001)
    bundle = market.bundle(game, addition, percent=10)
    answer = await market.quote(buyer, of_bundle(bundle))
    assert answer.status == 201, answer.body
    line, other = answer.body["lines"]
    # 59999 × 0.67 = 40199.33; 40199 × 0.9 = 36179.1
    assert (line["base"], line["discount"], line["bundle_discount"]) == (rub(59_999), rub(19_800), rub(4_020))
    assert (line["final"], line["promo_discount"]) == (rub(36_179), rub(0))
    assert (line["discount_percent"], line["bundle_percent"], line["region"]) == (33, 10, "RU")
    # 10001 × 0.9 = 9000.9
    assert other["final"] == rub(9_001)
    assert answer.body["total"] == answer.body["subtotal"] == rub(36_179 + 9_001)
    assert [one["bundle_id"] for one in answer.body["lines"]] == [str(bundle.id)] * 2


async def test_a_quote_is_shown_to_its_owner_alone(market: Market) -> None:
    buyer = uuid4()
    made = await market.quote(buyer, of(market.package()))
    path = f"/v1/quotes/{made.body['id']}"
    shown = await market.ask("GET", path, buyer)
    assert shown.status == 200
    assert shown.body == {key: value for key, value in made.body.items() if key != "left_out"}
    assert (await market.ask("GET", path, uuid4())).status == 404
    assert (await market.ask("GET", f"/v1/quotes/{uuid4()}", buyer)).body["code"] == "payment.quote_not_found"


async def test_a_quote_ends_when_a_price_in_it_does(market: Market) -> None:
    soon = datetime.now(UTC) + timedelta(minutes=2)
    lasting, ending = market.package(), market.package(valid_until=soon)
    answer = await market.quote(uuid4(), of(lasting), of(ending))
    assert datetime.fromisoformat(answer.body["expires_at"]) == soon
    usual = await market.quote(uuid4(), of(lasting))
    assert datetime.fromisoformat(usual.body["expires_at"]) > soon + timedelta(minutes=10)


async def test_a_price_that_ends_at_this_moment_is_no_quote(market: Market) -> None:
    buyer = uuid4()
    answer = await market.quote(buyer, of(market.package(valid_until=datetime.now(UTC))))
    assert (answer.status, answer.body["code"]) == (503, "payment.catalog_away")
    assert await kept(market, buyer) == 0


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (v1_pb2.REFUSAL_NOT_ON_SALE, "item_not_on_sale"),
        (v1_pb2.REFUSAL_NOT_VISIBLE, "item_not_visible"),
        (v1_pb2.REFUSAL_NOT_SOLD, "item_not_sold"),
        (v1_pb2.REFUSAL_NOT_ACTIVATABLE, "item_not_activatable"),
        (v1_pb2.REFUSAL_NOT_RELEASED, "item_not_released"),
        (v1_pb2.REFUSAL_NO_PRICE, "item_no_price"),
        (v1_pb2.REFUSAL_AGE_RESTRICTED, "item_age_restricted"),
        (v1_pb2.REFUSAL_OWNED, "item_owned"),
        (v1_pb2.REFUSAL_UNSPECIFIED, "item_not_on_sale"),
        (99, "item_not_on_sale"),
    ],
)
async def test_what_cannot_be_bought_says_which_and_why(market: Market, refusal: int, code: str) -> None:
    buyer = uuid4()
    answer = await market.quote(buyer, of(market.package()), of(market.package(refusal=refusal)))
    assert (answer.status, answer.body["code"]) == (409, "payment.items_refused")
    assert faults(answer) == {"items[1]": code}
    assert await kept(market, buyer) == 0


async def test_each_reason_is_told_in_words(market: Market) -> None:
    wish = of(market.package(refusal=v1_pb2.REFUSAL_NO_PRICE))
    answer = await market.quote(uuid4(), wish, headers={"Accept-Language": "ru"})
    assert answer.body["errors"][0]["detail"] == "В этой стране у этого нет цены."


async def test_unknown_packages_and_bundles_are_refused(market: Market) -> None:
    answer = await market.quote(
        uuid4(), {"package_id": str(uuid4())}, {"bundle_id": str(uuid4())}, of(market.package(named=False))
    )
    assert (answer.status, faults(answer)) == (
        409,
        {f"items[{place}]": "item_not_found" for place in range(3)},
    )


async def test_what_library_knows_of_is_counted_in(market: Market) -> None:
    buyer, game, addition = uuid4(), market.package(), market.package()
    market.own(buyer, game.app_ids)
    answer = await market.quote(buyer, of(game), of(addition))
    assert (answer.status, faults(answer)) == (409, {"items[0]": "item_owned"})
    answer = await market.quote(buyer, of_bundle(market.bundle(game, addition)))
    assert [line["package_id"] for line in answer.body["lines"]] == [str(addition.id)]
    assert [(one["package_id"], one["reason"]) for one in answer.body["left_out"]] == [
        (str(game.id), "owned")
    ]


async def test_a_bundle_that_is_bought_whole_names_what_it_lacks(market: Market) -> None:
    game, gone = market.package(), market.package(refusal=v1_pb2.REFUSAL_NOT_SOLD)
    bundle = market.bundle(game, gone, kind="must_purchase_together")
    answer = await market.quote(uuid4(), of_bundle(bundle))
    assert faults(answer) == {
        "items[0]": "item_incomplete",
        f"items[0].packages.{gone.id}": "item_not_sold",
    }


async def test_what_is_being_bought_is_not_quoted_again(market: Market) -> None:
    buyer, game, addition = uuid4(), market.package(), market.package()
    await claim(market, buyer, game.id)
    answer = await market.quote(buyer, of(game))
    assert (answer.status, faults(answer)) == (409, {"items[0]": "item_in_purchase"})
    answer = await market.quote(buyer, of_bundle(market.bundle(game, addition)))
    assert [one["reason"] for one in answer.body["left_out"]] == ["in_purchase"]
    whole = market.bundle(game, addition, kind="must_purchase_together")
    assert faults(await market.quote(buyer, of_bundle(whole)))["items[0]"] == "item_incomplete"
    assert (await market.quote(uuid4(), of(game))).status == 201


async def claim(market: Market, account_id: UUID, package_id: UUID) -> None:
    order_id, line_id = uuid4(), uuid4()
    async with market.database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO orders (id, account_id, quote_id, country, currency, status, method, total, created_at, expires_at)
            VALUES ($1, $2, $1, 'RU', 'RUB', 'created', 'free', 0, now(), now())
            """,
            order_id,
            account_id,
        )
        await tx.execute(
            """
            INSERT INTO order_lines (id, order_id, position, package_id, app_ids, names, recipient_id, is_gift, is_preorder,
                base, discount_percent, bundle_percent, region, price_version, final)
            VALUES ($1, $2, 0, $3, ARRAY[$3::uuid], '{}', $4, false, false, 0, 0, 0, 'RU', '', 0)
            """,
            line_id,
            order_id,
            package_id,
            account_id,
        )
        await tx.execute("INSERT INTO purchase_claims VALUES ($1, $2, $3)", account_id, package_id, line_id)


async def test_items_of_two_currencies_are_not_one_purchase(market: Market) -> None:
    answer = await market.quote(uuid4(), of(market.package()), of(market.package(currency="USD")))
    assert (answer.status, faults(answer)) == (409, {"items[1]": "item_mixed_currencies"})


async def test_the_same_twice_is_refused(market: Market) -> None:
    game, other = market.package(), market.package()
    answer = await market.quote(uuid4(), of(game), of(other), of(game))
    assert (answer.status, faults(answer)) == (422, {"items[2]": "repeated"})
    answer = await market.quote(uuid4(), of(game), of_bundle(market.bundle(game, other)))
    assert (answer.status, faults(answer)) == (422, {"items[1]": "repeated"})


@pytest.mark.parametrize(
    ("wish", "field", "code"),
    [
        ({"items": []}, "items", "too_short"),
        ({"items": [{"package_id": str(uuid4())}] * 51}, "items", "too_long"),
        ({"items": [{}]}, "items[0]", "package_or_bundle"),
        (
            {"items": [{"package_id": str(uuid4()), "bundle_id": str(uuid4())}]},
            "items[0]",
            "package_or_bundle",
        ),
        ({"items": [{"package_id": "x"}]}, "items[0].package_id", "invalid"),
        ({"items": [{"package_id": str(uuid4()), "price": 1}]}, "items[0].price", "unknown"),
        ({"items": [{"package_id": str(uuid4()), "message": "Ура"}]}, "items[0].message", "gift_only"),
        ({"country": "QQ"}, "country", "country_unknown"),
        ({"country": "ru"}, "country", "wrong_pattern"),
        ({"country": 7}, "country", "wrong_type"),
        ({"promo_code": ""}, "promo_code", "too_short"),
        ({"promo_code": "x" * 65}, "promo_code", "too_long"),
    ],
)
async def test_nonsense_names_its_field(market: Market, wish: dict[str, Any], field: str, code: str) -> None:
    buyer = uuid4()
    usual = {"items": [of(market.package())], "country": "RU"}
    answer = await market.ask("POST", "/v1/quotes", buyer, json=usual | wish)
    assert (answer.status, faults(answer)) == (422, {field: code})
    assert await kept(market, buyer) == 0


async def test_a_gift_goes_to_a_friend_and_is_priced_for_them(market: Market) -> None:
    buyer, friend, game = uuid4(), uuid4(), market.package()
    market.befriend(buyer, friend)
    market.own(buyer, game.app_ids)
    async with market.database.transaction() as tx:
        await tx.execute("INSERT INTO residences VALUES ($1, 'KZ', 1)", friend)
    answer = await market.quote(buyer, of(game, gift_to=friend, message="  С днём\nрождения! "))
    assert answer.status == 201, answer.body
    assert answer.body["lines"][0]["gift_to"] == str(friend)
    asked = market.catalog.asked[-1]
    assert (asked.account_id, asked.country, asked.activation_country) == (str(friend), "RU", "KZ")
    stored = await repository.find_quote(market.database, UUID(answer.body["id"]))
    assert stored is not None
    assert (stored.lines[0].recipient_id, stored.lines[0].is_gift) == (friend, True)
    assert stored.lines[0].message == "С днём\nрождения!"


async def test_the_same_may_be_given_to_several_people(market: Market) -> None:
    buyer, one, other, game = uuid4(), uuid4(), uuid4(), market.package()
    market.befriend(buyer, one)
    market.befriend(buyer, other)
    answer = await market.quote(buyer, of(game), of(game, gift_to=one), of(game, gift_to=other))
    assert [line["gift_to"] for line in answer.body["lines"]] == [None, str(one), str(other)]


async def test_nobody_learns_that_they_are_blocked(market: Market) -> None:
    buyer, game = uuid4(), market.package()
    stranger, blocked_by, blocking = uuid4(), uuid4(), uuid4()
    market.people.relations[str(buyer), str(blocked_by)] = Relation(blocked_by=True)
    market.befriend(buyer, blocking, blocking=True)
    answers = [
        await market.quote(buyer, of(game, gift_to=other)) for other in (stranger, blocked_by, blocking)
    ]
    assert [(one.status, faults(one)) for one in answers] == [(409, {"items[0]": "item_not_friend"})] * 3


async def test_gifts_have_bounds(market: Market) -> None:
    buyer, game = uuid4(), market.package()
    answer = await market.quote(buyer, of(game, gift_to=buyer))
    assert (answer.status, faults(answer)) == (422, {"items[0].gift_to": "gift_to_oneself"})
    crowd = [of(game, gift_to=uuid4()) for _ in range(11)]
    assert faults(await market.quote(buyer, *crowd)) == {"items": "too_many_recipients"}
    hidden = await market.quote(buyer, of(game, gift_to=uuid4(), message="\u202eолар"))
    assert faults(hidden) == {"items[0].message": "message_unreadable"}


@pytest.mark.parametrize("peer", ["catalog", "library", "people"])
async def test_without_a_peer_nothing_is_promised(market: Market, peer: str) -> None:
    buyer, friend = uuid4(), uuid4()
    market.befriend(buyer, friend)
    away, key = getattr(market, peer), {"Idempotency-Key": str(uuid4())}
    wish = of(market.package(), gift_to=friend)
    away.away = True
    try:
        answer = await market.quote(buyer, wish, headers=key)
    finally:
        away.away = False
    assert answer.status == 503
    assert answer.body["code"] == f"payment.{'account' if peer == 'people' else peer}_away"
    assert "retry-after" in answer.headers
    assert await kept(market, buyer) == 0
    # What failed for our fault is no answer: the same key may try again.
    assert (await market.quote(buyer, wish, headers=key)).status == 201


async def test_a_purchase_of_ones_own_needs_no_friends(market: Market) -> None:
    market.people.away = True
    try:
        answer = await market.quote(uuid4(), of(market.package()))
    finally:
        market.people.away = False
    assert answer.status == 201


async def test_one_key_makes_one_quote(market: Market) -> None:
    buyer, game, key = uuid4(), market.package(), {"Idempotency-Key": str(uuid4())}
    answers = await asyncio.gather(*(market.quote(buyer, of(game), headers=key) for _ in range(5)))
    assert {answer.status for answer in answers} <= {201, 409}
    again = await market.quote(buyer, of(game), headers=key)
    assert (again.status, again.headers["idempotency-replayed"]) == (201, "true")
    assert await kept(market, buyer) == 1
    other = await market.quote(buyer, of(market.package()), headers=key)
    assert (other.status, other.body["code"]) == (409, "idempotency.mismatch")
    wish = {"items": [of(game)], "country": "RU"}
    keyless = await market.payment.request("POST", "/v1/quotes", account_id=buyer, json=wish)
    assert (keyless.status, keyless.body["code"]) == (400, "idempotency.key_required")


async def test_a_price_that_is_none_is_not_believed(market: Market) -> None:
    answer = await market.quote(uuid4(), of(market.package(-5)))
    assert (answer.status, answer.body["code"]) == (503, "payment.catalog_away")


async def test_what_cannot_be_counted_is_refused(market: Market) -> None:
    dear = [of(market.package(2**52)) for _ in range(3)]
    answer = await market.quote(uuid4(), *dear)
    assert (answer.status, faults(answer)) == (422, {"items": "too_large"})


async def test_a_purchase_has_bounds_beyond_its_items(market: Market) -> None:
    huge = market.package(app_ids=[uuid4() for _ in range(2_001)])
    assert faults(await market.quote(uuid4(), of(huge))) == {"items": "too_long"}


async def test_what_costs_nothing_is_a_purchase_too(market: Market) -> None:
    answer = await market.quote(uuid4(), of(market.package(0, organisation_id=None)))
    assert (answer.status, answer.body["total"]) == (201, rub(0))


async def test_a_quote_needs_somebody(market: Market) -> None:
    wish = {"items": [of(market.package())], "country": "RU"}
    assert (await market.ask("POST", "/v1/quotes", json=wish)).status == 401


async def test_dlc_names_the_game_that_it_lacks(market: Market) -> None:
    buyer, game = uuid4(), market.package()
    addition = market.package(base_app_ids=game.app_ids)
    refused = await market.quote(buyer, of(addition), headers={"Accept-Language": "ru"})
    assert (refused.status, refused.body["code"]) == (409, "payment.items_refused")
    assert faults(refused) == {
        "items[0]": "item_base_needed",
        f"items[0].needed.{game.app_ids[0]}": "item_base_needed",
    }
    assert "нужна сама игра" in refused.body["errors"][0]["detail"]
    assert (await market.quote(buyer, of(addition), of(game))).status == 201
    market.own(buyer, game.app_ids)
    assert (await market.quote(buyer, of(addition))).status == 201


async def test_a_gift_of_dlc_is_for_a_friend_who_has_the_game(market: Market) -> None:
    buyer, friend, game = uuid4(), uuid4(), market.package()
    market.befriend(buyer, friend)
    market.own(buyer, game.app_ids)
    addition = market.package(base_app_ids=game.app_ids)
    assert faults(await market.quote(buyer, of(addition, gift_to=friend)))["items[0]"] == "item_base_needed"
    together = await market.quote(buyer, of(addition, gift_to=friend), of(game, gift_to=friend))
    assert together.status == 201
    market.own(friend, game.app_ids)
    assert (await market.quote(buyer, of(addition, gift_to=friend))).status == 201


async def test_a_game_that_cannot_be_bought_takes_its_dlc_with_it(market: Market) -> None:
    buyer = uuid4()
    game = market.package(refusal=v1_pb2.REFUSAL_NOT_SOLD)
    answer = await market.quote(buyer, of(game), of(market.package(base_app_ids=game.app_ids)))
    assert faults(answer) == {
        "items[0]": "item_not_sold",
        "items[1]": "item_base_needed",
        f"items[1].needed.{game.app_ids[0]}": "item_base_needed",
    }


async def test_a_set_is_sold_without_what_lacks_its_game(market: Market) -> None:
    buyer, other = uuid4(), market.package()
    game, addition = market.package(), market.package(base_app_ids=other.app_ids)
    answer = await market.quote(buyer, of_bundle(market.bundle(game, addition)))
    assert [line["package_id"] for line in answer.body["lines"]] == [str(game.id)]
    assert [one["reason"] for one in answer.body["left_out"]] == ["base_needed"]
    whole = market.bundle(game, addition, kind="must_purchase_together")
    assert faults(await market.quote(buyer, of_bundle(whole))) == {
        "items[0]": "item_incomplete",
        f"items[0].packages.{addition.id}": "item_base_needed",
        f"items[0].needed.{other.app_ids[0]}": "item_base_needed",
    }
    assert (await market.quote(buyer, of_bundle(whole), of(other))).status == 201
