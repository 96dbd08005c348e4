"""Money goes to an organisation once: proposed, approved by another person, sent, and booked as the bank says."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.kit.errors import InvalidInput
from samovar.kit.identity import RoleGrant
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.services.payment.payouts.errors import (
    PayeeNotFound,
    PayoutDecided,
    PayoutNotFound,
    SecondPersonNeeded,
)
from samovar.services.payment.payouts.invariants import faults as payout_faults
from samovar.services.payment.payouts.payees.schemas import PayeeDetails
from samovar.services.payment.payouts.schemas import StaffPayoutView
from samovar.services.payment.revenue.invariants import faults as split_faults
from samovar.services.payment.revenue.reversal import reverse
from tests.services.payment.payouts.desk import NOVEMBER, NOW, Desk, caller, finance
from tests.services.payment.payouts.people import COMPANY, numbered
from tests.services.payment.revenue.selling import StillClock, delivered, folded, splitter_of

BANK, DUE = Account(Kind.BANK), Account(Kind.PAYOUTS_DUE)


async def owed(desk: Desk, studio: UUID) -> tuple[int, int]:
    """Return what is owed to a studio, and what of that is free."""
    balance = await posting.balance(desk.database, Account(Kind.PAYABLE, str(studio)))
    return balance.posted, balance.available


async def seen(desk: Desk, payout: StaffPayoutView) -> StaffPayoutView:
    return await desk.payouts.show(payout.id)


async def no_faults(desk: Desk) -> None:
    assert [*await payout_faults(desk.database), *await split_faults(desk.database)] == []


async def test_a_month_is_paid_out(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    payout = await desk.approved()
    assert payout.amount.amount == 8_500_00
    assert await owed(desk, studio) == (8_500_00, 0)
    await desk.sending.send_due()
    [sent] = desk.outside.payments.values()
    assert sent["order"]["amount"] == "8500.00"
    assert sent["order"]["to"]["accountNumber"] == COMPANY["bank_number"]
    assert (await seen(desk, payout)).status == "sending"
    desk.outside.settle("EXECUTED")
    await desk.go_on()
    assert (await seen(desk, payout)).status == "executed"
    assert await owed(desk, studio) == (0, 0)
    assert (await folded(desk.database, BANK), await folded(desk.database, DUE)) == (8_500_00, 0)
    await desk.go_on()
    assert desk.outside.asked == [str(payout.id)]
    await no_faults(desk)


async def test_what_may_still_be_given_back_is_not_paid_out(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    await desk.earn(studio, 1_220_00, at=NOW - timedelta(days=14))
    await desk.earn(studio, 2_440_00, at=NOW - timedelta(days=13))
    [payout] = (await desk.propose()).payouts
    assert (payout.amount.amount, payout.in_window.amount) == (8_500_00, 2_550_00)
    await no_faults(desk)


async def test_no_more_is_told_to_be_refundable_than_is_owed(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00, at=NOW, reserve_percent=10)
    own = caller("developer", grants=(RoleGrant("finance", studio),))
    [earned] = await desk.own.earnings(own, studio)
    assert (earned.payable, earned.in_window, earned.reserve) == (7_650_00, 7_650_00, 850_00)


async def test_what_is_kept_back_is_not_paid_out(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00, reserve_percent=10)
    [payout] = (await desk.propose()).payouts
    assert payout.amount.amount == 7_650_00


async def test_less_than_the_minimum_waits_for_more(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 1_000_00)
    proposed = await desk.propose()
    assert (proposed.payouts, proposed.not_due) == ([], 1)


async def test_a_month_that_is_not_over_has_no_payouts(desk: Desk) -> None:
    with pytest.raises(InvalidInput):
        await desk.propose(period="2026-12")


async def test_a_month_is_proposed_once_however_many_ask_at_once(desk: Desk) -> None:
    studios = [uuid4() for _ in range(3)]
    for studio in studios:
        await desk.payee(studio)
        await desk.earn(studio, 12_200_00)
    proposed = await asyncio.gather(*(desk.propose() for _ in range(4)))
    assert sum(len(one.payouts) for one in proposed) == 3
    for studio in studios:
        assert await owed(desk, studio) == (8_500_00, 0)
    await no_faults(desk)


async def test_nobody_approves_what_they_proposed(desk: Desk) -> None:
    studio, person = uuid4(), finance()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    [payout] = (await desk.propose(by=person)).payouts
    with pytest.raises(SecondPersonNeeded):
        await desk.payouts.approve(person, payout.id, await desk.once())
    assert (await seen(desk, payout)).status == "proposed"
    with pytest.raises(PayoutNotFound):
        await desk.payouts.approve(finance(), uuid4(), await desk.once())


async def test_nobody_approves_what_goes_to_an_account_that_they_wrote(desk: Desk) -> None:
    studio, person = uuid4(), finance()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    desk.clock.time = NOW - timedelta(days=9)
    moved = msgspec.convert(COMPANY | {"bank_number": numbered("40702810", "2")}, PayeeDetails)
    await desk.payees.change(person, studio, moved, if_match=None)
    desk.clock.time = NOW
    [payout] = (await desk.propose()).payouts
    with pytest.raises(SecondPersonNeeded):
        await desk.payouts.approve(person, payout.id, await desk.once())
    assert (await desk.payouts.approve(finance(), payout.id, await desk.once())).status == "approved"


async def test_of_many_who_approve_at_once_one_does(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    [payout] = (await desk.propose()).payouts
    keys = [await desk.once() for _ in range(6)]
    answers = await asyncio.gather(
        *(desk.payouts.approve(finance(), payout.id, key) for key in keys), return_exceptions=True
    )
    assert sum(isinstance(answer, PayoutDecided) for answer in answers) == 5
    await asyncio.gather(*(desk.sender.advance(payout.id) for _ in range(5)))
    assert len(desk.outside.payments) == 1


async def test_what_is_declined_is_owed_as_before_and_may_be_proposed_again(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    payout = await desk.approved()
    await desk.payouts.decline(finance(), payout.id, "Ошиблись", await desk.once())
    assert await owed(desk, studio) == (8_500_00, 8_500_00)
    await desk.sending.send_due()
    assert desk.outside.payments == {}
    [again] = (await desk.propose()).payouts
    assert again.attempt == 2
    with pytest.raises(PayoutDecided):
        await desk.payouts.decline(finance(), payout.id, "Ещё раз", await desk.once())


@pytest.mark.parametrize("how", ["at_once", "later"])
async def test_what_the_bank_refuses_is_owed_as_before(desk: Desk, how: str) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    payout = await desk.approved()
    desk.outside.refuses = how == "at_once"
    await desk.sending.send_due()
    desk.outside.settle("FAILED", "Счёт закрыт")
    await desk.go_on()
    rejected = await seen(desk, payout)
    assert rejected.status == "rejected"
    assert "Счёт закрыт" in (rejected.failure or "")
    assert await owed(desk, studio) == (8_500_00, 8_500_00)
    assert await folded(desk.database, BANK) == 0
    desk.outside.refuses = False
    assert (await desk.propose()).payouts[0].attempt == 2
    await no_faults(desk)


async def test_nobody_is_paid_out_while_they_owe_something(desk: Desk) -> None:
    """All that is owed is set aside for a payout, a refund makes a debt of it, and then the payout does not go."""
    studio = uuid4()
    await desk.payee(studio)
    order, [line] = await delivered(desk.database, 12_200_00, organisations=(studio,), now=NOVEMBER)
    await splitter_of(desk.database, StillClock(NOVEMBER)).split_batch()
    payout = await desk.approved()
    async with desk.database.transaction() as tx:
        await reverse(tx, order=order, line=line, amount=3_660_00, refund_id=uuid4(), now=NOW)
    desk.outside.refuses = True
    await desk.sending.send_due()
    assert (await seen(desk, payout)).status == "rejected"
    own = caller("developer", grants=(RoleGrant("finance", studio),))
    [earned] = await desk.own.earnings(own, studio)
    assert (earned.payable, earned.debt) == (8_500_00, 2_550_00)
    [again] = (await desk.propose()).payouts
    assert again.amount.amount == 5_950_00
    [earned] = await desk.own.earnings(own, studio)
    assert (earned.payable, earned.debt) == (5_950_00, 0)
    await no_faults(desk)


async def test_a_lost_answer_is_asked_for_and_nothing_is_paid_twice(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    payout = await desk.approved()
    desk.outside.loses = True
    await desk.sending.send_due()
    assert (await seen(desk, payout)).waits_for == "bank_away"
    desk.outside.is_away = True
    await desk.go_on()
    assert (await seen(desk, payout)).status == "sending"
    desk.outside.is_away = desk.outside.loses = False
    desk.outside.settle("EXECUTED")
    await desk.go_on()
    assert (await seen(desk, payout)).status == "executed"
    assert len(desk.outside.payments) == 1
    await no_faults(desk)


async def test_a_crash_before_the_bank_was_asked_is_made_good_by_the_same_key(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    payout = await desk.approved()
    async with desk.database.transaction() as tx:
        # As a process leaves it that dies after it has said that it will ask.
        await tx.execute(
            "UPDATE payouts SET status = 'sending', sent_at = $2, next_look_at = $2 WHERE id = $1",
            payout.id,
            NOW,
        )
    # Whoever takes it over pays to where it was approved for, whatever the details are by now.
    await desk.payee(studio, bank_name="Другой банк")
    await desk.go_on()
    [sent] = desk.outside.payments.values()
    assert (sent["order"]["id"], sent["order"]["to"]["bankName"]) == (str(payout.id), "ПАО Сбербанк")
    desk.outside.settle("EXECUTED")
    await asyncio.gather(*(desk.sender.advance(payout.id) for _ in range(4)))
    assert (await seen(desk, payout)).status == "executed"
    assert await folded(desk.database, BANK) == 8_500_00


async def test_without_a_bank_payouts_wait(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    payout = await desk.approved()
    await desk.without_bank().send_due()
    assert (await seen(desk, payout)).waits_for == "bank_missing"
    desk.clock.time += timedelta(hours=1)
    await desk.sending.send_due()
    assert (await seen(desk, payout)).status == "sending"


async def test_a_frozen_payee_is_not_paid(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    payout = await desk.approved()
    await desk.payees.freeze(finance(), studio, "Проверка", await desk.once())
    await desk.sending.send_due()
    assert (await seen(desk, payout)).waits_for == "payee_frozen"
    await desk.payouts.decline(finance(), payout.id, "Заморожен", await desk.once())
    assert (await desk.propose()).payouts == []
    await desk.payees.thaw(finance(), studio, "Проверили", await desk.once())
    assert len((await desk.propose()).payouts) == 1


async def test_a_payee_that_was_frozen_for_a_while_is_paid_what_was_approved(desk: Desk) -> None:
    studio = uuid4()
    payee = await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    payout = await desk.approved()
    await desk.payees.freeze(finance(), studio, "Проверка", await desk.once())
    await desk.sending.send_due()
    assert (await seen(desk, payout)).waits_for == "payee_frozen"
    thawed = await desk.payees.thaw(finance(), studio, "Проверили", await desk.once())
    assert thawed.version == payee.version + 2
    assert await desk.payees.thaw(finance(), studio, "Ещё раз", await desk.once()) == thawed
    await desk.go_on()
    assert (await seen(desk, payout)).status == "sending"


async def test_new_details_are_not_those_that_were_approved(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    payout = await desk.approved()
    await desk.payee(studio, name="ООО «Другое»")
    await desk.sending.send_due()
    assert (await seen(desk, payout)).waits_for == "payee_changed"
    assert desk.outside.payments == {}


async def test_to_a_new_account_nothing_goes_for_three_days(desk: Desk) -> None:
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    desk.clock.time = NOW - timedelta(days=2)
    moved = msgspec.convert(COMPANY | {"bank_number": numbered("40702810", "2")}, PayeeDetails)
    changed = await desk.payees.change(finance(), studio, moved, if_match=None)
    assert changed.waits_until == NOW + timedelta(days=1)
    desk.clock.time = NOW
    payout = await desk.approved()
    await desk.sending.send_due()
    assert (await seen(desk, payout)).waits_for == "details_new"
    desk.clock.time = NOW + timedelta(days=1)
    await desk.sending.send_due()
    assert (await seen(desk, payout)).status == "sending"


async def test_while_the_account_of_whoever_keeps_the_details_is_held_nothing_goes(desk: Desk) -> None:
    studio, owner = uuid4(), uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    async with desk.database.transaction() as tx:
        await tx.execute("UPDATE payees SET keeper_id = $2 WHERE organisation_id = $1", studio, owner)
    payout = await desk.approved()
    desk.holds.held = None
    await desk.sending.send_due()
    assert (await seen(desk, payout)).waits_for == "holds_unknown"
    desk.holds.held = {owner}
    await desk.go_on()
    assert (await seen(desk, payout)).waits_for == "account_held"
    desk.holds.held = set()
    await desk.go_on()
    assert (await seen(desk, payout)).status == "sending"


async def test_an_organisation_sees_its_own_alone(desk: Desk) -> None:
    studio, other = uuid4(), uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00, reserve_percent=10)
    payout = await desk.approved()
    own = caller("developer", grants=(RoleGrant("finance", studio),))
    stranger = caller("developer", grants=(RoleGrant("owner", other), RoleGrant("editor", studio)))
    assert [one.id for one in (await desk.own.list_own(own, studio, cursor=None, limit=10)).items] == [
        payout.id
    ]
    assert (await desk.own.show(own, payout.id)).amount.amount == 7_650_00
    [earned] = await desk.own.earnings(own, studio)
    assert (earned.gross, earned.tax, earned.commission, earned.developer) == (
        12_200_00,
        2_200_00,
        1_500_00,
        8_500_00,
    )
    assert (earned.payable, earned.on_the_way, earned.reserve, earned.debt) == (7_650_00, 7_650_00, 850_00, 0)
    assert (earned.basis, earned.share_basis_points) == (10_000_00, 1_500)
    with pytest.raises(PayeeNotFound):
        await desk.own.list_own(stranger, studio, cursor=None, limit=10)
    with pytest.raises(PayeeNotFound):
        await desk.own.earnings(stranger, studio)
    with pytest.raises(PayoutNotFound):
        await desk.own.show(stranger, payout.id)
