"""The simulated YooKassa keeps to the document that the platform's client was written from."""

from typing import Any

import aiohttp
import pytest

from samovar.testing.money import SimulatedMoney
from tests.simulators.money.conftest import Shop, YooKassaCaller


async def test_a_payment_waits_for_its_payer_and_then_has_its_income(
    money: SimulatedMoney, yookassa: YooKassaCaller
) -> None:
    made = await yookassa.create(metadata={"order": "42"})
    assert made["status"] == "pending"
    assert made["confirmation"]["confirmation_url"].startswith(money.url)
    await money.pay(made["id"], method="sbp")
    _, paid = await yookassa.call("GET", f"/payments/{made['id']}")
    assert (paid["status"], paid["paid"], paid["metadata"]) == ("succeeded", True, {"order": "42"})
    # 0.7 % of 1299.00 and 22 % tax on it: 11.09.
    assert paid["income_amount"] == {"value": "1287.91", "currency": "RUB"}
    assert "confirmation" not in paid


async def test_the_same_key_with_the_same_body_makes_one_payment_and_with_another_is_refused(
    yookassa: YooKassaCaller,
) -> None:
    body = yookassa.payment()
    _, first = await yookassa.call("POST", "/payments", body, key="one")
    _, second = await yookassa.call("POST", "/payments", body, key="one")
    assert first["id"] == second["id"]
    status, error = await yookassa.call("POST", "/payments", yookassa.payment("1.00"), key="one")
    assert (status, error["code"], error["parameter"]) == (400, "invalid_request", "Idempotence-Key")


async def test_a_repeated_key_shows_the_payment_as_it_is_by_then(
    money: SimulatedMoney, yookassa: YooKassaCaller
) -> None:
    body = yookassa.payment()
    _, made = await yookassa.call("POST", "/payments", body, key="later")
    await money.pay(made["id"])
    _, again = await yookassa.call("POST", "/payments", body, key="later")
    assert again["status"] == "succeeded"


@pytest.mark.parametrize(
    ("change", "parameter"),
    [
        ({"amount": {"value": "0.00", "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "-1.00", "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": 10.5, "currency": "RUB"}}, "amount.value"),
        ({"amount": {"value": "10.00", "currency": "USD"}}, "amount.currency"),
        ({"amount": {"value": "350000.01", "currency": "RUB"}}, "amount.value"),
        ({"confirmation": {"type": "carrier_pigeon"}}, "confirmation.type"),
        ({"confirmation": {"type": "redirect"}}, "confirmation.return_url"),
        ({"payment_method_data": {"type": "shells"}}, "payment_method_data.type"),
        ({"payment_method_data": {"type": "sbp"}, "capture": False}, "capture"),
        ({"description": "x" * 129}, "description"),
    ],
)
async def test_a_body_that_breaks_a_rule_is_refused_and_the_parameter_named(
    yookassa: YooKassaCaller, change: dict[str, Any], parameter: str
) -> None:
    status, error = await yookassa.call("POST", "/payments", {**yookassa.payment(), **change})
    assert (status, error["code"], error["parameter"]) == (400, "invalid_request", parameter)


async def test_nobody_gets_in_without_the_secret_key_or_writes_without_a_key(
    yookassa: YooKassaCaller,
) -> None:
    assert (await yookassa.call("GET", "/payments", secret="wrong"))[0] == 401
    status, error = await yookassa.call("POST", "/payments", yookassa.payment(), key="")
    assert (status, error["parameter"]) == (400, "Idempotence-Key")
    assert (await yookassa.call("GET", "/payments/no-such"))[0] == 404


async def test_held_money_is_taken_in_part_or_let_go(money: SimulatedMoney, yookassa: YooKassaCaller) -> None:
    held = await yookassa.create(capture=False, payment_method_data={"type": "bank_card"})
    await money.pay(held["id"])
    _, shown = await yookassa.call("GET", f"/payments/{held['id']}")
    assert shown["status"] == "waiting_for_capture"
    part = {"amount": {"value": "1000.00", "currency": "RUB"}}
    _, taken = await yookassa.call("POST", f"/payments/{held['id']}/capture", part)
    assert (taken["status"], taken["amount"]["value"]) == ("succeeded", "1000.00")
    other = await yookassa.create(capture=False)
    await money.pay(other["id"])
    _, gone = await yookassa.call("POST", f"/payments/{other['id']}/cancel", {})
    assert gone["cancellation_details"] == {"party": "merchant", "reason": "canceled_by_merchant"}


async def test_refunds_never_exceed_what_was_captured(
    money: SimulatedMoney, yookassa: YooKassaCaller
) -> None:
    made = await yookassa.create("10.00")
    await money.pay(made["id"])

    async def refund(value: str, key: str) -> tuple[int, dict[str, Any]]:
        body = {"payment_id": made["id"], "amount": {"value": value, "currency": "RUB"}}
        return await yookassa.call("POST", "/refunds", body, key=key)

    _, first = await refund("4.00", f"{made['id']}1")
    assert (await refund("4.00", f"{made['id']}1"))[1]["id"] == first["id"]
    assert (await refund("4.00", f"{made['id']}2"))[0] == 200
    status, error = await refund("2.01", f"{made['id']}3")
    assert (status, error["parameter"]) == (400, "amount.value")
    _, listed = await yookassa.call("GET", f"/refunds?payment_id={made['id']}")
    assert [one["amount"]["value"] for one in listed["items"]] == ["4.00", "4.00"]


async def test_a_refund_may_wait_and_be_canceled_and_then_counts_no_more(
    money: SimulatedMoney, yookassa: YooKassaCaller
) -> None:
    made = await yookassa.create("10.00")
    await money.pay(made["id"])
    await money.control("PUT", "/control/refunds", wait=True)
    body = {"payment_id": made["id"], "amount": {"value": "10.00", "currency": "RUB"}}
    _, waiting = await yookassa.call("POST", "/refunds", body)
    assert waiting["status"] == "pending"
    await money.control("POST", f"/control/refunds/{waiting['id']}/cancel", reason="insufficient_funds")
    _, canceled = await yookassa.call("GET", f"/refunds/{waiting['id']}")
    assert canceled["cancellation_details"]["reason"] == "insufficient_funds"
    assert (await yookassa.call("POST", "/refunds", body))[0] == 200


async def test_a_decline_and_an_expiry_say_who_and_why(
    money: SimulatedMoney, yookassa: YooKassaCaller
) -> None:
    declined, expired = await yookassa.create(), await yookassa.create()
    await money.decline(declined["id"], "fraud_suspected")
    await money.expire(expired["id"])
    _, first = await yookassa.call("GET", f"/payments/{declined['id']}")
    _, second = await yookassa.call("GET", f"/payments/{expired['id']}")
    assert first["cancellation_details"] == {"party": "payment_network", "reason": "fraud_suspected"}
    assert second["cancellation_details"] == {"party": "yoo_money", "reason": "expired_on_confirmation"}


async def test_a_saved_method_pays_without_its_payer(money: SimulatedMoney, yookassa: YooKassaCaller) -> None:
    made = await yookassa.create(save_payment_method=True, payment_method_data={"type": "bank_card"})
    await money.pay(made["id"])
    _, paid = await yookassa.call("GET", f"/payments/{made['id']}")
    assert paid["payment_method"]["saved"] is True
    body = yookassa.payment("5.00", payment_method_id=paid["payment_method"]["id"])
    del body["confirmation"]
    _, charged = await yookassa.call("POST", "/payments", body)
    assert charged["status"] == "succeeded"


async def test_payments_are_listed_by_status_page_by_page(yookassa: YooKassaCaller) -> None:
    made = [(await yookassa.create())["id"] for _ in range(3)]
    _, first = await yookassa.call("GET", "/payments?status=pending&limit=2")
    _, second = await yookassa.call("GET", f"/payments?status=pending&limit=2&cursor={first['next_cursor']}")
    assert [one["id"] for one in [*first["items"], *second["items"]]][:3] == made[::-1]
    assert (await yookassa.call("GET", "/payments?limit=1000"))[0] == 400


async def test_notifications_name_the_event_and_come_again_until_they_are_taken(
    money: SimulatedMoney, yookassa: YooKassaCaller, shop: Shop
) -> None:
    shop.answers = [(500, "not yet")]
    made = await yookassa.create()
    await money.pay(made["id"])
    first, second = await shop.until(2)
    assert first == second
    assert (first["event"], first["object"]["id"]) == ("payment.succeeded", made["id"])


async def test_notifications_are_doubled_swapped_and_forged_on_request(
    money: SimulatedMoney, yookassa: YooKassaCaller, shop: Shop
) -> None:
    made = await yookassa.create("10.00", capture=False)
    await money.fault("webhooks", "reorder")
    await money.pay(made["id"])
    await money.fault("webhooks", "duplicate")
    await yookassa.call("POST", f"/payments/{made['id']}/capture", {})
    events = [one["event"] for one in await shop.until(3)]
    assert sorted(events) == ["payment.succeeded", "payment.succeeded", "payment.waiting_for_capture"]
    assert events[0] == "payment.succeeded"
    await money.fault("webhooks", "unknown_payment")
    body = {"payment_id": made["id"], "amount": {"value": "1.00", "currency": "RUB"}}
    _, refund = await yookassa.call("POST", "/refunds", body)
    forged = (await shop.until(4))[3]
    assert forged["event"] == "refund.succeeded"
    assert forged["object"]["id"] != refund["id"]


async def test_a_lost_answer_has_done_the_work(money: SimulatedMoney, yookassa: YooKassaCaller) -> None:
    body = yookassa.payment("77.00")
    await money.fault("yookassa", "lost_answer", on="create")
    with pytest.raises(aiohttp.ClientError):
        await yookassa.call("POST", "/payments", body, key="lost")
    [found] = [one for one in await money.payments() if one["amount"] == 7_700]
    _, again = await yookassa.call("POST", "/payments", body, key="lost")
    assert again["id"] == found["id"]


async def test_what_goes_wrong_is_as_it_was_asked_for(
    money: SimulatedMoney, yookassa: YooKassaCaller
) -> None:
    made = await yookassa.create("10.00")
    path = f"/payments/{made['id']}"
    await money.fault("yookassa", "error_500")
    assert (await yookassa.call("GET", path))[0] == 500
    await money.fault("yookassa", "unknown_payment", on="get")
    assert (await yookassa.call("GET", path))[0] == 404
    await money.pay(made["id"])
    await money.fault("yookassa", "wrong_amount", on="get")
    assert (await yookassa.call("GET", path))[1]["amount"]["value"] == "1.00"
    assert (await yookassa.call("GET", path))[1]["amount"]["value"] == "10.00"
    with pytest.raises(aiohttp.ClientResponseError):
        await money.fault("yookassa", "earthquake")


async def test_the_register_of_a_day_names_what_was_taken_and_given_back(
    money: SimulatedMoney, yookassa: YooKassaCaller
) -> None:
    made = await yookassa.create("10.00")
    paid = await money.pay(made["id"], method="sbp")
    body = {"payment_id": made["id"], "amount": {"value": "3.00", "currency": "RUB"}}
    await yookassa.call("POST", "/refunds", body)
    register = await money.control("GET", "/control/register?provider=yookassa")
    [taken] = [one for one in register["payments"] if one["id"] == made["id"]]
    [back] = [one for one in register["refunds"] if one["payment_id"] == made["id"]]
    assert (taken["amount"], taken["fee"], back["amount"]) == (1_000, paid["fee"], 300)
