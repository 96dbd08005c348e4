"""Disputes of money that no order has: top-ups, and what is on its way back already. Nothing goes to anybody twice."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.errors import InvalidInput
from samovar.kit.idempotency import Idempotency, Once
from samovar.kit.identity import Caller
from samovar.kit.money import Money
from samovar.kit.settings import Secret
from samovar.services.payment.chargebacks.errors import ChargebackKnown
from samovar.services.payment.chargebacks.schemas import ChargebackNotice, ChargebackVerdict, ChargebackView
from samovar.services.payment.chargebacks.use_cases import Chargebacks
from samovar.services.payment.ledger import invariants as ledger
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.services.payment.payments import starting
from samovar.services.payment.payments.errors import MoneyGoesBack
from samovar.services.payment.payments.invariants import faults
from samovar.services.payment.payments.settling.capturing import return_id
from samovar.services.payment.payments.stuck.errors import StuckMoneyDisputed
from samovar.services.payment.payments.stuck.schemas import Resolution
from samovar.services.payment.payments.stuck.use_cases import StuckMonies
from samovar.services.payment.payments.topping_up import crediting, repository
from samovar.services.payment.payments.topping_up.domain import TopUp
from samovar.services.payment.payments.topping_up.errors import TopUpNotRefundable
from tests.services.payment.payments.desk import NOW, Till

AMOUNT = 1_000
WHY = Resolution(note="Банк проиграл")


class Bench:
    """A till, wallets, and somebody of finance who writes disputes down."""

    def __init__(self, database: Database) -> None:
        self.till = Till(database)
        self.disputes = Chargebacks(database, clock=self.till.clock, new_id=uuid4)
        self.stuck = StuckMonies(database, alone=AMOUNT, clock=self.till.clock, new_id=uuid4)
        self.keys = Idempotency(database, uuid4)
        self.finance = Caller(
            account_id=uuid4(),
            session_id=uuid4(),
            roles=("finance",),
            auth_time=NOW,
            expires_at=NOW,
            token=Secret("none"),
        )

    async def top_up(self, account_id: UUID, *, paid: int = AMOUNT) -> TopUp:
        """Pay into a wallet; another amount than was asked for goes straight back."""
        now = self.till.clock.now()
        top_up = TopUp(
            id=uuid4(),
            account_id=account_id,
            payment_id=uuid4(),
            method="sbp",
            amount=AMOUNT,
            currency="RUB",
            created_at=now,
            expires_at=now + timedelta(hours=1),
        )
        async with self.till.database.transaction() as tx:
            await repository.insert_top_up(tx, top_up)
            await starting.start(
                tx,
                payment_id=top_up.payment_id,
                purpose="top_up",
                purpose_id=top_up.id,
                account_id=account_id,
                method="sbp",
                amount=Money(AMOUNT, "RUB"),
                description="a top-up",
                return_url=None,
                expires_at=top_up.expires_at,
                now=now,
            )
        await self.till.driver.advance(top_up.payment_id)
        self.till.desks[0].pay(amount=paid)
        await self.till.driver.advance(top_up.payment_id)
        return top_up

    async def open(
        self, payment_id: UUID, amount: int = AMOUNT, case_id: str | None = None
    ) -> ChargebackView:
        notice = ChargebackNotice(
            payment_id=payment_id, case_id=case_id or str(uuid4()), amount=amount, reason="fraud"
        )
        return await self.disputes.open(self.finance, notice, await self.once())

    async def end(self, case: ChargebackView, verdict: str) -> None:
        decided = ChargebackVerdict(verdict=verdict, note="Решение банка")  # type: ignore[arg-type]
        await self.disputes.decide(self.finance, case.id, decided, await self.once())

    async def give_back(self, top_up: TopUp) -> UUID:
        async with self.till.database.transaction() as tx:
            return await crediting.refund(
                tx, top_up_id=top_up.id, account_id=top_up.account_id, now=self.till.clock.now()
            )

    async def wallet(self, account_id: UUID) -> int:
        """Return what may be spent."""
        return (await posting.balance(self.till.database, Account(Kind.WALLET, str(account_id)))).available

    async def once(self) -> Once:
        begun = await self.keys.begin(
            scope=str(uuid4()), route="POST /disputes", key=str(uuid4()), request=b"", status=200
        )
        assert isinstance(begun, Once)
        return begun

    async def refunds_asked(self) -> int:
        """Return how often the provider was asked to send something back."""
        return sum(1 for name, _ in self.till.desks[0].calls if name == "refund")

    async def hold(self) -> None:
        """Say that the books are right."""
        found = await faults(self.till.database) + await ledger.faults(self.till.database)
        assert [str(fault) for fault in found] == []


@pytest.fixture
def bench(own_database: Database) -> Bench:
    return Bench(own_database)


@pytest.mark.parametrize(("verdict", "left", "loss"), [("won", AMOUNT, 0), ("lost", 0, 0)])
async def test_a_disputed_top_up_is_set_aside_in_the_wallet(
    bench: Bench, verdict: str, left: int, loss: int
) -> None:
    account_id = uuid4()
    top_up = await bench.top_up(account_id)
    case = await bench.open(top_up.payment_id)
    assert (case.covered.amount, case.from_wallet.amount) == (AMOUNT, AMOUNT)
    assert await bench.wallet(account_id) == 0
    await bench.end(case, verdict)
    assert await bench.wallet(account_id) == left
    assert await bench.till.posted(Kind.LOSS) == loss
    await bench.hold()


async def test_the_number_of_the_top_up_names_its_payment(bench: Bench) -> None:
    top_up = await bench.top_up(uuid4())
    assert (await bench.open(top_up.id, 400)).payment_id == top_up.payment_id


async def test_what_was_spent_is_a_loss(bench: Bench) -> None:
    account_id = uuid4()
    top_up = await bench.top_up(account_id)
    spent = await bench.open(top_up.payment_id, 700)
    await bench.end(spent, "lost")
    second = await bench.top_up(account_id)
    await bench.give_back(second)
    case = await bench.open(top_up.payment_id, 300)
    assert (case.covered.amount, await bench.wallet(account_id)) == (300, 0)
    await bench.till.settle(2)
    assert (await bench.open(second.payment_id)).covered.amount == 0
    assert await bench.till.posted(Kind.LOSS) == 700 - AMOUNT - AMOUNT
    await bench.hold()


async def test_a_case_is_written_down_once_and_never_more_than_came_in(bench: Bench) -> None:
    account_id = uuid4()
    top_up = await bench.top_up(account_id)
    await bench.open(top_up.payment_id, 600, "case-1")
    for amount in (600, 100):
        with pytest.raises(ChargebackKnown):
            await bench.open(top_up.payment_id, amount, "case-1")
    for amount in (401, AMOUNT, 10**12):
        with pytest.raises(InvalidInput):
            await bench.open(top_up.payment_id, amount)
    assert await bench.wallet(account_id) == 400
    await bench.hold()


async def test_of_many_disputes_at_one_moment_as_many_fit_as_came_in(bench: Bench) -> None:
    account_id = uuid4()
    top_up = await bench.top_up(account_id)
    answers = await asyncio.gather(
        *(bench.open(top_up.payment_id, 400) for _ in range(6)), return_exceptions=True
    )
    assert sum(isinstance(one, ChargebackView) for one in answers) == 2
    assert sum(isinstance(one, InvalidInput) for one in answers) == 4
    assert await bench.wallet(account_id) == 200
    await bench.hold()


async def test_a_disputed_top_up_goes_back_by_nobody_else(bench: Bench) -> None:
    account_id = uuid4()
    # An older one, so that the wallet has enough for both.
    await bench.top_up(account_id)
    top_up = await bench.top_up(account_id)
    first = await bench.open(top_up.payment_id, 400)
    with pytest.raises(TopUpNotRefundable) as refused:
        await bench.give_back(top_up)
    assert refused.value.params["reason"] == "disputed"
    await bench.end(first, "won")
    second = await bench.open(top_up.payment_id, 400)
    await bench.end(second, "lost")
    with pytest.raises(TopUpNotRefundable):
        await bench.give_back(top_up)
    assert await bench.wallet(account_id) == 2 * AMOUNT - 400
    await bench.hold()


async def test_a_top_up_that_was_to_go_back_stays_for_the_dispute(bench: Bench) -> None:
    account_id = uuid4()
    top_up = await bench.top_up(account_id)
    await bench.give_back(top_up)
    case = await bench.open(top_up.payment_id)
    assert case.from_wallet.amount == AMOUNT
    await bench.till.settle(3)
    assert await bench.refunds_asked() == 0
    assert await bench.wallet(account_id) == 0
    await bench.end(case, "won")
    await bench.give_back(top_up)
    await bench.till.settle(3)
    assert (await bench.till.row(top_up.payment_id)).refunded == AMOUNT
    await bench.hold()


async def test_while_nobody_knows_whether_a_top_up_went_back_its_dispute_waits(bench: Bench) -> None:
    account_id = uuid4()
    other = await bench.top_up(account_id)
    top_up = await bench.top_up(account_id)
    bench.till.desks[0].refund_outcomes.append("lost")
    await bench.give_back(top_up)
    await bench.till.janitor.tick()
    with pytest.raises(MoneyGoesBack):
        await bench.open(top_up.payment_id)
    await bench.till.settle(3)
    case = await bench.open(top_up.payment_id)
    assert case.covered.amount == 0
    assert await bench.wallet(account_id) == other.amount
    await bench.hold()


async def test_of_a_dispute_and_a_refund_at_one_moment_one_takes_the_money(bench: Bench) -> None:
    account_id = uuid4()
    top_up = await bench.top_up(account_id)
    await bench.top_up(account_id)
    await asyncio.gather(bench.open(top_up.payment_id), bench.give_back(top_up), return_exceptions=True)
    await bench.till.settle(3)
    assert await bench.wallet(account_id) == AMOUNT
    assert (await bench.till.row(top_up.payment_id)).refunded == 0
    await bench.hold()


async def test_wrong_money_that_a_bank_takes_does_not_go_back_besides(bench: Bench) -> None:
    account_id = uuid4()
    wrong = await bench.top_up(account_id, paid=900)
    held = return_id(wrong.payment_id)
    case = await bench.open(wrong.payment_id, 400)
    await bench.till.settle(3)
    assert await bench.refunds_asked() == 0
    assert [(one.id, one.reason) for one in (await bench.stuck.show(None, 10)).items] == [(held, "disputed")]
    with pytest.raises(StuckMoneyDisputed):
        await bench.stuck.retry(bench.finance, held, WHY, await bench.once())
    await bench.end(case, "lost")
    moved = await bench.stuck.to_wallet(bench.finance, held, WHY, await bench.once())
    assert moved.amount.amount == 500
    assert await bench.wallet(account_id) == 500
    assert (await bench.till.posted(Kind.SUSPENSE, "first"), await bench.till.posted(Kind.LOSS)) == (0, 0)
    await bench.hold()


async def test_wrong_money_whose_dispute_is_won_goes_back_when_somebody_says_so(bench: Bench) -> None:
    wrong = await bench.top_up(uuid4(), paid=900)
    await bench.end(await bench.open(wrong.payment_id, 900), "won")
    await bench.stuck.retry(bench.finance, return_id(wrong.payment_id), WHY, await bench.once())
    await bench.till.settle(3)
    assert (await bench.till.row(wrong.payment_id)).refunded == 900
    assert await bench.till.posted(Kind.LOSS) == 0
    await bench.hold()


async def test_wrong_money_that_a_provider_may_have_sent_is_a_loss_until_it_says_otherwise(
    bench: Bench,
) -> None:
    wrong = await bench.top_up(uuid4(), paid=900)
    bench.till.desks[0].refund_outcomes.append("lost")
    await bench.till.janitor.tick()
    assert (await bench.open(wrong.payment_id, 900)).covered.amount == 0
    await bench.till.settle(3)
    assert (await bench.till.row(wrong.payment_id)).refunded == 900
    assert await bench.till.posted(Kind.LOSS) == -900
    await bench.hold()


async def test_money_that_never_was_in_the_wallet_is_not_taken_from_it(bench: Bench) -> None:
    account_id = uuid4()
    await bench.top_up(account_id)
    wrong = await bench.top_up(account_id, paid=AMOUNT - 1)
    case = await bench.open(wrong.payment_id, AMOUNT - 1)
    assert case.from_wallet.amount == 0
    assert await bench.wallet(account_id) == AMOUNT
    await bench.hold()
