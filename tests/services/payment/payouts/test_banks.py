"""Payouts over the simulated bank: whatever it does, each is made once or not at all."""

from uuid import uuid4

import pytest

from samovar.kit.settings import Secret
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.services.payment.payouts.banks.plain import PlainBank
from samovar.services.payment.payouts.invariants import faults
from samovar.testing.money import SimulatedMoney
from tests.services.payment.payouts.desk import Desk
from tests.services.payment.revenue.selling import folded


async def paid_over(desk: Desk, money: SimulatedMoney) -> tuple[str, str | None]:
    """Earn, propose, approve and send over the simulated bank; return where the payout stands after a while."""
    bank = PlainBank(desk.web, url=money.settings["bank_url"], token=Secret(money.settings["bank_token"]))
    desk.sending = desk.with_bank(bank)
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    payout = await desk.approved()
    await desk.sending.send_due()
    for _ in range(4):
        await desk.go_on()
    found = await desk.payouts.show(payout.id)
    assert await faults(desk.database) == []
    return found.status, found.failure


@pytest.mark.parametrize(
    ("fault", "on"),
    [
        (None, "create"),
        ("error_500", "create"),
        ("error_500_after", "create"),
        ("lost_answer", "create"),
        ("down", "create"),
        ("too_many", "create"),
        ("not_json", "create"),
        ("lost_answer", "list"),
        ("not_json", "list"),
    ],
)
async def test_whatever_is_lost_it_is_paid_once(
    desk: Desk, money: SimulatedMoney, fault: str | None, on: str
) -> None:
    await money.control("PUT", "/control/bank", execute_s=0.0, balance=1_000_000_00)
    if fault:
        await money.fault("bank", fault, times=1, on=on)
    assert await paid_over(desk, money) == ("executed", None)
    assert await folded(desk.database, Account(Kind.BANK)) == 8_500_00
    left = await desk.web.ask(
        "GET", f"{money.settings['bank_url']}/balance", token=Secret(money.settings["bank_token"])
    )
    assert b"99150000" in left[1]


async def test_what_it_rejects_is_owed_as_before(desk: Desk, money: SimulatedMoney) -> None:
    await money.control("PUT", "/control/bank", execute_s=0.0)
    await money.fault("bank", "fail", times=1, on="create")
    assert await paid_over(desk, money) == ("rejected", "bank_refused")
    assert await folded(desk.database, Account(Kind.BANK)) == 0
