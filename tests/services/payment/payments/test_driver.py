"""A payment goes from its intent to the money, whatever gets lost on the way, and moves money once."""

import asyncio
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.money import Money
from samovar.services.payment.ledger.domain import Kind
from samovar.services.payment.payments import refunding, stopping
from samovar.services.payment.payments.captured import captured_of
from samovar.services.payment.payments.domain import PaymentState
from samovar.services.payment.payments.errors import RefundBeyondCaptured
from samovar.services.payment.providers.port import Declined, NotMade, Unknown
from tests.services.payment.payments.desk import Desk, Till


@pytest.fixture
def till(own_database: Database) -> Till:
    return Till(own_database)


async def look(till: Till, payment_id: UUID) -> PaymentState:
    """Ask the provider, as after a notification."""
    assert await till.driver.hear(payment_id)
    return await till.driver.advance(payment_id)


async def test_a_payment_is_shown_and_paid(till: Till) -> None:
    payment_id = await till.start()
    state = await till.driver.advance(payment_id)
    assert state.state == "pending"
    assert state.confirmation
    assert state.confirmation.url.startswith("https://pay.example/")
    till.desks[0].pay(income=930)
    assert (await look(till, payment_id)).state == "captured"
    assert len(till.orders.paid) == 1
    assert await till.posted(Kind.PREPAID) == 1_000
    assert await till.posted(Kind.CLEARING, "first") == -930
    assert await till.posted(Kind.FEES, "first") == -70


async def test_a_card_is_held_and_then_captured(till: Till) -> None:
    payment_id = await till.start(method="card")
    await till.driver.advance(payment_id)
    till.desks[0].pay()
    assert (await look(till, payment_id)).state == "captured"
    assert [name for name, _ in till.desks[0].calls] == ["create", "get", "capture"]


async def test_a_held_card_of_a_closed_order_is_let_go(till: Till) -> None:
    payment_id = await till.start(method="card")
    await till.driver.advance(payment_id)
    till.desks[0].pay()
    row = await till.row(payment_id)
    till.orders.open.clear()
    async with till.database.transaction() as tx:
        assert await stopping.stop(tx, purpose_id=row.purpose_id, now=till.clock.now()) == 1
    await till.settle(3)
    assert (await till.row(payment_id)).state == "canceled"
    assert await till.posted(Kind.CLEARING, "first") == 0


@pytest.mark.parametrize("call", ["create", "get", "capture"])
async def test_a_lost_answer_is_asked_for_again_with_the_same_key(till: Till, call: str) -> None:
    till.desks[0].losses.extend([call, call])
    payment_id = await till.start(method="card")
    await till.driver.advance(payment_id)
    await till.settle(3)
    till.desks[0].pay()
    await till.settle(6)
    assert (await till.row(payment_id)).state == "captured"
    assert len(till.desks[0].payments) == 1
    assert await till.posted(Kind.PREPAID) == 1_000
    for name in ("create", "capture"):
        assert len({key for made, key in till.desks[0].calls if made == name}) == 1


async def test_a_process_that_died_after_the_intent_is_taken_over(till: Till) -> None:
    payment_id = await till.start()
    await till.settle(1)
    assert (await till.row(payment_id)).state == "pending"


async def test_a_provider_that_is_away_gives_way_to_another(own_database: Database) -> None:
    first, second = Desk("first"), Desk("second")
    first.faults.append(NotMade("connection refused", is_answer=False))
    till = Till(own_database, first, second)
    payment_id = await till.start()
    state = await till.driver.advance(payment_id)
    assert state.state == "pending"
    assert (await till.row(payment_id)).provider == "second"
    assert len({key for _, key in (*first.calls, *second.calls)}) == 2


async def test_a_provider_that_may_have_it_never_gives_way(own_database: Database) -> None:
    first, second = Desk("first"), Desk("second")
    first.faults.extend([Unknown("timeout"), NotMade("connection refused", is_answer=False), Unknown("500")])
    till = Till(own_database, first, second)
    payment_id = await till.start()
    assert (await till.driver.advance(payment_id)).state == "unknown"
    await till.settle(4)
    assert (await till.row(payment_id)).provider == "first"
    assert (await till.row(payment_id)).state == "pending"
    assert second.calls == []
    assert len({key for _, key in first.calls if key}) == 1


async def test_a_declined_payment_fails_its_order(till: Till) -> None:
    till.desks[0].faults.append(Declined("insufficient_funds"))
    payment_id = await till.start()
    state = await till.driver.advance(payment_id)
    assert (state.state, state.failure_code) == ("canceled", "insufficient_funds")
    assert list(till.orders.failed.values()) == ["insufficient_funds"]


async def test_nobody_there_until_the_time_is_over_fails_the_payment(till: Till) -> None:
    till.desks[0].faults.extend([NotMade("connection refused", is_answer=False)] * 100)
    payment_id = await till.start()
    await till.driver.advance(payment_id)
    await till.settle(80)
    row = await till.row(payment_id)
    assert (row.state, row.failure_code, row.next_check_at) == ("failed", "provider_unavailable", None)


async def test_money_for_a_closed_order_goes_back_by_itself(till: Till) -> None:
    payment_id = await till.start()
    await till.driver.advance(payment_id)
    till.orders.open.clear()
    till.desks[0].pay()
    await till.settle(3)
    row = await till.row(payment_id)
    assert (row.state, row.captured, row.refunded, row.refund_pending) == ("captured", 1_000, 1_000, 0)
    assert await till.posted(Kind.CLEARING, "first") == 0
    assert await till.posted(Kind.REFUNDS_DUE) == 0
    assert (till.receipts.advances, till.receipts.returned) == ([Money(1_000, "RUB")], [Money(1_000, "RUB")])


@pytest.mark.parametrize("amount", [1, 999, 1_001, 100_000])
async def test_another_amount_than_was_asked_for_goes_back_by_itself(till: Till, amount: int) -> None:
    payment_id = await till.start()
    await till.driver.advance(payment_id)
    till.desks[0].pay(amount=amount)
    await till.settle(3)
    row = await till.row(payment_id)
    assert (row.captured, row.refunded) == (amount, amount)
    assert till.orders.paid == []
    assert await till.posted(Kind.SUSPENSE, "first") == 0
    assert await till.posted(Kind.CLEARING, "first") == 0


async def test_many_who_look_at_once_move_money_once(till: Till) -> None:
    payment_id = await till.start(method="card")
    await till.driver.advance(payment_id)
    till.desks[0].pay(income=950)
    await asyncio.gather(*(look(till, payment_id) for _ in range(12)))
    await till.settle(3)
    assert await till.posted(Kind.PREPAID) == 1_000
    assert await till.posted(Kind.FEES, "first") == -50
    assert len({key for name, key in till.desks[0].calls if name == "capture"}) == 1


async def test_refunds_take_no_more_than_came_in(till: Till) -> None:
    payment_id = await till.start()
    await till.driver.advance(payment_id)
    till.desks[0].pay()
    await look(till, payment_id)
    now = till.clock.now()

    async def refund(amount: int) -> None:
        async with till.database.transaction() as tx:
            await refunding.refund(
                tx, payment_id=payment_id, refund_id=uuid4(), amount=Money(amount, "RUB"), now=now
            )

    asked = await asyncio.gather(*(refund(400) for _ in range(5)), return_exceptions=True)
    assert sum(isinstance(answer, RefundBeyondCaptured) for answer in asked) == 3
    await till.settle(3)
    row = await till.row(payment_id)
    assert (row.refunded, row.refund_pending) == (800, 0)
    assert len(till.refunds.arrivals) == 2
    captured = await captured_of(till.database, row.purpose_id)
    assert [(one.amount.amount, one.refunded.amount) for one in captured] == [(1_000, 800)]


@pytest.mark.parametrize("outcome", ["lost", "pending", "unreached"])
async def test_a_refund_whose_answer_is_lost_is_made_once(till: Till, outcome: str) -> None:
    payment_id = await till.start()
    await till.driver.advance(payment_id)
    till.desks[0].pay()
    await look(till, payment_id)
    till.desks[0].refund_outcomes.extend([outcome, outcome])
    refund_id = uuid4()
    async with till.database.transaction() as tx:
        await refunding.refund(
            tx, payment_id=payment_id, refund_id=refund_id, amount=Money(600, "RUB"), now=till.clock.now()
        )
    await till.settle(6)
    assert till.refunds.arrivals == [refund_id]
    assert len(till.desks[0].refunds) == 1
    assert (await till.row(payment_id)).refunded == 600


async def test_a_refused_refund_may_be_tried_again(till: Till) -> None:
    payment_id = await till.start()
    await till.driver.advance(payment_id)
    till.desks[0].pay()
    await look(till, payment_id)
    till.desks[0].refund_outcomes.append("declined")
    refund_id = uuid4()
    for expected in ([], [refund_id]):
        async with till.database.transaction() as tx:
            await refunding.refund(
                tx, payment_id=payment_id, refund_id=refund_id, amount=Money(600, "RUB"), now=till.clock.now()
            )
        await till.settle(3)
        assert till.refunds.arrivals == expected
    assert till.refunds.refusals == [(refund_id, "insufficient_funds")]
    row = await till.row(payment_id)
    assert (row.refunded, row.refund_pending) == (600, 0)
