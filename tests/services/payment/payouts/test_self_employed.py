"""Payers of НПД: asked for before each payout, limited for the year, and their receipts demanded."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from samovar.kit.identity import RoleGrant
from samovar.services.payment.payouts.errors import PayoutNotFound, ReceiptTaken
from samovar.services.payment.payouts.invariants import faults
from samovar.services.payment.payouts.schemas import StaffPayoutView
from tests.services.payment.payouts.desk import NOVEMBER, NOW, YEAR_LIMIT, Desk, caller, finance
from tests.services.payment.payouts.people import SELF_EMPLOYED

RECEIPT = "https://lknpd.nalog.ru/api/v1/receipt/500100732259/200abc/print"


async def prepared(desk: Desk, price: int = 10_000_00) -> tuple[UUID, StaffPayoutView]:
    studio = uuid4()
    await desk.payee(studio, SELF_EMPLOYED)
    await desk.earn(studio, price)
    return studio, await desk.approved()


async def status(desk: Desk, payout: StaffPayoutView) -> tuple[str, str | None]:
    found = await desk.payouts.show(payout.id)
    return found.status, found.waits_for


async def test_whoever_pays_npd_is_paid(desk: Desk) -> None:
    _, payout = await prepared(desk)
    desk.outside.payers = {SELF_EMPLOYED["inn"]}
    await desk.sending.send_due()
    assert await status(desk, payout) == ("sending", None)


async def test_without_an_answer_of_the_tax_service_it_waits(desk: Desk) -> None:
    _, payout = await prepared(desk)
    desk.outside.payers = None
    await desk.sending.send_due()
    assert await status(desk, payout) == ("approved", "npd_unknown")
    desk.outside.payers = {SELF_EMPLOYED["inn"]}
    await desk.go_on()
    assert await status(desk, payout) == ("sending", None)


async def test_whoever_lost_the_status_is_not_paid(desk: Desk) -> None:
    _, payout = await prepared(desk)
    await desk.sending.send_due()
    assert await status(desk, payout) == ("approved", "npd_lost")
    assert desk.outside.payments == {}
    # The answer holds for its day; the next day it is asked anew.
    desk.outside.payers = {SELF_EMPLOYED["inn"]}
    await desk.go_on()
    assert await status(desk, payout) == ("approved", "npd_lost")
    desk.clock.time += timedelta(days=1)
    await desk.go_on()
    assert await status(desk, payout) == ("sending", None)


async def test_a_year_holds_so_much_and_no_more_over_all_organisations_of_a_person(desk: Desk) -> None:
    first, second = uuid4(), uuid4()
    for studio in (first, second):
        await desk.payee(studio, SELF_EMPLOYED)
        await desk.earn(studio, 2_000_000_00)
    proposed = (await desk.propose()).payouts
    assert sum(payout.amount.amount for payout in proposed) == YEAR_LIMIT
    assert max(payout.amount.amount for payout in proposed) == 1_700_000_00
    assert await faults(desk.database) == []


async def test_without_a_receipt_there_is_no_next_payout(desk: Desk) -> None:
    studio, payout = await prepared(desk)
    desk.outside.payers = {SELF_EMPLOYED["inn"]}
    await desk.sending.send_due()
    desk.outside.settle("EXECUTED")
    await desk.go_on()
    owner = caller("developer", grants=(RoleGrant("owner", studio),))
    assert (await desk.own.show(owner, payout.id)).needs_npd_receipt
    await desk.earn(studio, 10_000_00, at=NOVEMBER + timedelta(days=30))
    desk.clock.time = NOW + timedelta(days=31)
    later = await desk.approved(period="2026-12")
    await desk.sending.send_due()
    assert await status(desk, later) == ("approved", "npd_receipt_missing")
    with pytest.raises(PayoutNotFound):
        await desk.own.give_receipt(caller("developer"), payout.id, RECEIPT, await desk.once())
    given = await desk.own.give_receipt(owner, payout.id, RECEIPT, await desk.once())
    assert (given.needs_npd_receipt, given.npd_receipt) == (False, RECEIPT)
    with pytest.raises(ReceiptTaken):
        await desk.own.give_receipt(finance(), payout.id, RECEIPT, await desk.once())
    await desk.go_on()
    assert await status(desk, later) == ("sending", None)
