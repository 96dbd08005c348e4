"""A fault in what the shop and its staff do is found: planted here, and seen in the books within a few seeds."""

from uuid import UUID, uuid4

import msgspec

from samovar.embedded.postgres import PostgresServer
from samovar.kit.idempotency import Once
from samovar.kit.identity import Caller
from samovar.services.payment import repository as orders
from samovar.services.payment.compensations import repository as compensations
from samovar.services.payment.compensations.schemas import CompensationView, CompensationWish, Rejection
from samovar.services.payment.compensations.use_cases import Compensations
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer
from samovar.services.payment.orders.checkout.schemas import OrderState
from samovar.services.payment.orders.checkout.use_cases import Checkout
from samovar.services.payment.orders.fulfilment import repository as fulfilment
from samovar.services.payment.orders.fulfilment.use_cases import Fulfilment
from samovar.services.payment.promo import repository as codes
from samovar.services.payment.quotes import taking
from samovar.services.payment.refunds import granting, settling
from samovar.services.payment.refunds import repository as refunds
from samovar.services.payment.refunds.schemas import Decision, StaffRefundView, StaffRefundWish
from samovar.services.payment.refunds.staff.use_cases import StaffRefunds
from tests.services.payment.simulation.outside.provider import SimulatedProvider
from tests.services.payment.simulation.planting import Planted
from tests.services.payment.simulation.running import first_fault


class Eager(Fulfilment):
    """Delivers what was bought before it was out once anything in it is."""

    async def deliver_released(self) -> int:
        waiting = await fulfilment.awaiting(self._database, None, 200)
        return await self._deliver([line.id for line in waiting])


class Generous(Checkout):
    """Gives the code of a canceled order back, though that was done when it closed."""

    async def cancel(self, caller: Caller, order_id: UUID, once: Once) -> OrderState:
        canceled = await super().cancel(caller, order_id, once)
        async with self._database.transaction() as tx:
            order = await orders.find_order(tx, order_id)
            quote = await taking.find(tx, order.quote_id) if order else None
            if quote and quote.promo_code_id:
                await codes.uncount(tx, quote.promo_code_id, quote.account_id)
        return canceled


class Sweeping(StaffRefunds):
    """Takes the licence back of whatever it gives a part of back."""

    async def grant(
        self, caller: Caller, order_id: UUID, wish: StaffRefundWish, once: Once
    ) -> StaffRefundView:
        granted = await super().grant(caller, order_id, wish, once)
        async with self._database.transaction() as tx:
            refund = await refunds.find_refund(tx, granted.id)
            if refund is not None:
                taken = await refunds.lines_of(tx, [refund.id])
                lines = {
                    line.id: line for line in await orders.find_lines(tx, [one.line_id for one in taken])
                }
                ended = [
                    (msgspec.structs.replace(one, ends_licence=True), lines[one.line_id]) for one in taken
                ]
                await tx.publish(granting.started(refund, ended, refund.started_at))
        return granted


class Stingy(SimulatedProvider):
    """Refuses most refunds, so that people decide."""

    refuses = 0.9


class Uncounted(StaffRefunds):
    """Puts into the wallet what a provider refused, and forgets that it did."""

    async def to_wallet(
        self, caller: Caller, refund_id: UUID, decision: Decision, once: Once
    ) -> StaffRefundView:
        async with self._database.transaction() as tx:
            refund = await settling.lock(tx, refund_id)
            for part in await refunds.parts_of(tx, [refund_id]) if refund else []:
                if refund and part.status == "held":
                    twice = Transfer(
                        id=uuid4(),
                        debit=Account(Kind.REFUNDS_DUE),
                        credit=Account(Kind.WALLET, str(refund.account_id)),
                        amount=refund.money(part.amount),
                        code="refund_moved",
                        cause_id=refund.id,
                    )
                    await posting.post(tx, [twice], now=self._clock.now())
        return await super().to_wallet(caller, refund_id, decision, once)

    retry = to_wallet


class Trusting(StaffRefunds):
    """Counts as taken by the payer's bank whatever a provider refused."""

    async def to_wallet(
        self, caller: Caller, refund_id: UUID, decision: Decision, once: Once
    ) -> StaffRefundView:
        async with self._database.transaction() as tx:
            refund = await settling.lock(tx, refund_id)
            for part in await refunds.parts_of(tx, [refund_id]) if refund else []:
                if part.status == "held":
                    await refunds.dispute_fund(tx, part.fund_id, part.amount)
        return await self.charged_back(caller, refund_id, decision, once)

    retry = to_wallet


class Soft(Compensations):
    """Gives what was refused."""

    async def reject(
        self, caller: Caller, compensation_id: UUID, rejection: Rejection, once: Once
    ) -> CompensationView:
        rejected = await super().reject(caller, compensation_id, rejection, once)
        async with self._database.transaction() as tx:
            found = await compensations.find(tx, compensation_id)
            if found is not None:
                await self._pay(tx, found, caller.account_id)
        return rejected


class Alone(Compensations):
    """Lets one person give what two must, as if it were a small thing."""

    async def give(self, caller: Caller, wish: CompensationWish, once: Once) -> CompensationView:
        self._limits = msgspec.structs.replace(self._limits, alone=self._limits.most, alone_per_day=10**9)
        return await super().give(caller, wish, once)


async def test_a_game_that_is_delivered_before_all_of_it_is_out_is_found(postgres: PostgresServer) -> None:
    faults = await first_fault(postgres, Planted(fulfilment=Eager), lately=57)
    assert any("was delivered before it was out" in fault for fault in faults)


async def test_a_promo_code_that_is_given_back_twice_is_found(postgres: PostgresServer) -> None:
    faults = await first_fault(postgres, Planted(checkout=Generous))
    assert any(fault.startswith("promo ") for fault in faults)


async def test_a_licence_that_ends_with_a_refund_of_a_part_is_found(postgres: PostgresServer) -> None:
    faults = await first_fault(postgres, Planted(staff_refunds=Sweeping), lately=23)
    assert any(fault.startswith("L11 ") for fault in faults)


async def test_a_held_refund_that_is_paid_twice_is_found(postgres: PostgresServer) -> None:
    faults = await first_fault(postgres, Planted(staff_refunds=Uncounted, provider=Stingy))
    assert any(fault.startswith("L6 ") for fault in faults)


async def test_a_held_refund_that_counts_as_taken_by_a_bank_which_took_nothing_is_found(
    postgres: PostgresServer,
) -> None:
    faults = await first_fault(postgres, Planted(staff_refunds=Trusting, provider=Stingy))
    assert any("are counted as taken by them" in fault for fault in faults)


async def test_a_compensation_that_is_refused_and_given_is_found(postgres: PostgresServer) -> None:
    faults = await first_fault(postgres, Planted(compensations=Soft))
    assert any(fault.startswith("L6 ") for fault in faults)


async def test_a_compensation_that_one_person_gives_for_two_is_found(postgres: PostgresServer) -> None:
    faults = await first_fault(postgres, Planted(compensations=Alone))
    assert any(" alone" in fault for fault in faults)
