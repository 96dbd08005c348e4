"""What a captured payment, or one that came to nothing, makes of its order."""

import asyncio
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.money import Money
from samovar.services.payment import repository as orders
from samovar.services.payment.domain import Order
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.services.payment.orders import settling
from samovar.services.payment.orders.settling import Settled
from tests.services.payment.orders.making import NOW, made, wallet_of


async def capture(
    database: Database, order: Order, amount: int, payment_id: UUID | None = None, currency: str = "RUB"
) -> Settled:
    async with database.transaction() as tx:
        return await settling.captured(
            tx,
            order.id,
            payment_id=payment_id or uuid4(),
            provider="yookassa",
            amount=Money(amount, currency),
            now=NOW,
        )


async def fail(database: Database, order: Order) -> None:
    async with database.transaction() as tx:
        await settling.payment_over(tx, order.id, failure_code="declined", now=NOW)


async def present(database: Database, order: Order) -> Order:
    found = await orders.find_order(database, order.id)
    assert found
    return found


async def count(database: Database, sql: str, *args: object) -> int:
    return int(await database.fetch_value(sql, *args) or 0)


CLAIMS = "SELECT count(*) FROM purchase_claims c JOIN order_lines l ON l.id = c.line_id WHERE l.order_id = $1"
TOLD = "SELECT count(*) FROM kit.outbox WHERE subject = $1"
MOVED = (
    "SELECT coalesce(sum(amount), 0) FROM ledger_transfers WHERE cause_id = $1 AND kind IN ('posted', 'post')"
)


async def test_a_captured_payment_pays_its_order_once(own_database: Database) -> None:
    order, _ = await made(own_database, 30_000, 20_000)
    payment_id = uuid4()
    assert await capture(own_database, order, 50_000, payment_id) == "paid"
    assert await capture(own_database, order, 50_000, payment_id) == "paid"
    paid = await present(own_database, order)
    assert (paid.status, paid.paid_at, paid.payment_id, paid.version) == ("paid", NOW, payment_id, 2)
    assert await count(own_database, TOLD, "samovar.payment.v1.order_paid") == 1
    assert await count(own_database, MOVED, order.id) == 50_000


async def test_the_same_capture_told_by_many_at_once_counts_once(own_database: Database) -> None:
    order, _ = await made(own_database, 50_000)
    payment_id = uuid4()
    answers = await asyncio.gather(*(capture(own_database, order, 50_000, payment_id) for _ in range(8)))
    assert set(answers) == {"paid"}
    assert await count(own_database, TOLD, "samovar.payment.v1.order_paid") == 1
    assert await count(own_database, MOVED, order.id) == 50_000


async def test_of_two_payments_for_one_order_one_is_late(own_database: Database) -> None:
    order, _ = await made(own_database, 50_000)
    answers = await asyncio.gather(*(capture(own_database, order, 50_000) for _ in range(4)))
    assert sorted(answers) == ["late", "late", "late", "paid"]
    assert await count(own_database, MOVED, order.id) == 50_000


async def test_a_capture_after_the_end_is_late_and_moves_nothing(own_database: Database) -> None:
    order, _ = await made(own_database, 50_000)
    await fail(own_database, order)
    assert await capture(own_database, order, 50_000) == "late"
    assert (await present(own_database, order)).status == "failed"
    assert await count(own_database, MOVED, order.id) == 0


async def test_a_capture_for_no_order_is_late(own_database: Database) -> None:
    async with own_database.transaction() as tx:
        settled = await settling.captured(
            tx, uuid4(), payment_id=uuid4(), provider="tbank", amount=Money(1, "RUB"), now=NOW
        )
    assert settled == "late"


@pytest.mark.parametrize(("amount", "currency"), [(49_999, "RUB"), (50_001, "RUB"), (50_000, "USD")])
async def test_money_of_another_amount_pays_nothing_and_ends_the_order_that_waited_for_it(
    own_database: Database, amount: int, currency: str
) -> None:
    payment_id = uuid4()
    order, _ = await made(own_database, 50_000, payment_id=payment_id)
    assert await capture(own_database, order, amount, payment_id, currency=currency) == "mismatch"
    assert (await present(own_database, order)).status == "failed"
    assert await count(own_database, MOVED, order.id) == 0
    assert await capture(own_database, order, 50_000, payment_id) == "late"


async def test_another_amount_of_the_payment_that_an_order_waits_for_ends_it(own_database: Database) -> None:
    payment_id = uuid4()
    order, _ = await made(own_database, 50_000, wallet=15_000, payment_id=payment_id)
    assert await capture(own_database, order, 34_999, payment_id) == "mismatch"
    failed = await present(own_database, order)
    assert (failed.status, failed.failure_code, failed.closed_at) == ("failed", "wrong_amount", NOW)
    assert (await posting.balance(own_database, wallet_of(order))).available == 15_000
    assert await count(own_database, CLAIMS, order.id) == 0
    assert await count(own_database, TOLD, "samovar.payment.v1.order_closed") == 1


async def test_a_capture_also_takes_what_was_set_aside(own_database: Database) -> None:
    order, _ = await made(own_database, 50_000, bonus=5_000, wallet=15_000)
    assert await capture(own_database, order, 30_000) == "paid"
    wallet = await posting.balance(own_database, wallet_of(order))
    bonus = await posting.balance(own_database, Account(Kind.BONUS, str(order.account_id)))
    assert (wallet.posted, wallet.available, bonus.posted, bonus.available) == (0, 0, 0, 0)
    assert await count(own_database, MOVED, order.id) == 50_000


async def test_a_failed_payment_gives_everything_back_once(own_database: Database) -> None:
    order, _ = await made(own_database, 50_000, wallet=15_000)
    assert (await posting.balance(own_database, wallet_of(order))).available == 0
    await fail(own_database, order)
    await fail(own_database, order)
    failed = await present(own_database, order)
    assert (failed.status, failed.failure_code, failed.closed_at) == ("failed", "declined", NOW)
    assert (await posting.balance(own_database, wallet_of(order))).available == 15_000
    assert await count(own_database, CLAIMS, order.id) == 0
    assert await count(own_database, TOLD, "samovar.payment.v1.order_closed") == 1


async def test_a_failure_and_a_capture_at_once_leave_one_outcome(own_database: Database) -> None:
    for _ in range(8):
        order, _ = await made(own_database, 50_000, wallet=15_000)
        settled, _ = await asyncio.gather(capture(own_database, order, 35_000), fail(own_database, order))
        status = (await present(own_database, order)).status
        assert (settled, status) in {("paid", "paid"), ("late", "failed")}
        left = (await posting.balance(own_database, wallet_of(order))).available
        assert left == (0 if status == "paid" else 15_000)


async def test_a_paid_order_does_not_fail_any_more(own_database: Database) -> None:
    order, _ = await made(own_database, 50_000)
    await capture(own_database, order, 50_000)
    await fail(own_database, order)
    assert (await present(own_database, order)).status == "paid"
    assert await count(own_database, CLAIMS, order.id) == 1
