"""Refunds whose keys a provider has forgotten: what it has sent back in all tells which were made, and nothing goes back twice or never."""

from collections.abc import Awaitable, Callable, Sequence
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.money import Money
from samovar.services.payment.payments import refunding
from samovar.services.payment.providers.port import PaymentOutcome
from tests.services.payment.payments.desk import Desk, Till

CAPTURED = 10_000


class Interrupted(Desk):
    """A provider before whose look at a payment something else happens, once."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.before: Callable[[], Awaitable[object]] | None = None

    async def get(self, remote_id: str) -> PaymentOutcome:
        before, self.before = self.before, None
        if before:
            await before()
        return await super().get(remote_id)


@pytest.fixture
def desk() -> Interrupted:
    return Interrupted("first")


@pytest.fixture
def till(own_database: Database, desk: Interrupted) -> Till:
    return Till(own_database, desk)


async def paid(till: Till) -> UUID:
    payment_id = await till.start(CAPTURED)
    await till.driver.advance(payment_id)
    till.desks[0].pay()
    till.clock.turn(minutes=1)
    await till.driver.advance(payment_id)
    assert (await till.row(payment_id)).captured == CAPTURED
    return payment_id


async def intend(till: Till, payment_id: UUID, amount: int) -> UUID:
    refund_id = uuid4()
    async with till.database.transaction() as tx:
        await refunding.refund(
            tx,
            payment_id=payment_id,
            refund_id=refund_id,
            amount=Money(amount, "RUB"),
            now=till.clock.now(),
        )
    return refund_id


async def ask(till: Till, payment_id: UUID, amount: int, outcome: str) -> UUID:
    refund_id = await intend(till, payment_id, amount)
    till.desks[0].refund_outcomes.append(outcome)
    await till.returns.advance(refund_id)
    return refund_id


def grow_old(till: Till) -> None:
    till.clock.turn(hours=24)
    till.desks[0].forget_keys()


def sent_back(till: Till) -> int:
    return sum(refund.amount.amount for refund in till.desks[0].refunds.values())


@pytest.mark.parametrize(
    "asked",
    [
        [(600, "lost")],
        [(600, "swallowed")],
        [(600, "lost"), (600, "lost")],
        [(600, "lost"), (600, "swallowed")],
        [(600, "swallowed"), (600, "lost")],
        [(600, "lost"), (400, "lost")],
        [(600, "swallowed"), (400, "lost")],
        [(600, "swallowed"), (400, "swallowed")],
        # The two that were made add up to the one that was not.
        [(1_000, "swallowed"), (600, "lost"), (400, "lost")],
        [(100, "lost"), (200, "swallowed"), (300, "lost"), (400, "swallowed")],
        [(100 * number, "lost") for number in range(1, 13)],
    ],
)
async def test_what_was_asked_for_goes_back_once(till: Till, asked: Sequence[tuple[int, str]]) -> None:
    payment_id = await paid(till)
    refunds = [await ask(till, payment_id, amount, outcome) for amount, outcome in asked]
    grow_old(till)
    await till.settle(30, hours=1)
    assert sorted(till.refunds.arrivals) == sorted(refunds)
    whole = sum(amount for amount, _ in asked)
    row = await till.row(payment_id)
    assert (sent_back(till), row.refunded, row.refund_pending) == (whole, whole, 0)


async def test_what_another_has_sent_is_not_taken_for_an_old_one(till: Till) -> None:
    payment_id = await paid(till)
    old = await ask(till, payment_id, 600, "swallowed")
    grow_old(till)
    fresh = await ask(till, payment_id, 600, "lost")
    assert await till.returns.advance(old) == "unknown"
    await till.settle(6, hours=1)
    assert sorted(till.refunds.arrivals) == sorted([old, fresh])
    assert sent_back(till) == (await till.row(payment_id)).refunded == 1_200


async def test_a_sum_of_another_moment_tells_nothing(till: Till, desk: Interrupted) -> None:
    payment_id = await paid(till)
    old = await ask(till, payment_id, 600, "swallowed")
    grow_old(till)
    fresh = await intend(till, payment_id, 600)
    desk.before = lambda: till.returns.advance(fresh)
    assert await till.returns.advance(old) == "unknown"
    assert till.refunds.arrivals == [fresh]
    await till.settle(6, hours=1)
    assert sorted(till.refunds.arrivals) == sorted([old, fresh])
    assert sent_back(till) == (await till.row(payment_id)).refunded == 1_200


async def test_what_nobody_can_add_up_waits_for_somebody(till: Till, desk: Interrupted) -> None:
    payment_id = await paid(till)
    old = await ask(till, payment_id, 600, "lost")
    # Somebody has sent back more in the provider's own cabinet.
    await desk.refund(next(iter(desk.payments)), uuid4(), Money(70, "RUB"), uuid4())
    grow_old(till)
    await till.settle(6, hours=1)
    assert till.refunds.arrivals == []
    assert await till.returns.advance(old) == "unknown"
    assert sent_back(till) == 670
