"""What was set aside for too long goes back by itself, once."""

from datetime import timedelta

from samovar.kit.database import Database
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.expiry import AT_ONCE_MAX, LAG, expire_overdue
from tests.services.payment.ledger.test_posting import NOW, PREPAID, filled, pending

LATER = NOW + timedelta(minutes=5)


async def test_only_what_is_overdue_and_unresolved_expires(own_database: Database) -> None:
    payer = await filled(own_database, 1_000)
    overdue = pending(payer, PREPAID, 100, LATER)
    posted = pending(payer, PREPAID, 200, LATER)
    waiting = pending(payer, PREPAID, 300, LATER + timedelta(seconds=1))
    endless = pending(payer, PREPAID, 50)
    async with own_database.transaction() as tx:
        await posting.post(tx, [overdue, posted, waiting, endless], now=NOW)
        await posting.post_pending(tx, posted.id, now=NOW)
    assert await expire_overdue(own_database, now=LATER) == 1
    assert await expire_overdue(own_database, now=LATER) == 0
    assert (await posting.balance(own_database, payer)).available == 1_000 - 200 - 300 - 50


async def test_all_that_is_overdue_expires_in_batches(own_database: Database) -> None:
    payer = await filled(own_database, 10_000)
    held = [pending(payer, PREPAID, 1, LATER) for _ in range(AT_ONCE_MAX + 3)]
    async with own_database.transaction() as tx:
        await posting.post(tx, held, now=NOW)
    assert await expire_overdue(own_database, now=LATER) == AT_ONCE_MAX
    assert await expire_overdue(own_database, now=LATER) == 3
    assert (await posting.balance(own_database, payer)).available == 10_000


async def test_one_that_was_committed_late_is_not_passed_over(own_database: Database) -> None:
    payer = await filled(own_database, 1_000)
    assert await expire_overdue(own_database, now=LATER + LAG) == 0
    async with own_database.transaction() as tx:
        await posting.post(tx, [pending(payer, PREPAID, 100, LATER + timedelta(seconds=1))], now=NOW)
    assert await expire_overdue(own_database, now=LATER + LAG) == 1
