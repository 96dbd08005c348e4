"""Buying over REST: paid once, in whole, by whoever may, or nothing at all."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.services.payment.contract.events import OrderClosed, OrderPaid
from samovar.services.payment.ledger.domain import Kind
from tests.services.payment.orders.checkout.counter import Counter
from tests.services.payment.quotes.making import line

PRICE = 129_900
CLAIMS = "SELECT count(*) FROM purchase_claims WHERE account_id = $1"
ORDERS = "SELECT count(*) FROM orders WHERE account_id = $1"
TAKEN = "SELECT count(*) FROM quotes WHERE id = $1 AND taken_at IS NOT NULL"


async def paid_events(counter: Counter, account_id: UUID) -> list[OrderPaid]:
    return [event for event in await counter.payment.events(OrderPaid) if event.account_id == account_id]


async def test_a_wallet_order_is_paid_at_once(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=200_000)
    quote = await counter.quote(buyer, line(buyer, 100_000), line(buyer, 29_900))
    answer = await counter.order(quote, signature=quote.signature)
    assert answer.status == 201, answer.body
    assert answer.body == {
        "id": answer.body["id"],
        "status": "paid",
        "total": {"amount": PRICE, "currency": "RUB"},
        "confirmation": {"type": "none"},
    }
    assert await counter.left(buyer) == 200_000 - PRICE
    (event,) = await paid_events(counter, buyer)
    assert str(event.order_id) == answer.body["id"]
    assert [one.final.amount for one in event.lines] == [100_000, 29_900]
    assert await counter.count(CLAIMS, buyer) == 2


async def test_the_same_request_again_gets_the_same_answer_and_pays_once(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=200_000)
    quote = await counter.quote(buyer)
    first = await counter.order(quote, key="one")
    again = await counter.order(quote, key="one")
    assert again.body == first.body
    assert again.headers["idempotency-replayed"] == "true"
    assert await counter.left(buyer) == 200_000 - PRICE


async def test_a_quote_becomes_one_order_however_many_ask(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=1_000_000)
    quote = await counter.quote(buyer)
    answers = await asyncio.gather(*(counter.order(quote) for _ in range(6)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409, 409, 409]
    assert {answer.body["code"] for answer in answers if answer.status == 409} == {"payment.quote_taken"}
    assert await counter.left(buyer) == 1_000_000 - PRICE


async def test_too_little_money_leaves_nothing_behind(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=PRICE - 1)
    quote = await counter.quote(buyer)
    answer = await counter.order(quote)
    assert (answer.status, answer.body["code"]) == (409, "payment.insufficient_funds")
    assert await counter.left(buyer) == PRICE - 1
    for sql, subject in ((CLAIMS, buyer), (ORDERS, buyer), (TAKEN, quote.id)):
        assert await counter.count(sql, subject) == 0


async def test_an_empty_wallet_buys_nothing(counter: Counter) -> None:
    quote = await counter.quote(await counter.buyer())
    answer = await counter.order(quote)
    assert (answer.status, answer.body["code"]) == (409, "payment.insufficient_funds")


async def test_two_purchases_at_once_spend_no_more_than_there_is(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=PRICE)
    quotes = [await counter.quote(buyer) for _ in range(4)]
    answers = await asyncio.gather(*(counter.order(quote) for quote in quotes))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]
    assert await counter.left(buyer) == 0
    assert await counter.count(ORDERS, buyer) == 1


async def test_what_is_free_needs_no_money_and_is_still_an_order(counter: Counter) -> None:
    buyer = await counter.buyer()
    answer = await counter.order(await counter.quote(buyer, line(buyer, 0)), method="free")
    assert (answer.status, answer.body["status"], answer.body["total"]["amount"]) == (201, "paid", 0)
    assert len(await paid_events(counter, buyer)) == 1


async def test_what_costs_money_cannot_be_had_as_free(counter: Counter) -> None:
    answer = await counter.order(await counter.quote(await counter.buyer()), method="free")
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, "method")


async def test_bonus_pays_first(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=200_000, bonus=30_000)
    answer = await counter.order(await counter.quote(buyer), use_bonus=True)
    assert answer.body["status"] == "paid"
    assert await counter.left(buyer, Kind.BONUS) == 0
    assert await counter.left(buyer) == 200_000 - (PRICE - 30_000)


async def test_what_is_owned_is_not_bought_again(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=1_000_000)
    package_id = uuid4()
    await counter.order(await counter.quote(buyer, line(buyer, package_id=package_id)))
    again = await counter.quote(buyer, line(buyer, 100), line(buyer, package_id=package_id))
    answer = await counter.order(again)
    assert (answer.status, answer.body["code"]) == (409, "payment.already_owned")
    assert [fault["field"] for fault in answer.body["errors"]] == ["lines[1].package_id"]
    assert await counter.count(TAKEN, again.id) == 0
    assert await counter.left(buyer) == 1_000_000 - PRICE


async def test_what_is_being_bought_is_not_bought_again(counter: Counter) -> None:
    buyer, package_id = await counter.buyer(wallet=1_000_000), uuid4()
    first = await counter.order(await counter.quote(buyer, line(buyer, package_id=package_id)), method="sbp")
    assert (first.status, first.body["status"]) == (201, "pending")
    again = await counter.quote(buyer, line(buyer, package_id=package_id))
    answer = await counter.order(again)
    assert (answer.status, answer.body["code"]) == (409, "payment.purchase_in_flight")
    assert (await counter.cancel(buyer, first.body["id"])).status == 200
    assert (await counter.order(again)).body["status"] == "paid"


async def test_the_same_package_for_two_people_is_two_purchases(counter: Counter) -> None:
    buyer, friend, package_id = await counter.buyer(wallet=1_000_000), uuid4(), uuid4()
    both = await counter.quote(
        buyer,
        line(buyer, package_id=package_id),
        line(friend, package_id=package_id, is_gift=True),
    )
    assert (await counter.order(both)).body["status"] == "paid"
    assert await counter.count("SELECT count(*) FROM gifts WHERE recipient_id = $1", friend) == 1


async def test_a_canceled_order_gives_back_what_was_set_aside(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=50_000)
    made = await counter.order(await counter.quote(buyer), method="sbp", use_wallet=True)
    assert await counter.left(buyer) == 0
    answers = await asyncio.gather(*(counter.cancel(buyer, made.body["id"]) for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409]
    assert await counter.left(buyer) == 50_000
    assert await counter.count(CLAIMS, buyer) == 0
    closed = [one for one in await counter.payment.events(OrderClosed) if one.account_id == buyer]
    assert [(one.status, one.failure_code) for one in closed] == [("canceled", "canceled_by_buyer")]


async def test_only_what_is_open_and_ones_own_can_be_canceled(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=200_000)
    paid = await counter.order(await counter.quote(buyer))
    answer = await counter.cancel(buyer, paid.body["id"])
    assert (answer.status, answer.body["code"]) == (409, "payment.order_not_open")
    stranger = await counter.cancel(uuid4(), paid.body["id"])
    nothing = await counter.cancel(buyer, str(uuid4()))
    assert {stranger.body["code"], nothing.body["code"]} == {"payment.order_not_found"}


async def test_a_held_account_spends_nothing(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=200_000)
    counter.auth.held[str(buyer)] = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    answer = await counter.order(await counter.quote(buyer))
    assert (answer.status, answer.body["code"]) == (403, "payment.account_held")
    assert await counter.left(buyer) == 200_000


async def test_nothing_is_spent_while_nobody_knows_who_is_held(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=200_000)
    quote = await counter.quote(buyer)
    counter.auth.away = True
    answer = await counter.order(quote, key="again")
    counter.auth.away = False
    assert (answer.status, answer.body["code"]) == (503, "payment.holds_away")
    assert await counter.left(buyer) == 200_000
    assert (await counter.order(quote, key="again")).body["status"] == "paid"


async def test_another_players_quote_is_not_there(counter: Counter) -> None:
    quote = await counter.quote(await counter.buyer())
    thief = await counter.buyer(wallet=200_000)
    answer = await counter.order(msgspec.structs.replace(quote, account_id=thief))
    assert (answer.status, answer.body["code"]) == (404, "payment.quote_not_found")


async def test_a_quote_that_is_over_or_not_what_was_signed_buys_nothing(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=900_000)
    now = datetime.now(UTC)
    old = await counter.quote(buyer, created_at=now - timedelta(hours=1), expires_at=now)
    late = await counter.order(old)
    assert (late.status, late.body["code"]) == (409, "payment.quote_expired")
    quote = await counter.quote(buyer)
    forged = await counter.order(quote, signature="x" * 43)
    assert (forged.status, forged.body["code"]) == (422, "payment.quote_tampered")
    await counter.database.fetch_value("UPDATE quotes SET total = 1 WHERE id = $1 RETURNING total", quote.id)
    changed = await counter.order(quote)
    assert (changed.status, changed.body["code"]) == (422, "payment.quote_tampered")
    assert await counter.left(buyer) == 900_000


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"method": "gold"}, "method"),
        ({"quote_id": "x"}, "quote_id"),
        ({"return_url": "https://evil.example/"}, "return_url"),
        ({"use_wallet": "yes"}, "use_wallet"),
        ({"total": 1}, None),
    ],
)
async def test_nonsense_is_refused_and_changes_nothing(
    counter: Counter, fields: dict[str, Any], field: str | None
) -> None:
    buyer = await counter.buyer(wallet=200_000)
    quote = await counter.quote(buyer)
    answer = await counter.order(quote, **fields)
    assert answer.status == 422
    if field:
        assert answer.body["errors"][0]["field"] == field
    assert await counter.left(buyer) == 200_000
    assert await counter.count(TAKEN, quote.id) == 0


async def test_an_order_needs_a_key_and_a_key_one_body(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=900_000)
    quote, other = await counter.quote(buyer), await counter.quote(buyer)
    bare = await counter.payment.request(
        "POST", "/v1/orders", account_id=buyer, json={"quote_id": str(quote.id), "method": "wallet"}
    )
    assert (bare.status, bare.body["code"]) == (400, "idempotency.key_required")
    await counter.order(quote, key="the same")
    answer = await counter.order(other, key="the same")
    assert (answer.status, answer.body["code"]) == (409, "idempotency.mismatch")


async def test_dlc_waits_for_its_game(counter: Counter) -> None:
    buyer, game = await counter.buyer(wallet=1_000_000), uuid4()
    quote = await counter.quote(buyer, line(buyer, 100), line(buyer, 200, base_app_ids=(game,)))
    refused = await counter.order(quote)
    assert (refused.status, refused.body["code"]) == (409, "payment.base_needed")
    assert [(fault["field"], fault["code"]) for fault in refused.body["errors"]] == [
        ("lines[1].package_id", "item_base_needed")
    ]
    for sql, subject in ((CLAIMS, buyer), (ORDERS, buyer), (TAKEN, quote.id)):
        assert await counter.count(sql, subject) == 0
    assert await counter.left(buyer) == 1_000_000
    counter.library.owned.add((buyer, game))
    assert (await counter.order(quote)).body["status"] == "paid"


async def test_a_game_that_was_given_back_since_the_quote_is_asked_for_again(counter: Counter) -> None:
    buyer, game = await counter.buyer(wallet=1_000_000), uuid4()
    counter.library.owned.add((buyer, game))
    quote = await counter.quote(buyer, line(buyer, 200, base_app_ids=(game,)))
    counter.library.owned.discard((buyer, game))
    assert (await counter.order(quote)).body["code"] == "payment.base_needed"


async def test_dlc_with_its_game_asks_nobody(counter: Counter) -> None:
    buyer, game = await counter.buyer(wallet=1_000_000), uuid4()
    quote = await counter.quote(
        buyer, line(buyer, 100, app_ids=(game,)), line(buyer, 200, base_app_ids=(game,))
    )
    before = counter.library.asked
    assert (await counter.order(quote)).body["status"] == "paid"
    assert counter.library.asked == before


async def test_a_gift_of_dlc_asks_what_its_recipient_has(counter: Counter) -> None:
    buyer, friend, game = await counter.buyer(wallet=1_000_000), uuid4(), uuid4()
    counter.library.owned.add((buyer, game))
    gift = line(friend, 200, is_gift=True, base_app_ids=(game,))
    quote = await counter.quote(buyer, line(buyer, 100, app_ids=(game,)), gift)
    assert (await counter.order(quote)).body["code"] == "payment.base_needed"
    counter.library.owned.add((friend, game))
    assert (await counter.order(quote)).body["status"] == "paid"


async def test_dlc_is_not_sold_while_library_is_away(counter: Counter) -> None:
    buyer = await counter.buyer(wallet=1_000_000)
    quote = await counter.quote(buyer, line(buyer, 200, base_app_ids=(uuid4(),)))
    counter.library.away = True
    try:
        answer = await counter.order(quote)
        assert (answer.status, answer.body["code"]) == (503, "payment.library_away")
        assert (await counter.order(await counter.quote(buyer))).body["status"] == "paid"
    finally:
        counter.library.away = False
    assert await counter.count(TAKEN, quote.id) == 0


async def test_a_paid_order_of_dlc_is_answered_again_whatever_is_owned_since(
    counter: Counter,
) -> None:
    buyer, game = await counter.buyer(wallet=1_000_000), uuid4()
    counter.library.owned.add((buyer, game))
    quote = await counter.quote(buyer, line(buyer, 200, base_app_ids=(game,)))
    first = await counter.order(quote, key="one")
    counter.library.owned.discard((buyer, game))
    assert (await counter.order(quote, key="one")).body == first.body
    assert (await counter.order(quote)).body["code"] == "payment.quote_taken"
