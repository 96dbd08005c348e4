"""What a payer and a developer see, without a script."""

import re
from typing import Any

import aiohttp
import pytest

from samovar.simulators.payments.cards import CARDS
from samovar.testing.money import SimulatedMoney
from tests.simulators.money.conftest import YooKassaCaller


async def get(money: SimulatedMoney, path: str) -> str:
    async with aiohttp.ClientSession(money.url) as session, session.get(path) as answer:
        return await answer.text()


async def post(money: SimulatedMoney, path: str, **form: str) -> tuple[int, str, str]:
    async with (
        aiohttp.ClientSession(money.url) as session,
        session.post(path, data=form, allow_redirects=False) as answer,
    ):
        return answer.status, answer.headers.get("location", ""), await answer.text()


@pytest.fixture
async def payment(yookassa: YooKassaCaller) -> dict[str, Any]:
    return await yookassa.create()


@pytest.mark.parametrize(("language", "words"), [("ru", "Банковская карта"), ("en", "Bank card")])
async def test_the_payment_page_shows_sum_code_and_card_in_both_languages(
    money: SimulatedMoney, payment: dict[str, Any], language: str, words: str
) -> None:
    shown = await get(money, f"/pay/{payment['id']}?lang={language}")
    assert f'<html lang="{language}">' in shown
    assert words in shown
    assert "1\u202f299,00" in shown
    assert "<svg" in shown
    assert "width=device-width" in shown


@pytest.mark.parametrize("card", CARDS, ids=lambda card: f"{card.reason}-{card.number[-4:]}")
async def test_each_test_card_ends_as_it_says(
    money: SimulatedMoney, yookassa: YooKassaCaller, payment: dict[str, Any], card: Any
) -> None:
    status, back, text = await post(money, f"/pay/{payment['id']}/card", number=card.number)
    if card.asks_3ds:
        assert 'name="code"' in text
        status, back, _ = await post(money, f"/pay/{payment['id']}/3ds", number=card.number, code="1234")
    assert (status, back) == (303, "http://127.0.0.1:1/back")
    _, shown = await yookassa.call("GET", f"/payments/{payment['id']}")
    reason = shown.get("cancellation_details", {}).get("reason")
    assert reason == card.reason
    assert shown["status"] == ("canceled" if card.reason else "succeeded")


async def test_a_wrong_code_of_the_holders_bank_declines(
    money: SimulatedMoney, yookassa: YooKassaCaller, payment: dict[str, Any]
) -> None:
    await post(money, f"/pay/{payment['id']}/3ds", number="2202474301322987", code="0000")
    _, shown = await yookassa.call("GET", f"/payments/{payment['id']}")
    assert shown["cancellation_details"]["reason"] == "3d_secure_failed"


async def test_a_card_that_does_not_exist_changes_nothing(
    money: SimulatedMoney, yookassa: YooKassaCaller, payment: dict[str, Any]
) -> None:
    status, _, text = await post(money, f"/pay/{payment['id']}/card", number="1")
    assert status == 422
    assert 'role="alert"' in text
    assert (await yookassa.call("GET", f"/payments/{payment['id']}"))[1]["status"] == "pending"


async def test_the_banks_app_confirms_a_scanned_code(money: SimulatedMoney, yookassa: YooKassaCaller) -> None:
    made = await yookassa.create(
        payment_method_data={"type": "sbp"}, confirmation={"type": "qr", "return_url": "http://127.0.0.1:1/"}
    )
    link = made["confirmation"]["confirmation_data"]
    page = await get(money, link.removeprefix(money.url))
    [action] = re.findall(r'action="(/pay/[^"]+/sbp)"', page)
    assert (await post(money, action))[0] == 303
    assert (await yookassa.call("GET", f"/payments/{made['id']}"))[1]["status"] == "succeeded"


async def test_paying_twice_pays_once(
    money: SimulatedMoney, yookassa: YooKassaCaller, payment: dict[str, Any]
) -> None:
    for _ in range(2):
        assert (await post(money, f"/pay/{payment['id']}/sbp"))[0] == 303
    await post(money, f"/pay/{payment['id']}/decline", reason="call_issuer")
    assert (await yookassa.call("GET", f"/payments/{payment['id']}"))[1]["status"] == "succeeded"


async def test_what_a_shop_sends_cannot_become_part_of_a_page(
    money: SimulatedMoney, yookassa: YooKassaCaller
) -> None:
    made = await yookassa.create(description="<script>alert(1)</script>")
    for path in (f"/pay/{made['id']}", f"/sbp/{made['id']}", f"/pay/{made['id']}/result", "/payments"):
        assert "<script>alert" not in await get(money, path)


async def test_every_desk_opens_from_the_front_page(money: SimulatedMoney) -> None:
    front = await get(money, "/?lang=en")
    links = re.findall(r'href="(/[a-z]+\?lang=en)"', front)
    assert links == ["/payments?lang=en", "/receipts?lang=en", "/payouts?lang=en"]
    for link in links:
        assert '<html lang="en">' in await get(money, link)
