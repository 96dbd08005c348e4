"""The simulated T-Bank keeps to the document that the platform's client was written from."""

from typing import Any

import pytest

from samovar.testing.money import SimulatedMoney
from tests.simulators.money.conftest import Shop, TBankCaller, sign


async def test_a_payment_goes_from_new_to_confirmed_to_refunded(
    money: SimulatedMoney, tbank: TBankCaller
) -> None:
    made = await tbank.call("Init", Amount=10_000, OrderId="order-1", Description="Заказ")
    assert (made["Success"], made["Status"], made["ErrorCode"]) == (True, "NEW", "0")
    assert made["PaymentURL"].startswith(f"{money.url}/pay/")
    await money.pay(made["PaymentId"])
    assert (await tbank.call("GetState", PaymentId=made["PaymentId"]))["Status"] == "CONFIRMED"
    part = await tbank.call("Cancel", PaymentId=made["PaymentId"], Amount=4_000, ExternalRequestId="r1")
    assert (part["Status"], part["OriginalAmount"], part["NewAmount"]) == ("PARTIAL_REFUNDED", 10_000, 6_000)
    again = await tbank.call("Cancel", PaymentId=made["PaymentId"], Amount=4_000, ExternalRequestId="r1")
    assert again["NewAmount"] == 6_000
    rest = await tbank.call("Cancel", PaymentId=made["PaymentId"])
    assert (rest["Status"], rest["NewAmount"]) == ("REFUNDED", 0)
    assert (await tbank.call("Cancel", PaymentId=made["PaymentId"]))["Success"] is False


async def test_two_stages_hold_and_then_take_or_reverse(money: SimulatedMoney, tbank: TBankCaller) -> None:
    first, second = [
        await tbank.call("Init", Amount=10_000, OrderId=f"two-{number}", PayType="T") for number in (1, 2)
    ]
    for made in (first, second):
        await money.pay(made["PaymentId"], method="bank_card")
        assert (await tbank.call("GetState", PaymentId=made["PaymentId"]))["Status"] == "AUTHORIZED"
    assert (await tbank.call("Confirm", PaymentId=first["PaymentId"]))["Status"] == "CONFIRMED"
    assert (await tbank.call("Cancel", PaymentId=second["PaymentId"]))["Status"] == "REVERSED"
    assert (await tbank.call("Confirm", PaymentId=second["PaymentId"]))["ErrorCode"] == "8"


async def test_a_wrong_token_and_wrong_numbers_are_refused(tbank: TBankCaller) -> None:
    assert (await tbank.call("Init", password="wrong", Amount=10_000, OrderId="x"))["ErrorCode"] == "204"
    assert (await tbank.call("Init", Amount=-1, OrderId="x"))["ErrorCode"] == "9999"
    assert (await tbank.call("Init", Amount=10_000, OrderId="x" * 37))["ErrorCode"] == "9999"
    assert (await tbank.call("GetState", PaymentId="1"))["ErrorCode"] == "255"


async def test_the_code_of_a_fast_payment_leads_to_the_banks_app(
    money: SimulatedMoney, tbank: TBankCaller
) -> None:
    made = await tbank.call("Init", Amount=10_000, OrderId="qr")
    link = await tbank.call("GetQr", PaymentId=made["PaymentId"])
    assert link["Data"] == f"{money.url}/sbp/{made['PaymentId']}"
    picture = await tbank.call("GetQr", PaymentId=made["PaymentId"], DataType="IMAGE")
    assert picture["Data"].startswith("<svg")


async def test_an_order_names_all_its_payments(tbank: TBankCaller) -> None:
    made = [(await tbank.call("Init", Amount=100, OrderId="twice"))["PaymentId"] for _ in range(2)]
    found = await tbank.call("CheckOrder", OrderId="twice")
    assert [str(one["PaymentId"]) for one in found["Payments"]] == made
    assert (await tbank.call("CheckOrder", OrderId="never"))["Success"] is False


async def test_declined_and_expired_say_so(money: SimulatedMoney, tbank: TBankCaller) -> None:
    declined, expired = [await tbank.call("Init", Amount=100, OrderId=word) for word in ("no", "late")]
    await money.decline(declined["PaymentId"], "insufficient_funds")
    await money.expire(expired["PaymentId"])
    state = await tbank.call("GetState", PaymentId=declined["PaymentId"])
    assert (state["Status"], state["ErrorCode"]) == ("REJECTED", "1051")
    assert (await tbank.call("GetState", PaymentId=expired["PaymentId"]))["Status"] == "DEADLINE_EXPIRED"


@pytest.mark.parametrize(("fault", "changed"), [("wrong_amount", "Amount"), ("unknown_payment", "PaymentId")])
async def test_a_notification_is_signed_also_when_it_lies(
    money: SimulatedMoney, tbank: TBankCaller, shop: Shop, fault: str, changed: str
) -> None:
    made = await tbank.call(
        "Init", Amount=10_000, OrderId=f"hook-{fault}", NotificationURL=f"{shop.url}/tbank"
    )
    await money.fault("webhooks", fault)
    await money.pay(made["PaymentId"])
    [heard] = await shop.until(1)
    true: dict[str, Any] = {"Amount": 10_000, "PaymentId": int(made["PaymentId"])}
    assert heard[changed] != true[changed]
    token = heard.pop("Token")
    assert token == sign(heard, money.settings["tbank_password"])


async def test_a_notification_comes_again_until_the_answer_is_ok(
    money: SimulatedMoney, tbank: TBankCaller, shop: Shop
) -> None:
    shop.answers = [(200, "thanks")]
    made = await tbank.call("Init", Amount=10_000, OrderId="again")
    await money.fault("webhooks", "bad_token")
    await money.pay(made["PaymentId"])
    first, second = await shop.until(2)
    assert first == second
    assert first["Token"] == "0" * 64
