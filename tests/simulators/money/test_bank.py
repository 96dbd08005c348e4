"""The simulated bank sends a payout once, or says why not."""

from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from samovar.testing.money import SimulatedMoney


async def call(
    money: SimulatedMoney, method: str, path: str, body: Any = None, *, key: str = "", token: str = ""
) -> tuple[int, dict[str, Any]]:
    headers = {
        "Authorization": f"Bearer {token or money.settings['bank_token']}",
        "Idempotency-Key": key or str(uuid4()),
    }
    async with (
        aiohttp.ClientSession(headers=headers) as session,
        session.request(method, f"{money.settings['bank_url']}{path}", json=body) as answer,
    ):
        return answer.status, await answer.json()


def payout(amount: int = 10_000, **recipient: str) -> dict[str, Any]:
    return {
        "amount": amount,
        "currency": "RUB",
        "purpose": "По отчёту агента за октябрь",
        "recipient": {
            "name": "ООО «Изба»",
            "inn": "7707083893",
            "kind": "company",
            "account": "40702810900000000001",
            "bic": "044525225",
            **recipient,
        },
    }


async def test_a_payout_is_executed_once_per_key_and_stands_in_the_register(money: SimulatedMoney) -> None:
    key = str(uuid4())
    balance = (await call(money, "GET", "/balance"))[1]["balance"]
    status, first = await call(money, "POST", "/payouts", payout(), key=key)
    assert status == 201
    _, second = await call(money, "POST", "/payouts", payout(), key=key)
    assert (second["id"], second["status"]) == (first["id"], "executed")
    assert (await call(money, "POST", "/payouts", payout(1), key=key))[0] == 409
    assert (await call(money, "GET", "/balance"))[1]["balance"] == balance - 10_000
    assert (await call(money, "GET", f"/payouts?key={key}"))[1]["items"][0]["id"] == first["id"]
    _, register = await call(money, "GET", f"/register?date={second['settled_at'][:10]}")
    assert [one["amount"] for one in register["items"] if one["key"] == key] == [10_000]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"account": "40702810900000099999"}, "account_closed"),
        ({"kind": "self_employed", "inn": "500100732213"}, "not_self_employed"),
    ],
)
async def test_a_payout_is_rejected_with_its_reason(
    money: SimulatedMoney, change: dict[str, str], reason: str
) -> None:
    _, made = await call(money, "POST", "/payouts", payout(10_000, **change))
    assert (made["status"], made["reason"]) == ("rejected", reason)


async def test_more_than_the_balance_is_rejected(money: SimulatedMoney) -> None:
    balance = (await call(money, "GET", "/balance"))[1]["balance"]
    await money.control("PUT", "/control/bank", balance=1)
    _, made = await call(money, "POST", "/payouts", payout())
    await money.control("PUT", "/control/bank", balance=balance)
    assert made["reason"] == "insufficient_funds"


async def test_a_waiting_payout_is_told_what_becomes_of_it(money: SimulatedMoney) -> None:
    await money.fault("bank", "wait", on="create")
    _, made = await call(money, "POST", "/payouts", payout())
    assert made["status"] == "accepted"
    await money.control("POST", f"/control/payouts/{made['id']}/reject", reason="account_closed")
    assert (await call(money, "GET", f"/payouts/{made['id']}"))[1]["reason"] == "account_closed"


@pytest.mark.parametrize(
    "body",
    [
        payout(0),
        payout(-1),
        {**payout(), "amount": 1.5},
        {**payout(), "currency": "USD"},
        payout(account="1"),
        payout(inn="500100732259"),
        payout(kind="friend"),
        payout(name=""),
        {},
    ],
)
async def test_a_malformed_payout_is_refused(money: SimulatedMoney, body: dict[str, Any]) -> None:
    assert (await call(money, "POST", "/payouts", body))[0] == 422


async def test_nobody_gets_in_without_the_token(money: SimulatedMoney) -> None:
    assert (await call(money, "GET", "/balance", token="wrong"))[0] == 401
