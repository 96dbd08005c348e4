"""Money that no provider sends back: people see it, and two of them let much of it go, to whoever paid it and once."""

from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.errors import SamovarError
from samovar.kit.idempotency import Idempotency, Once
from samovar.kit.identity import Caller
from samovar.kit.settings import Secret
from samovar.services.payment.ledger.domain import Kind
from samovar.services.payment.payments.invariants import faults
from samovar.services.payment.payments.settling.capturing import return_id
from samovar.services.payment.payments.stuck import alarm
from samovar.services.payment.payments.stuck.errors import (
    OwnStuckMoney,
    OwnStuckProposal,
    StuckMoneyDisputed,
    StuckMoneyMoves,
    StuckMoneyNotFound,
)
from samovar.services.payment.payments.stuck.schemas import Resolution, Resolved, StuckMoney
from samovar.services.payment.payments.stuck.use_cases import StuckMonies
from tests.services.payment.payments.desk import NOW, Till

ALONE = 1_000
WHY = Resolution(note="Карта закрыта, игрок согласен")


def caller(account_id: UUID) -> Caller:
    return Caller(
        account_id=account_id,
        session_id=uuid4(),
        roles=("finance",),
        auth_time=NOW,
        expires_at=NOW,
        token=Secret("none"),
    )


class Vault:
    """A till with money that came late and cannot go back."""

    def __init__(self, database: Database) -> None:
        self.till = Till(database)
        self.stuck = StuckMonies(database, alone=ALONE, clock=self.till.clock, new_id=uuid4)
        self.keys = Idempotency(database, uuid4)

    async def late(self, amount: int = ALONE) -> UUID:
        """Let a payment be captured for an order that is over, and the provider refuse to send it back, five times."""
        payment_id = await self.till.start(amount)
        await self.till.driver.advance(payment_id)
        self.till.orders.open.clear()
        self.till.desks[0].pay()
        self.till.desks[0].refund_outcomes.extend(["declined"] * 5)
        await self.till.driver.hear(payment_id)
        await self.till.settle(6, hours=25)
        return payment_id

    async def once(self) -> Once:
        begun = await self.keys.begin(
            scope=str(uuid4()), route="POST /stuck", key=str(uuid4()), request=b"", status=200
        )
        assert isinstance(begun, Once)
        return begun

    async def to_wallet(self, payment_id: UUID, by: Caller | None = None) -> Resolved:
        return await self.stuck.to_wallet(
            by or caller(uuid4()), return_id(payment_id), WHY, await self.once()
        )

    async def listed(self) -> list[StuckMoney]:
        return list((await self.stuck.show(None, 10)).items)

    async def wallet(self, payment_id: UUID) -> int:
        owner = (await self.till.row(payment_id)).account_id
        return await self.till.posted(Kind.WALLET, str(owner))


@pytest.fixture
def vault(own_database: Database) -> Vault:
    return Vault(own_database)


async def test_what_is_refused_for_good_is_listed_with_why_and_how_long(vault: Vault) -> None:
    assert await vault.listed() == []
    payment_id = await vault.late()
    (one,) = await vault.listed()
    assert (one.id, one.kind, one.payment_id) == (return_id(payment_id), "late_money", payment_id)
    assert (one.amount.amount, one.reason, one.is_proposed) == (ALONE, "insufficient_funds", False)
    assert one.age_s >= 4 * 86_400
    assert await faults(vault.till.database) == []


async def test_a_little_goes_to_the_wallet_by_one_person_and_once(vault: Vault) -> None:
    payment_id = await vault.late()
    assert (await vault.to_wallet(payment_id)).step == "moved"
    assert await vault.wallet(payment_id) == ALONE
    assert await vault.till.posted(Kind.REFUNDS_DUE) == 0
    with pytest.raises(StuckMoneyMoves):
        await vault.to_wallet(payment_id)
    with pytest.raises(StuckMoneyMoves):
        await vault.stuck.retry(caller(uuid4()), return_id(payment_id), WHY, await vault.once())
    assert await vault.listed() == []
    assert await vault.wallet(payment_id) == ALONE
    assert await faults(vault.till.database) == []


async def test_much_goes_by_two_persons(vault: Vault) -> None:
    payment_id, first = await vault.late(ALONE + 1), caller(uuid4())
    assert (await vault.to_wallet(payment_id, first)).step == "proposed"
    assert (await vault.listed())[0].is_proposed
    with pytest.raises(OwnStuckProposal):
        await vault.to_wallet(payment_id, first)
    assert await vault.wallet(payment_id) == 0
    assert (await vault.to_wallet(payment_id)).step == "moved"
    assert await vault.wallet(payment_id) == ALONE + 1


async def test_nobody_decides_about_their_own(vault: Vault) -> None:
    payment_id = await vault.late()
    owner = caller((await vault.till.row(payment_id)).account_id)
    with pytest.raises(OwnStuckMoney):
        await vault.to_wallet(payment_id, owner)
    assert await vault.wallet(payment_id) == 0


async def test_the_provider_is_asked_again(vault: Vault) -> None:
    payment_id = await vault.late()
    retried = await vault.stuck.retry(caller(uuid4()), return_id(payment_id), WHY, await vault.once())
    assert retried.step == "retried"
    with pytest.raises(StuckMoneyMoves):
        await vault.to_wallet(payment_id)
    await vault.till.settle(2)
    row = await vault.till.row(payment_id)
    assert (row.refunded, row.refund_pending) == (ALONE, 0)
    assert await vault.till.posted(Kind.REFUNDS_DUE) == 0
    assert await vault.listed() == []


async def test_a_refund_of_which_nobody_knows_is_shown_after_an_hour(vault: Vault) -> None:
    till = vault.till
    payment_id = await till.start()
    await till.driver.advance(payment_id)
    till.orders.open.clear()
    till.desks[0].pay()
    till.desks[0].refund_outcomes.extend(["lost"] * 8)
    await till.driver.hear(payment_id)
    await till.janitor.tick()
    till.clock.turn(minutes=59)
    assert await vault.listed() == []
    till.clock.turn(minutes=2)
    (one,) = await vault.listed()
    assert (one.id, one.kind, one.reason) == (return_id(payment_id), "unknown_refund", "unanswered")
    assert (one.age_s, one.amount.amount, one.payment_id) == (61 * 60, ALONE, payment_id)
    await vault.stuck.measure()
    assert alarm.STUCK.labels("unknown_refund")._value.get() == 1
    with pytest.raises(StuckMoneyMoves):
        await vault.to_wallet(payment_id)
    till.desks[0].refund_outcomes.clear()
    await till.settle(40)
    assert await vault.listed() == []
    assert (await till.row(payment_id)).refunded == ALONE


async def test_a_proposal_ends_when_the_provider_is_asked_again(vault: Vault) -> None:
    payment_id, first = await vault.late(ALONE + 1), caller(uuid4())
    await vault.to_wallet(payment_id, first)
    vault.till.clock.turn(seconds=1)
    await vault.stuck.retry(caller(uuid4()), return_id(payment_id), WHY, await vault.once())
    vault.till.desks[0].refund_outcomes.append("declined")
    await vault.till.settle(2)
    assert (await vault.to_wallet(payment_id)).step == "proposed"
    assert await vault.wallet(payment_id) == 0


async def test_what_is_not_stuck_is_not_there(vault: Vault) -> None:
    payment_id = await vault.till.start()
    refused: list[type[SamovarError]] = []
    for unknown in (uuid4(), payment_id):
        with pytest.raises(StuckMoneyNotFound) as error:
            await vault.stuck.to_wallet(caller(uuid4()), unknown, WHY, await vault.once())
        refused.append(error.type)
    assert len(refused) == 2


async def dispute(vault: Vault, payment_id: UUID, amount: int, status: str) -> None:
    """Write down what a bank takes back of a payment, and how it ended."""
    payment = await vault.till.row(payment_id)
    async with vault.till.database.transaction() as tx:
        await tx.execute(
            """
            INSERT INTO chargebacks (id, payment_id, account_id, provider, case_id, amount, currency, covered, reason, status, opened_at,
                decided_at)
            VALUES ($1, $2, $3, 'yookassa', $7, $4, 'RUB', 0, 'fraud', $5, $6::timestamptz,
                CASE WHEN $5 <> 'opened' THEN $6::timestamptz END)
            """,
            uuid4(),
            payment_id,
            payment.account_id,
            amount,
            status,
            NOW,
            str(uuid4()),
        )


async def test_what_a_bank_disputes_goes_nowhere_meanwhile(vault: Vault) -> None:
    payment_id = await vault.late()
    await dispute(vault, payment_id, 400, "opened")
    with pytest.raises(StuckMoneyDisputed):
        await vault.to_wallet(payment_id)
    with pytest.raises(StuckMoneyDisputed):
        await vault.stuck.retry(caller(uuid4()), return_id(payment_id), WHY, await vault.once())
    assert await vault.wallet(payment_id) == 0
    assert len(await vault.listed()) == 1


@pytest.mark.parametrize(("lost", "arrives"), [(400, 600), (ALONE, 0)])
async def test_what_a_bank_has_taken_back_does_not_go_to_the_wallet_besides(
    vault: Vault, lost: int, arrives: int
) -> None:
    payment_id = await vault.late()
    await dispute(vault, payment_id, lost, "lost")
    with pytest.raises(StuckMoneyDisputed):
        await vault.stuck.retry(caller(uuid4()), return_id(payment_id), WHY, await vault.once())
    moved = await vault.to_wallet(payment_id)
    assert (moved.step, moved.amount.amount) == ("moved", arrives)
    assert await vault.wallet(payment_id) == arrives
    assert await vault.till.posted(Kind.LOSS) == lost
    assert await vault.till.posted(Kind.REFUNDS_DUE) == 0
    assert await vault.listed() == []


async def test_a_dispute_that_was_won_hinders_nothing(vault: Vault) -> None:
    payment_id = await vault.late()
    await dispute(vault, payment_id, ALONE, "won")
    assert (await vault.to_wallet(payment_id)).amount.amount == ALONE
