"""The simulated cash registers keep to ATOL Online's document: what they take, what they refuse, what they register."""

import copy
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from samovar.simulators.fiscal.checks import is_inn
from samovar.testing.money import SimulatedMoney


class Caller:
    """Speaks the dialect."""

    def __init__(self, money: SimulatedMoney) -> None:
        self._settings = money.settings

    async def call(
        self, path: str, body: Any = None, *, token: str | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Post a body, or get without one."""
        async with (
            aiohttp.ClientSession(headers={"Token": token} if token else {}) as session,
            session.request(
                "POST" if body else "GET", f"{self._settings['fiscal_url']}/{path}", json=body
            ) as answer,
        ):
            return answer.status, await answer.json()

    async def token(self) -> str:
        """Sign in."""
        login = {"login": self._settings["fiscal_login"], "pass": self._settings["fiscal_password"]}
        return str((await self.call("getToken", login))[1]["token"])

    async def send(self, document: Any, operation: str = "sell") -> tuple[int, dict[str, Any]]:
        """Hand a document in."""
        return await self.call(
            f"{self._settings['fiscal_group']}/{operation}", document, token=await self.token()
        )

    async def report(self, uuid: str) -> dict[str, Any]:
        """Ask what became of it."""
        return (await self.call(f"{self._settings['fiscal_group']}/report/{uuid}", token=await self.token()))[
            1
        ]


@pytest.fixture
def caller(money: SimulatedMoney) -> Caller:
    return Caller(money)


def document(**change: Any) -> dict[str, Any]:
    """Return a receipt that is taken."""
    return {
        "external_id": str(uuid4()),
        "timestamp": f"{datetime.now(UTC):%d.%m.%Y %H:%M:%S}",
        "receipt": {
            "client": {"email": "player@example.ru"},
            "company": {
                "email": "shop@example.ru",
                "sno": "osn",
                "inn": "7707083893",
                "payment_address": "https://samovar.example",
            },
            "items": [
                {
                    "name": "Игра",
                    "price": 1299.0,
                    "quantity": 1,
                    "sum": 1299.0,
                    "measure": 0,
                    "payment_method": "full_payment",
                    "payment_object": 4,
                    "vat": {"type": "vat22"},
                    "agent_info": {"type": "another"},
                    "supplier_info": {"name": "ООО «Изба»", "inn": "7707083893", "phones": ["+74950000000"]},
                }
            ],
            "payments": [{"type": 1, "sum": 1299.0}],
            "total": 1299.0,
        },
        **change,
    }


def changed(path: str, value: Any) -> dict[str, Any]:
    """Return a receipt with one thing in it changed: `items.0.sum`."""
    whole = copy.deepcopy(document())
    *steps, last = path.split(".")
    place: Any = whole["receipt"]
    for step in steps:
        place = place[int(step) if step.isdigit() else step]
    place[last] = value
    return whole


async def test_a_receipt_waits_and_is_registered_with_its_fiscal_attributes(
    money: SimulatedMoney, caller: Caller
) -> None:
    await money.fault("fiscal", "wait", on="create")
    status, taken = await caller.send(document())
    assert (status, taken["status"], taken["error"]) == (200, "wait", None)
    assert (await caller.report(taken["uuid"]))["status"] == "wait"
    await money.control("POST", f"/control/receipts/{taken['uuid']}/register")
    done = await caller.report(taken["uuid"])
    assert done["status"] == "done"
    assert len(done["payload"]["fn_number"]) == 16
    assert done["payload"]["total"] == 1299.0
    async with aiohttp.ClientSession() as session, session.get(done["payload"]["ofd_receipt_url"]) as paper:
        text = await paper.text()
    assert "ПРИХОД" in text
    assert "ОСН" in text
    assert "Покупатель: player@example.ru" in text
    assert str(done["payload"]["fiscal_document_attribute"]) in text


async def test_the_shops_own_address_is_not_shown_as_the_buyers(
    money: SimulatedMoney, caller: Caller
) -> None:
    body = document()
    body["receipt"]["client"]["email"] = body["receipt"]["company"]["email"]
    _, taken = await caller.send(body)
    await money.control("POST", f"/control/receipts/{taken['uuid']}/register")
    done = await caller.report(taken["uuid"])
    async with aiohttp.ClientSession() as session, session.get(done["payload"]["ofd_receipt_url"]) as paper:
        text = await paper.text()
    assert "ПРИХОД" in text
    assert "Покупатель" not in text


async def test_a_receipt_bears_the_time_of_moscow(money: SimulatedMoney, caller: Caller) -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    _, taken = await caller.send(document())
    await money.control("POST", f"/control/receipts/{taken['uuid']}/register")
    printed = (await caller.report(taken["uuid"]))["payload"]["receipt_datetime"]
    moment = datetime.strptime(f"{printed} +0300", "%d.%m.%Y %H:%M:%S %z")
    assert before <= moment <= datetime.now(UTC)


async def test_the_same_external_id_is_taken_once(caller: Caller) -> None:
    one = document()
    _, first = await caller.send(one)
    status, second = await caller.send(one)
    assert (status, second["error"]["code"], second["uuid"]) == (400, 33, first["uuid"])


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("items.0.sum", 1299.01, "sum: is not price"),
        ("items.0.price", -1, "price"),
        ("total", 1300.0, "total"),
        ("payments", [{"type": 1, "sum": 1.0}], "payments"),
        ("payments", [], "payments"),
        ("items", [], "items"),
        ("items.0.vat", {"type": "vat18"}, "vat.type"),
        ("items.0.payment_method", "later", "payment_method"),
        ("items.0.supplier_info", None, "supplier_info"),
        ("items.0.supplier_info", {"name": "Изба", "inn": "7707083894"}, "supplier_info.inn"),
        ("items.0.agent_info", {"type": "friend"}, "agent_info.type"),
        ("items.0.name", "", "name"),
        ("client", {}, "client"),
        ("company.inn", "123", "company.inn"),
        ("company.sno", "none", "company.sno"),
    ],
)
async def test_a_malformed_receipt_is_refused_and_what_is_wrong_named(
    money: SimulatedMoney, caller: Caller, path: str, value: Any, says: str
) -> None:
    wrong = changed(path, value)
    status, answer = await caller.send(wrong)
    assert (status, answer["error"]["code"]) == (400, 32)
    assert says in answer["error"]["text"]
    assert await money.receipts(wrong["external_id"]) == []


async def test_a_rate_counts_from_its_day(caller: Caller) -> None:
    status, answer = await caller.send(document(timestamp="31.12.2025 23:59:59"))
    assert (status, answer["error"]["code"]) == (400, 32)
    assert "vat22" in answer["error"]["text"]


async def test_a_prepayment_is_not_paid_by_a_prepayment(caller: Caller) -> None:
    wrong = changed("items.0.payment_method", "advance")
    wrong["receipt"]["payments"] = [{"type": 2, "sum": 1299.0}]
    assert (await caller.send(wrong))[0] == 400


async def test_a_correction_needs_its_ground(caller: Caller) -> None:
    receipt = document()["receipt"]
    body = {**document(), "correction": receipt}
    del body["receipt"]
    assert (await caller.send(body, "sell_correction"))[0] == 400
    receipt["correction_info"] = {"type": "self", "base_date": "27.11.2026", "base_number": "1"}
    status, taken = await caller.send(body, "sell_correction")
    assert (status, (await caller.report(taken["uuid"]))["status"]) == (200, "done")


async def test_nobody_gets_in_without_a_token(money: SimulatedMoney, caller: Caller) -> None:
    group = money.settings["fiscal_group"]
    assert (await caller.call(f"{group}/sell", document()))[1]["error"]["code"] == 10
    assert (await caller.call(f"{group}/sell", document(), token="old"))[1]["error"]["code"] == 11
    assert (await caller.call("getToken", {"login": "x", "pass": "y"}))[0] == 401
    token = await caller.token()
    assert (await caller.call("other/sell", document(), token=token))[1]["error"]["code"] == 20


async def test_the_register_refuses_on_request(money: SimulatedMoney, caller: Caller) -> None:
    await money.fault("fiscal", "fail", on="create")
    _, taken = await caller.send(document())
    report = await caller.report(taken["uuid"])
    assert (report["status"], report["error"]["type"]) == ("fail", "driver")


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("7707083893", True),
        ("500100732259", True),
        ("7707083890", False),
        ("500100732250", False),
        ("", False),
    ],
)
def test_the_check_digits_of_an_inn(text: str, *, is_one: bool) -> None:
    assert is_inn(text) is is_one
