"""Whatever dies, is lost, comes twice or lies: at rest the books are right, paid is licensed, and nothing is in between."""

from datetime import datetime
from uuid import UUID, uuid4, uuid5

import msgspec

from samovar.embedded.postgres import PostgresServer
from samovar.kit.clock import Clock
from samovar.kit.database import Transaction
from samovar.kit.money import Money
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer
from samovar.services.payment.orders import settling
from samovar.services.payment.payments.domain import Payment
from samovar.services.payment.payments.settling.order_purpose import OrderPurpose
from samovar.services.payment.payments.settling.purposes import Verdict as Settled
from samovar.services.payment.payouts.banks.port import Order, Refused
from samovar.services.payment.providers.port import (
    Declined,
    NewPayment,
    NotMade,
    PaymentOutcome,
    RefundOutcome,
    Unknown,
)
from samovar.services.payment.receipts.sending.adapters import Declined as Refusal
from samovar.services.payment.receipts.sending.adapters import RegistersAway, Taken
from tests.services.payment.simulation.outside.bank import SimulatedBank
from tests.services.payment.simulation.outside.provider import SimulatedProvider
from tests.services.payment.simulation.outside.register import SimulatedRegisters
from tests.services.payment.simulation.planting import Planted
from tests.services.payment.simulation.running import first_fault, platform, run, run_many
from tests.services.payment.simulation.scheduler import Scheduler

# Each change plays these; `make simulate` plays as many as one likes.
SEEDS = 150


class Drawing(OrderPurpose):
    """Posts what a provider takes under an id out of the air, each time that it hears of it."""

    async def captured(self, tx: Transaction, payment: Payment, amount: Money, *, now: datetime) -> Settled:
        drawn = Transfer(
            id=uuid4(),
            debit=Account(Kind.CLEARING, payment.provider or ""),
            credit=Account(Kind.PREPAID),
            amount=amount,
            code="capture",
            cause_id=payment.purpose_id,
        )
        await posting.post(tx, [drawn], now=now)
        return await super().captured(tx, payment, amount, now=now)


class Sure(SimulatedProvider):
    """An adapter that takes a lost answer for a refusal."""

    async def create(self, new: NewPayment, key: UUID) -> PaymentOutcome:
        outcome = await super().create(new, key)
        return NotMade(outcome.reason, is_answer=True) if isinstance(outcome, Unknown) else outcome


class Deaf(OrderPurpose):
    """Takes the money of an order that nobody waits for any more for paid, and moves nothing."""

    async def captured(self, tx: Transaction, payment: Payment, amount: Money, *, now: datetime) -> Settled:
        await super().captured(tx, payment, amount, now=now)
        return "paid"


class Reluctant(SimulatedProvider):
    """Refuses the first refund of each payment, and takes the next."""

    def __init__(self, name: str, scheduler: Scheduler, clock: Clock, *, cancels_pending: bool) -> None:
        super().__init__(name, scheduler, clock, cancels_pending=cancels_pending)
        self._asked: dict[str, UUID] = {}

    async def refund(self, remote_id: str, refund_id: UUID, amount: Money, key: UUID) -> RefundOutcome:
        if self._asked.setdefault(remote_id, key) == key:
            return Declined("card_expired")
        return await super().refund(remote_id, refund_id, amount, key)


class Hasty(SimulatedRegisters):
    """An adapter that takes a lost answer for a refusal."""

    async def send(self, operation: str, body: bytes) -> Taken | Refusal:
        try:
            return await super().send(operation, body)
        except RegistersAway:
            return Refusal("it was lost")


class Misheard(SimulatedProvider):
    """A bank that says no where it is written down that it said yes."""

    def disputed(self, remote_id: str) -> int:
        return sum(dispute.amount for dispute in self.disputes.values() if dispute.remote_id == remote_id)


class Curt(SimulatedBank):
    """An adapter that hears no answer, and takes that for a refusal."""

    async def pay(self, order: Order) -> None:
        await super().pay(order)
        raise Refused("it was lost")


class Forgetful(SimulatedBank):
    """An adapter that asks again under another key."""

    async def pay(self, order: Order) -> None:
        await super().pay(order)
        await super().pay(msgspec.structs.replace(order, key=uuid5(order.key, "again")))


async def test_no_seed_breaks_the_books(postgres: PostgresServer) -> None:
    wrong = {
        verdict.seed: verdict.faults
        async for verdict in run_many(postgres, range(1, SEEDS + 1))
        if verdict.faults
    }
    assert wrong == {}, "again: python -m tests.services.payment.simulation --seed …"


async def test_a_seed_is_the_same_run_each_time(postgres: PostgresServer) -> None:
    async with platform(postgres) as fresh, platform(postgres) as used:
        await run(used, 12)
        for seed in (5, 11):
            assert (await run(fresh, seed)).trace == (await run(used, seed)).trace


async def test_a_posting_with_a_drawn_id_is_found(postgres: PostgresServer) -> None:
    faults = await first_fault(postgres, Planted(order_purpose=Drawing(settling)))
    assert any(fault.startswith("L4 ") for fault in faults)
    assert any(fault.startswith("L12 ") for fault in faults)


async def test_a_lost_answer_that_is_taken_for_a_refusal_is_found(postgres: PostgresServer) -> None:
    faults = await first_fault(postgres, Planted(provider=Sure), lately=71)
    assert any(fault.startswith("L12 ") for fault in faults)


async def test_money_that_is_taken_for_nothing_is_found(postgres: PostgresServer) -> None:
    faults = await first_fault(postgres, Planted(order_purpose=Deaf(settling)))
    assert any(fault.startswith("L12 ") for fault in faults)


async def test_a_receipt_that_is_taken_for_refused_and_printed_is_found(postgres: PostgresServer) -> None:
    faults = await first_fault(postgres, Planted(registers=Hasty), lately=59)
    assert any(fault.startswith("L10 ") for fault in faults)


async def test_a_verdict_that_is_written_down_wrongly_is_found(postgres: PostgresServer) -> None:
    faults = await first_fault(postgres, Planted(provider=Misheard))
    assert any(fault.startswith("L12 ") for fault in faults)


async def test_a_payout_that_is_taken_for_refused_and_made_is_found(postgres: PostgresServer) -> None:
    faults = await first_fault(postgres, Planted(bank=Curt))
    assert any(fault.startswith("L9 ") for fault in faults)


async def test_a_payout_that_is_asked_for_under_another_key_is_found(postgres: PostgresServer) -> None:
    faults = await first_fault(postgres, Planted(bank=Forgetful))
    assert any(fault.startswith("L9 ") for fault in faults)


async def test_money_that_a_provider_refuses_to_send_back_at_first_goes_back_before_all_is_at_rest(
    postgres: PostgresServer,
) -> None:
    assert await first_fault(postgres, Planted(provider=Reluctant)) == []
