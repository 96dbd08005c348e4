"""A refund takes a sale back by its own parts, once, from wherever the money is now."""

import asyncio
from uuid import uuid4

import pytest

from samovar.kit.database import Database
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.services.payment.ledger.errors import TransferConflict
from samovar.services.payment.revenue.reversal import reverse
from samovar.services.payment.revenue.sales import record
from samovar.services.payment.revenue.splits import splits_of
from tests.services.payment.revenue.selling import NOW, StillClock, delivered, folded, paid, post, splitter_of

PREPAID, COMMISSION, DUE = Account(Kind.PREPAID), Account(Kind.COMMISSION), Account(Kind.REFUNDS_DUE)


async def refund(
    database: Database, order: Order, line: OrderLine, amount: int, refund_id: object = None
) -> None:
    chosen = refund_id or uuid4()
    async with database.transaction() as tx:
        await reverse(tx, order=order, line=line, amount=amount, refund_id=chosen, now=NOW)  # type: ignore[arg-type]


async def test_before_the_split_it_comes_from_what_is_prepaid(own_database: Database) -> None:
    order, lines = await paid(own_database, 100_00)
    await refund(own_database, order, lines[0], 30_00)
    assert (await folded(own_database, PREPAID), await folded(own_database, DUE)) == (70_00, 30_00)
    async with own_database.transaction() as tx:
        await record(tx, order, lines, now=NOW)
    await splitter_of(own_database, StillClock()).split_batch()
    [split] = await splits_of(own_database, [lines[0].id])
    assert (split.early, split.commission, split.developer) == (30_00, 10_50, 59_50)
    assert await folded(own_database, PREPAID) == 0


async def test_a_line_given_back_whole_before_its_split_leaves_nothing(own_database: Database) -> None:
    order, lines = await delivered(own_database, 100_00)
    await refund(own_database, order, lines[0], 100_00)
    assert await splitter_of(own_database, StillClock()).split_batch() == 1
    [split] = await splits_of(own_database, [lines[0].id])
    assert (split.tax, split.commission, split.developer) == (0, 0, 0)
    assert await folded(own_database, DUE) == 100_00


async def test_partial_refunds_take_back_exactly_the_split(own_database: Database) -> None:
    studio = uuid4()
    order, lines = await delivered(own_database, 99_99, organisations=(studio,))
    await splitter_of(own_database, StillClock()).split_batch()
    for amount in (1, 33_33, 7, 66_58):
        await refund(own_database, order, lines[0], amount)
    [split] = await splits_of(own_database, [lines[0].id])
    assert (split.reversed_commission, split.reversed_developer) == (split.commission, split.developer)
    assert await folded(own_database, DUE) == 99_99
    assert await folded(own_database, COMMISSION) == 0
    assert (await posting.balance(own_database, Account(Kind.PAYABLE, str(studio)))).posted == 0
    assert (
        await own_database.fetch_value("SELECT basis FROM revenue_owners WHERE owner = $1", str(studio)) == 0
    )


async def test_the_same_refund_again_moves_nothing(own_database: Database) -> None:
    order, lines = await delivered(own_database, 100_00)
    await splitter_of(own_database, StillClock()).split_batch()
    refund_id = uuid4()
    for _ in range(2):
        await refund(own_database, order, lines[0], 40_00, refund_id)
    assert await folded(own_database, DUE) == 40_00
    with pytest.raises(TransferConflict):
        await refund(own_database, order, lines[0], 41_00, refund_id)


async def test_a_refund_that_began_before_the_split_is_known_after_it(own_database: Database) -> None:
    order, lines = await delivered(own_database, 100_00)
    refund_id = uuid4()
    await refund(own_database, order, lines[0], 40_00, refund_id)
    await splitter_of(own_database, StillClock()).split_batch()
    await refund(own_database, order, lines[0], 40_00, refund_id)
    assert await folded(own_database, DUE) == 40_00


@pytest.mark.parametrize("is_split", [True, False])
async def test_more_than_was_paid_is_refused(own_database: Database, *, is_split: bool) -> None:
    order, lines = await delivered(own_database, 100_00)
    if is_split:
        await splitter_of(own_database, StillClock()).split_batch()
    await refund(own_database, order, lines[0], 60_00)
    for amount in (40_01, -1):
        with pytest.raises(ValueError, match="no part"):
            await refund(own_database, order, lines[0], amount)
    assert await folded(own_database, DUE) == 60_00


async def test_what_was_paid_out_comes_of_the_reserve_then_of_the_debt(own_database: Database) -> None:
    studio = uuid4()
    payable, reserve = Account(Kind.PAYABLE, str(studio)), Account(Kind.RESERVE, str(studio))
    order, lines = await delivered(own_database, 100_00, organisations=(studio,))
    await splitter_of(own_database, StillClock(), reserve_percent=10).split_batch()
    async with own_database.transaction() as tx:
        await post(tx, uuid4(), payable, Account(Kind.PAYOUTS_DUE), 70_00)
    await refund(own_database, order, lines[0], 100_00)
    assert (await posting.balance(own_database, payable)).posted == 0
    assert (await posting.balance(own_database, reserve)).posted == 0
    assert await folded(own_database, Account(Kind.DEBT, str(studio))) == -70_00
    assert await folded(own_database, DUE) == 100_00
    assert (
        await own_database.fetch_value("SELECT debt FROM revenue_owners WHERE owner = $1", str(studio))
        == 70_00
    )


async def test_refunds_and_the_splitter_at_once_lose_nothing(own_database: Database) -> None:
    studios = (uuid4(), uuid4())
    orders = [await delivered(own_database, 10_00, 20_01, organisations=studios) for _ in range(12)]
    splitter = splitter_of(own_database, StillClock(), reserve_percent=10)

    async def give_back(order: Order, lines: list[OrderLine]) -> None:
        async with own_database.transaction() as tx:
            for line in lines[:: 1 if order.id.int % 2 else -1]:
                await reverse(tx, order=order, line=line, amount=line.final // 2, refund_id=order.id, now=NOW)

    await asyncio.gather(
        *(give_back(order, lines) for order, lines in orders), *(splitter.split_batch(7) for _ in range(6))
    )
    while await splitter.split_batch():
        pass
    assert await folded(own_database, DUE) == 12 * (5_00 + 10_00)
    assert await folded(own_database, PREPAID) == 0
    kept = [Account(kind, str(studio)) for kind in (Kind.PAYABLE, Kind.RESERVE) for studio in studios]
    left = sum([await folded(own_database, account) for account in (*kept, COMMISSION, Account(Kind.TAX))])
    assert left == 12 * (10_00 + 20_01) - 12 * 15_00
