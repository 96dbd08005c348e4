"""What went wrong with money in other shops, one test each, by name."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from samovar.kit.database import Database
from samovar.kit.money import Money
from samovar.services.payment.contract.events import WalletToppedUp
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.services.payment.payments import refunding, starting
from samovar.services.payment.payments.topping_up import repository as top_ups
from samovar.services.payment.payments.topping_up.domain import TopUp
from samovar.services.payment.payments.webhooks import repository as events
from samovar.services.payment.providers.port import Unknown
from tests.services.payment.payments.desk import Desk, Till
from tests.services.payment.payments.test_webhooks import Office, told


@pytest.fixture
def office(own_database: Database) -> Office:
    return Office(Till(own_database, Desk("yookassa")))


async def topped_up(till: Till, amount: int = 1_000) -> tuple[UUID, TopUp]:
    """Begin a top-up that the player has paid at the provider; returns the payment."""
    now = till.clock.now()
    top_up = TopUp(
        id=uuid4(),
        account_id=uuid4(),
        payment_id=uuid4(),
        method="sbp",
        amount=amount,
        currency="RUB",
        created_at=now,
        expires_at=now + timedelta(hours=1),
    )
    async with till.database.transaction() as tx:
        await top_ups.insert_top_up(tx, top_up)
        await starting.start(
            tx,
            payment_id=top_up.payment_id,
            purpose="top_up",
            purpose_id=top_up.id,
            account_id=top_up.account_id,
            method="sbp",
            amount=top_up.money,
            description="a top-up",
            return_url=None,
            expires_at=top_up.expires_at,
            now=now,
        )
    await till.driver.advance(top_up.payment_id)
    till.desks[0].pay()
    return top_up.payment_id, top_up


async def credited(till: Till, top_up: TopUp) -> tuple[int, int]:
    """Return what is in the wallet, and how often that was told."""
    wallet = Account(Kind.WALLET, str(top_up.account_id))
    told_times: int = await till.database.fetch_value(
        "SELECT count(*) FROM kit.outbox WHERE subject = $1 AND payload::jsonb ->> 'top_up_id' = $2",
        WalletToppedUp.subject,
        str(top_up.id),
    )
    return (await posting.balance(till.database, wallet)).available, told_times


async def test_webhook_poll_and_manual_check_credit_once(office: Office) -> None:
    till = office.till
    payment_id, top_up = await topped_up(till)
    remote_id = next(iter(till.desks[0].payments))
    for name in ("payment.succeeded", "payment.waiting_for_capture"):
        await office.hear(told(remote_id, name))
    till.clock.turn(seconds=30)
    await asyncio.gather(office.inbox.tick(), till.janitor.tick(), till.driver.hear(payment_id))
    await till.settle(3)
    assert await credited(till, top_up) == (1_000, 1)
    assert till.receipts.advances == [Money(1_000, "RUB")]


async def test_a_top_up_is_not_settled_twice_within_milliseconds(office: Office) -> None:
    till = office.till
    payment_id, top_up = await topped_up(till)
    await asyncio.gather(*(till.driver.hear(payment_id) for _ in range(16)))
    assert await credited(till, top_up) == (1_000, 1)


async def test_a_refund_that_is_retried_is_made_once(office: Office) -> None:
    till = office.till
    payment_id = await till.start()
    await till.driver.advance(payment_id)
    till.desks[0].pay()
    await till.driver.hear(payment_id)
    till.desks[0].refund_outcomes.append("lost")
    refund_id, now = uuid4(), till.clock.now()

    async def ask() -> None:
        async with till.database.transaction() as tx:
            await refunding.refund(
                tx, payment_id=payment_id, refund_id=refund_id, amount=Money(700, "RUB"), now=now
            )

    await asyncio.gather(*(ask() for _ in range(6)))
    advances: list[Awaitable[object]] = [till.returns.advance(refund_id) for _ in range(6)]
    await asyncio.gather(*advances)
    await till.settle(4)
    await asyncio.gather(*(ask() for _ in range(3)))
    await till.settle(4)
    assert len(till.desks[0].refunds) == 1
    assert till.refunds.arrivals == [refund_id]
    assert (await till.row(payment_id)).refunded == 700


async def test_an_event_is_not_done_before_it_was_acted_on(office: Office) -> None:
    """A process that dies after it took an event, or a provider that is away, leaves it to be taken again."""
    till = office.till
    payment_id = await till.start()
    await till.driver.advance(payment_id)
    remote_id = till.desks[0].pay()
    await office.hear(told(remote_id))
    now = till.clock.now()
    async with till.database.transaction() as tx:
        (taken,) = await events.take_events(
            tx, now, now + timedelta(seconds=60), 10, rest=timedelta(seconds=1)
        )
    assert taken.processed_at is None
    assert await office.inbox.tick() == 0
    till.clock.turn(seconds=61)
    assert await office.inbox.tick() == 1
    assert (await till.row(payment_id)).state == "captured"
    (kept,) = await events.events_of(till.database, payment_id)
    assert kept.processed_at is not None


async def test_money_that_shows_up_after_the_janitors_verdict_still_finds_its_way(office: Office) -> None:
    till, desk = office.till, office.till.desks[0]
    desk.losses.append("create")
    payment_id = await till.start()
    await till.driver.advance(payment_id)
    remote_id = desk.pay()
    desk.faults.extend([Unknown("500")] * 200)
    await till.settle(60, minutes=30)
    row = await till.row(payment_id)
    assert (row.state, row.failure_code) == ("failed", "outcome_unknown")
    desk.faults.clear()
    await office.hear(told(remote_id, ours=payment_id))
    await office.inbox.tick()
    await till.settle(3)
    row = await till.row(payment_id)
    assert (row.state, row.captured, row.refunded) == ("captured", 1_000, 1_000)
    assert await till.posted(Kind.CLEARING, "yookassa") == 0


@pytest.mark.parametrize(
    "change",
    [
        "refunded = captured + 1",
        "refund_pending = captured - refunded + 1",
        "refunded = -1",
        "captured = captured - 1, refunded = captured",
        "captured = -1",
    ],
)
async def test_a_charged_amount_is_never_negative(office: Office, change: str) -> None:
    till = office.till
    payment_id = await till.start()
    await till.driver.advance(payment_id)
    till.desks[0].pay()
    await till.driver.hear(payment_id)
    with pytest.raises(asyncpg.CheckViolationError):
        async with till.database.transaction() as tx:
            await tx.execute(f"UPDATE payments SET {change} WHERE id = $1", payment_id)
