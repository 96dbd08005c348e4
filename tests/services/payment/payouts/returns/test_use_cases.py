"""A payout that the bank sends back days later is owed as before, once two persons say so."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.services.payment.payouts.errors import PayoutDecided, PayoutNotFound, SecondPersonNeeded
from samovar.services.payment.payouts.invariants import faults
from tests.services.payment.payouts.desk import Desk, finance
from tests.services.payment.payouts.people import SELF_EMPLOYED
from tests.services.payment.revenue.selling import folded

WHY = "Счёт получателя закрыт"


async def test_what_came_back_is_owed_as_before_and_paid_again(desk: Desk) -> None:
    studio, first, second = uuid4(), finance(), finance()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    payout = await desk.executed()
    desk.clock.time += timedelta(days=4)
    reported = await desk.returns.report(first, payout.id, WHY, await desk.once())
    assert (reported.status, reported.return_reported_by) == ("executed", first.account_id)
    assert (await desk.propose()).payouts == []
    returned = await desk.returns.confirm(second, payout.id, await desk.once())
    assert (returned.status, returned.failure) == ("rejected", WHY)
    assert returned.return_confirmed_by == second.account_id
    balance = await posting.balance(desk.database, Account(Kind.PAYABLE, str(studio)))
    assert (balance.posted, await folded(desk.database, Account(Kind.BANK))) == (8_500_00, 0)
    assert await faults(desk.database) == []
    again = await desk.executed()
    assert (again.attempt, again.status, again.amount) == (2, "executed", payout.amount)
    assert await faults(desk.database) == []


async def test_one_person_alone_returns_nothing(desk: Desk) -> None:
    studio, person = uuid4(), finance()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    payout = await desk.executed()
    with pytest.raises(PayoutDecided):
        await desk.returns.confirm(person, payout.id, await desk.once())
    await desk.returns.report(person, payout.id, WHY, await desk.once())
    with pytest.raises(SecondPersonNeeded):
        await desk.returns.confirm(person, payout.id, await desk.once())
    with pytest.raises(PayoutNotFound):
        await desk.returns.report(person, uuid4(), WHY, await desk.once())
    assert await folded(desk.database, Account(Kind.BANK)) == 8_500_00


async def test_what_has_not_gone_does_not_come_back(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    payout = await desk.approved()
    for _ in range(2):
        with pytest.raises(PayoutDecided):
            await desk.returns.report(finance(), payout.id, WHY, await desk.once())
        await desk.sending.send_due()
    assert (await desk.payouts.show(payout.id)).status == "sending"


async def test_of_many_who_confirm_at_once_one_does(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    payout = await desk.executed()
    await desk.returns.report(finance(), payout.id, WHY, await desk.once())
    keys = [await desk.once() for _ in range(5)]
    answers = await asyncio.gather(
        *(desk.returns.confirm(finance(), payout.id, key) for key in keys), return_exceptions=True
    )
    assert sum(isinstance(answer, PayoutDecided) for answer in answers) == 4
    assert await faults(desk.database) == []


async def test_a_receipt_is_not_owed_for_money_that_came_back(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio, SELF_EMPLOYED)
    desk.outside.payers = {SELF_EMPLOYED["inn"]}
    await desk.earn(studio, 12_200_00)
    payout = await desk.executed()
    assert payout.needs_npd_receipt
    await desk.returns.report(finance(), payout.id, WHY, await desk.once())
    returned = await desk.returns.confirm(finance(), payout.id, await desk.once())
    assert not returned.needs_npd_receipt
    assert (await desk.executed()).status == "executed"
