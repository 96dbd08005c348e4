"""What the providers, the cash registers and the bank have done they still know after `kill -9`, and do not do again."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from samovar.embedded.simulator import SimulatorServer
from samovar.simulators.money.keeping import Keeping
from samovar.testing.money import SimulatedMoney
from tests.simulators.money.conftest import TBankCaller, YooKassaCaller
from tests.simulators.money.test_bank import call, payout
from tests.simulators.money.test_fiscal import Caller, document


class Dying:
    """A simulator that is killed, and started again in the same folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._server: SimulatorServer | None = None

    async def start(self) -> SimulatedMoney:
        """Start it; whatever ran before dies without a word."""
        if self._server is not None:
            self._server.kill()
            await self._server.wait()
            await self._server.stop()
        self._server = await SimulatorServer(self._folder, "money").start()
        return SimulatedMoney.of(self._server)

    async def end(self) -> None:
        """Stop it for good."""
        if self._server is not None:
            await self._server.stop()


@pytest.fixture
async def dying(tmp_path: Path) -> AsyncIterator[Dying]:
    started = Dying(tmp_path / "money")
    yield started
    await started.end()


async def test_a_payment_that_was_taken_is_taken_and_its_refund_goes_back_once(dying: Dying) -> None:
    money = await dying.start()
    made = await YooKassaCaller(money).create()
    await money.pay(made["id"], method="bank_card")
    wish = {"payment_id": made["id"], "amount": {"value": "100.10", "currency": "RUB"}}
    key = str(uuid4())
    _, given = await YooKassaCaller(money).call("POST", "/refunds", wish, key=key)
    before = await money.payments()

    money = await dying.start()
    assert await money.payments() == before
    status, again = await YooKassaCaller(money).call("POST", "/refunds", wish, key=key)
    assert (status, again["id"]) == (200, given["id"])
    assert [(one["captured"], one["refunded"]) for one in await money.payments()] == [(129_900, 10_010)]


async def test_another_dialect_gives_no_number_twice_and_knows_its_cancellations(dying: Dying) -> None:
    money = await dying.start()
    first = await TBankCaller(money).call("Init", Amount=50_000, OrderId="one")
    await money.pay(str(first["PaymentId"]), method="sbp")
    wish: dict[str, Any] = {"PaymentId": first["PaymentId"], "Amount": 20_000, "ExternalRequestId": "r1"}
    await TBankCaller(money).call("Cancel", **wish)

    money = await dying.start()
    assert (await TBankCaller(money).call("Cancel", **wish))["Success"]
    second = await TBankCaller(money).call("Init", Amount=60_000, OrderId="two")
    assert int(second["PaymentId"]) == int(first["PaymentId"]) + 1
    refunded = {one["id"]: one["refunded"] for one in await money.payments()}
    assert refunded == {str(first["PaymentId"]): 20_000, str(second["PaymentId"]): 0}


async def test_a_receipt_that_was_registered_stays_what_it_is(dying: Dying) -> None:
    money = await dying.start()
    await money.control("PUT", "/control/fiscal", register_s=0.0)
    wanted = document()
    _, taken = await Caller(money).send(wanted)
    registered = await Caller(money).report(taken["uuid"])
    before = await money.receipts()

    money = await dying.start()
    await money.control("PUT", "/control/fiscal", register_s=0.0)
    assert await money.receipts() == before
    assert (await Caller(money).report(taken["uuid"]))["payload"] == registered["payload"]
    assert (await Caller(money).send(wanted))[1]["error"]["code"] == 33
    _, next_one = await Caller(money).send(document())
    later = (await Caller(money).report(next_one["uuid"]))["payload"]
    assert later["fn_number"] == registered["payload"]["fn_number"]
    assert later["fiscal_document_number"] == registered["payload"]["fiscal_document_number"] + 1


async def test_a_payout_is_made_once(dying: Dying) -> None:
    money = await dying.start()
    await money.control("PUT", "/control/bank", execute_s=0.0)
    key = str(uuid4())
    _, first = await call(money, "POST", "/payouts", payout(), key=key)
    left = (await call(money, "GET", "/balance"))[1]

    money = await dying.start()
    _, second = await call(money, "POST", "/payouts", payout(), key=key)
    assert second == first
    assert (await call(money, "GET", "/balance"))[1] == left


def test_without_a_folder_nothing_is_kept() -> None:
    keeping = Keeping()
    keeping.put("thing", "one", 1)
    keeping.commit()
    assert keeping.load("thing", int) == {}


def test_what_was_forgotten_is_not_kept(tmp_path: Path) -> None:
    keeping = Keeping(tmp_path / "new")
    for number, name in enumerate(("one", "two", "one")):
        keeping.put("thing", name, number)
    keeping.drop("thing", "two")
    keeping.close()
    assert Keeping(tmp_path / "new").load("thing", int) == {"one": 2}
