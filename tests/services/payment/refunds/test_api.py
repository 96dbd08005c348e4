"""A player asks whether, asks for it, and looks at what became of it."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.services.payment.domain import Order
from samovar.testing.hosting import Answer
from tests.services.payment.refunds.shop import Desk


async def whether(desk: Desk, order: Order, language: str = "ru", by: UUID | None = None) -> Answer:
    return await desk.payment.request(
        "GET",
        f"/v1/orders/{order.id}/refund-eligibility",
        account_id=by or order.account_id,
        headers={"Accept-Language": language},
    )


async def listed(desk: Desk, account_id: UUID, path: str = "") -> Answer:
    return await desk.payment.request("GET", f"/v1/refunds{path}", account_id=account_id)


async def test_a_refund_goes_from_the_question_to_the_money(desk: Desk) -> None:
    order, lines = await desk.sell([129_900], wallet=129_900)
    eligible = (await whether(desk, order)).body
    assert eligible["is_eligible"]
    assert eligible["amount"] == {"amount": 129_900, "currency": "RUB"}
    asked = await desk.ask(order)
    assert (asked.status, asked.body["status"]) == (201, "revoking")
    assert asked.body["rules_version"] == eligible["rules_version"]
    await desk.end_licence(lines[0])
    await desk.payment.until("SELECT status = 'settled' FROM refunds WHERE order_id = $1", order.id)
    assert await desk.wallet(order.account_id) == 129_900
    shown = (await listed(desk, order.account_id, f"/{asked.body['id']}")).body
    assert [part["destination"] for part in shown["parts"]] == ["wallet"]
    assert (await listed(desk, order.account_id)).body["items"] == [shown]


async def test_what_was_free_stays_when_all_that_was_paid_goes_back(desk: Desk) -> None:
    order, lines = await desk.sell([0, 129_900], wallet=129_900)
    eligible = (await whether(desk, order)).body
    assert eligible["is_eligible"]
    assert [one["line_id"] for one in eligible["lines"]] == [str(lines[1].id)]
    asked = await desk.ask(order)
    assert (asked.status, [one["line_id"] for one in asked.body["lines"]]) == (201, [str(lines[1].id)])


async def test_a_bundle_goes_back_with_what_was_free_in_it(desk: Desk) -> None:
    order, lines = await desk.sell([0, 129_900], wallet=129_900, bundle_id=uuid4())
    asked = await desk.ask(order)
    assert asked.status == 201, asked.body
    for line in lines:
        await desk.end_licence(line)
    await desk.payment.until("SELECT status = 'settled' FROM refunds WHERE order_id = $1", order.id)
    assert await desk.wallet(order.account_id) == 129_900


async def test_of_what_was_all_free_the_rules_say_so(desk: Desk) -> None:
    order, _ = await desk.sell([0])
    answer = await desk.ask(order)
    assert (answer.status, [fault["code"] for fault in answer.body["errors"]]) == (409, ["refund_money_paid"])


async def test_each_rule_explains_itself_with_its_numbers_in_both_languages(desk: Desk) -> None:
    order, lines = await desk.sell([100], wallet=100)
    desk.play(lines[0], 125)
    rules = {}
    for language in ("ru", "en"):
        body = (await whether(desk, order, language)).body
        rules[language] = {rule["code"]: rule for rule in body["lines"][0]["rules"]}
    assert not body["is_eligible"]
    assert (rules["ru"]["play_time"]["value"], rules["ru"]["play_time"]["limit"]) == (125, 120)
    assert "125" in rules["ru"]["play_time"]["text"]
    assert "Minutes played: 125" in rules["en"]["play_time"]["text"]
    assert [code for code, rule in rules["ru"].items() if not rule["is_met"]] == ["play_time"]


async def test_what_the_rules_refuse_is_refused_with_the_explanation_and_changes_nothing(desk: Desk) -> None:
    order, lines = await desk.sell([100], wallet=100)
    desk.play(lines[0], 125)
    answer = await desk.ask(order)
    assert (answer.status, answer.body["code"]) == (409, "payment.not_refundable")
    assert [fault["code"] for fault in answer.body["errors"]] == ["refund_play_time"]
    assert "125" in answer.body["errors"][0]["detail"]
    assert (await listed(desk, order.account_id)).body["items"] == []


@pytest.mark.parametrize(("seconds", "faults"), [(7_199, 0), (7_200, 1), (7_201, 1)])
async def test_two_hours_of_all_games_of_an_order_line_end_to_the_second(
    desk: Desk, seconds: int, faults: int
) -> None:
    order, lines = await desk.sell([100], wallet=100)
    (first, *others) = lines[0].app_ids
    for app_id, played in ((first, seconds), *((other, 0) for other in others)):
        desk.library.minutes[str(order.account_id), str(app_id)] = played // 60
        desk.library.seconds[str(order.account_id), str(app_id)] = played
    assert (await whether(desk, order)).body["is_eligible"] is (not faults)


async def test_library_that_is_silent_is_said_and_nothing_begins(desk: Desk) -> None:
    order, _ = await desk.sell([100], wallet=100)
    desk.library.silent = True
    try:
        answer = await desk.ask(order)
    finally:
        desk.library.silent = False
    assert (answer.status, answer.body["code"]) == (503, "payment.refund_facts_away")
    assert (await desk.ask(order)).status == 201


async def test_time_that_library_does_not_count_is_not_taken_for_nothing(desk: Desk) -> None:
    order, lines = await desk.sell([100], wallet=100)
    desk.library.minutes[str(order.account_id), str(lines[0].app_ids[0])] = None
    assert (await whether(desk, order)).status == 503


async def test_what_was_never_owned_was_never_played(desk: Desk) -> None:
    order, lines = await desk.sell([100], wallet=100)
    del desk.library.minutes[str(order.account_id), str(lines[0].app_ids[0])]
    assert (await whether(desk, order)).body["is_eligible"]


async def test_a_held_account_gets_nothing_out(desk: Desk) -> None:
    order, _ = await desk.sell([100], wallet=100)
    desk.auth.held.add(str(order.account_id))
    answer = await desk.ask(order)
    assert [fault["code"] for fault in answer.body["errors"]] == ["refund_account_free"]


async def test_an_order_of_somebody_else_is_none(desk: Desk) -> None:
    order, _ = await desk.sell([100], wallet=100)
    stranger = uuid4()
    assert (await whether(desk, order, by=stranger)).status == 404
    assert (await desk.ask(order, by=stranger)).status == 404
    asked = await desk.ask(order)
    assert (await listed(desk, stranger, f"/{asked.body['id']}")).status == 404


async def test_the_same_key_is_the_same_refund(desk: Desk) -> None:
    order, lines = await desk.sell([100, 200], wallet=300)
    body = {"lines": [str(lines[0].id)]}
    first = await desk.ask(order, body, key="once")
    again = await desk.ask(order, body, key="once")
    other = await desk.ask(order, {"lines": [str(lines[1].id)]}, key="once")
    assert first.body == again.body
    assert (other.status, other.body["code"]) == (409, "idempotency.mismatch")


async def test_of_many_at_one_moment_one_begins(desk: Desk) -> None:
    order, _ = await desk.sell([100], wallet=100)
    answers = await asyncio.gather(*(desk.ask(order) for _ in range(6)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409, 409, 409]


@pytest.mark.parametrize(
    "body",
    [
        {"lines": []},
        {"lines": ["nonsense"]},
        {"reason": ""},
        {"destination": "cash"},
        {"amount": 1},
        {"lines": [str(uuid4())] * 101},
    ],
)
async def test_nonsense_is_refused(desk: Desk, body: dict[str, Any]) -> None:
    order, _ = await desk.sell([100], wallet=100)
    assert (await desk.ask(order, body)).status == 422


async def test_a_line_of_another_order_is_none(desk: Desk) -> None:
    order, _ = await desk.sell([100], wallet=100)
    _, others = await desk.sell([100], wallet=100)
    assert (await desk.ask(order, {"lines": [str(others[0].id)]})).status == 404


async def test_after_the_two_weeks_it_is_too_late(desk: Desk) -> None:
    order, _ = await desk.sell([100], wallet=100)
    async with desk.database.transaction() as tx:
        await tx.execute(
            "UPDATE orders SET paid_at = $2 WHERE id = $1", order.id, desk.paid_at - timedelta(days=14)
        )
    answer = await desk.ask(order)
    assert [fault["code"] for fault in answer.body["errors"]] == ["refund_window"]


async def test_an_accepted_gift_needs_the_consent_of_whoever_has_it(desk: Desk) -> None:
    friend = uuid4()
    order, lines = await desk.sell(
        [100], wallet=100, is_gift=True, recipient_id=friend, licensed_at=desk.paid_at
    )
    assert (await desk.ask(order)).status == 409
    path = f"/v1/refund-consents/{lines[0].id}"
    by_sender = await desk.payment.request("PUT", path, account_id=order.account_id)
    assert (by_sender.status, by_sender.body["code"]) == (403, "payment.consent_not_yours")
    assert (await desk.payment.request("PUT", path, account_id=uuid4())).status == 404
    assert (await desk.payment.request("PUT", path, account_id=friend)).status == 204
    assert (await desk.payment.request("DELETE", path, account_id=friend)).status == 204
    assert (await desk.ask(order)).status == 409
    assert (await desk.payment.request("PUT", path, account_id=friend)).status == 204
    assert (await desk.ask(order)).status == 201


async def test_of_the_base_game_the_time_since_the_purchase_counts_for_its_dlc(desk: Desk) -> None:
    order, lines = await desk.sell([100], wallet=100)
    game = str(uuid4())
    desk.catalog.bases[str(lines[0].app_ids[0])] = game
    desk.library.minutes[str(order.account_id), game] = 9_000
    assert (await whether(desk, order)).body["is_eligible"]
    desk.played.seconds[str(order.account_id), game] = 7_200
    answer = await desk.ask(order)
    assert [fault["code"] for fault in answer.body["errors"]] == ["refund_play_time"]


async def test_after_many_refunds_a_person_looks_at_the_next(desk: Desk) -> None:
    account_id = uuid4()
    for _ in range(5):
        order, _ = await desk.sell([100], wallet=100, account_id=account_id)
        assert (await desk.ask(order)).body["status"] == "revoking"
    order, lines = await desk.sell([100], wallet=100, account_id=account_id)
    assert (await whether(desk, order)).body["needs_review"]
    asked = await desk.ask(order)
    assert asked.body["status"] == "requested"
    rejected = await desk.staff(f"refunds/{asked.body['id']}/reject", {"note": "Слишком часто"})
    assert rejected.body["status"] == "refused"
    assert (await desk.order(order.id))[1][0].refund_pending == 0
    again = await desk.ask(order)
    approved = await desk.staff(f"refunds/{again.body['id']}/approve", {"note": "Хорошо"})
    assert approved.body["status"] == "revoking"
    await desk.end_licence(lines[0])
    await desk.payment.until("SELECT status = 'settled' FROM refunds WHERE id = $1", UUID(again.body["id"]))
    assert await desk.wallet(account_id) == 100


async def test_those_asked_for_at_one_moment_are_counted_too(desk: Desk) -> None:
    account_id = uuid4()
    sold = [await desk.sell([100], wallet=100, account_id=account_id) for _ in range(8)]
    answers = await asyncio.gather(*(desk.ask(order) for order, _ in sold))
    statuses = sorted(answer.body["status"] for answer in answers)
    assert statuses == ["requested"] * 3 + ["revoking"] * 5
