"""Money goes to no other taxpayer than the one that the organisation is confirmed to be."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from samovar.kit.identity import RoleGrant
from samovar.services.developer.contract.events import OrganisationConfirmed
from samovar.services.payment.payouts.errors import PayeeInnDiffers
from samovar.services.payment.payouts.payees import consumers
from tests.services.payment.payouts.desk import NOW, Desk, caller, finance
from tests.services.payment.payouts.people import COMPANY, ENTREPRENEUR

OWN, OTHER = COMPANY["inn"], ENTREPRENEUR["inn"]


async def confirm(desk: Desk, studio: UUID, inn: str, *, days_ago: int = 1) -> None:
    event = OrganisationConfirmed(
        organisation_id=studio,
        legal_form="company",
        legal_name="ООО «Изба Геймс»",
        inn=inn,
        confirmed_at=NOW - timedelta(days=days_ago),
    )
    async with desk.database.transaction() as tx:
        await consumers.keep_confirmed_inn.handler(event, tx)


async def selling(desk: Desk) -> UUID:
    """Return a studio that is owed something."""
    studio = uuid4()
    await desk.payee(studio)
    await desk.earn(studio, 12_200_00)
    return studio


async def test_a_payee_with_another_number_is_not_approved_and_everybody_sees_why(desk: Desk) -> None:
    studio = await selling(desk)
    await confirm(desk, studio, OTHER)
    [payout] = (await desk.propose()).payouts
    assert (payout.status, payout.waits_for) == ("proposed", "inn_differs")
    with pytest.raises(PayeeInnDiffers):
        await desk.payouts.approve(finance(), payout.id, await desk.once())
    owner = caller("developer", grants=(RoleGrant("finance", studio),))
    assert (await desk.own.show(owner, payout.id)).waits_for == "inn_differs"
    await desk.sending.send_due()
    assert desk.outside.payments == {}


async def test_once_the_details_are_mended_it_is_proposed_anew_and_paid(desk: Desk) -> None:
    studio = await selling(desk)
    await confirm(desk, studio, OTHER)
    [payout] = (await desk.propose()).payouts
    await desk.payouts.decline(finance(), payout.id, "ИНН не тот", await desk.once())
    await desk.payee(studio, ENTREPRENEUR)
    paid = await desk.executed()
    assert (paid.status, paid.inn, paid.waits_for) == ("executed", OTHER, None)


@pytest.mark.parametrize("confirmed", [OWN, None])
async def test_the_same_number_and_an_organisation_of_which_nobody_has_told_are_paid(
    desk: Desk, confirmed: str | None
) -> None:
    studio = await selling(desk)
    if confirmed:
        await confirm(desk, studio, confirmed)
    assert (await desk.executed()).status == "executed"


async def test_what_is_told_between_approval_and_the_bank_stops_it(desk: Desk) -> None:
    studio = await selling(desk)
    payout = await desk.approved()
    await confirm(desk, studio, OTHER)
    await desk.sending.send_due()
    seen = await desk.payouts.show(payout.id)
    assert (seen.status, seen.waits_for, desk.outside.payments) == ("approved", "inn_differs", {})
    await confirm(desk, studio, OWN, days_ago=0)
    await desk.go_on()
    assert len(desk.outside.payments) == 1


async def test_a_proposal_follows_what_is_told_and_the_latest_holds_however_it_comes(desk: Desk) -> None:
    studio = await selling(desk)
    [payout] = (await desk.propose()).payouts
    for inn, days_ago, waits_for in ((OTHER, 5, "inn_differs"), (OWN, 3, None), (OTHER, 4, None)):
        await confirm(desk, studio, inn, days_ago=days_ago)
        assert (await desk.payouts.show(payout.id)).waits_for == waits_for
    await desk.payouts.approve(finance(), payout.id, await desk.once())
