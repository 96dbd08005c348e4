"""What is delivered is split once, by the rules of its moment, in whole."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from samovar.kit.database import Database
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind
from samovar.services.payment.revenue.sales import record
from samovar.services.payment.revenue.splits import splits_of
from tests.services.payment.revenue.selling import NOW, StillClock, delivered, folded, paid, post, splitter_of

PREPAID, COMMISSION, TAX = Account(Kind.PREPAID), Account(Kind.COMMISSION), Account(Kind.TAX)


async def with_regime(database: Database, organisation_id: object, regime: str, since: object) -> None:
    async with database.transaction() as tx:
        await tx.execute("INSERT INTO payee_regimes VALUES ($1, $2, $3)", organisation_id, since, regime)


async def test_a_delivered_line_is_divided_between_developer_platform_and_tax(own_database: Database) -> None:
    studio = uuid4()
    await with_regime(own_database, studio, "general", NOW - timedelta(days=9))
    _, lines = await delivered(own_database, 122_00, organisations=(studio,))
    assert await splitter_of(own_database, StillClock()).split_batch() == 1
    [split] = await splits_of(own_database, [lines[0].id])
    assert (split.tax, split.commission, split.developer) == (22_00, 15_00, 85_00)
    assert (split.vat_regime, split.vat_percent, split.basis_before) == ("general", 22, 0)
    assert await folded(own_database, PREPAID) == 0
    assert await folded(own_database, COMMISSION) == 15_00
    assert await folded(own_database, TAX) == 22_00
    assert (await posting.balance(own_database, Account(Kind.PAYABLE, str(studio)))).available == 85_00


async def test_nothing_is_split_twice(own_database: Database) -> None:
    order, lines = await delivered(own_database, 100_00)
    splitter = splitter_of(own_database, StillClock())
    assert await splitter.split_batch() == 1
    async with own_database.transaction() as tx:
        await record(tx, order, lines, now=NOW + timedelta(hours=1))
    assert await splitter.split_batch() == 0
    assert await folded(own_database, COMMISSION) == 15_00


async def test_two_splitters_at_once_split_each_line_once(own_database: Database) -> None:
    studio = uuid4()
    for _ in range(20):
        await delivered(own_database, 10_00, 7_77, organisations=(studio,))
    one, other = (splitter_of(own_database, StillClock()) for _ in range(2))
    counts = await asyncio.gather(*(splitter.split_batch(5) for splitter in (one, other) * 6))
    assert sum(counts) == 40
    assert await folded(own_database, PREPAID) == 0
    basis = await own_database.fetch_value("SELECT basis FROM revenue_owners WHERE owner = $1", str(studio))
    assert basis == 20 * 17_77


async def test_a_line_that_costs_nothing_is_not_there(own_database: Database) -> None:
    _, lines = await delivered(own_database, 0, 50_00)
    assert await splitter_of(own_database, StillClock()).split_batch() == 1
    assert [split.line_id for split in await splits_of(own_database, [line.id for line in lines])] == [
        lines[1].id
    ]


async def test_what_no_organisation_sells_waits_for_whoever_claims_it(own_database: Database) -> None:
    await delivered(own_database, 100_00, organisations=(None,))
    await splitter_of(own_database, StillClock()).split_batch()
    assert (await posting.balance(own_database, Account(Kind.PAYABLE, "unclaimed"))).available == 85_00


async def test_within_one_batch_a_sale_stands_on_those_before_it(own_database: Database) -> None:
    studio = uuid4()
    order, lines = await delivered(own_database, 4_999_999_000, 2_000, 1_000, organisations=(studio,))
    await splitter_of(own_database, StillClock()).split_batch()
    splits = {split.line_id: split for split in await splits_of(own_database, [line.id for line in lines])}
    assert min(split.basis_before or 0 for split in splits.values()) == 0
    total = sum(split.commission or 0 for split in splits.values())
    assert total == 750_000_000 + 200
    assert order.total == sum(
        (s.commission or 0) + (s.developer or 0) + (s.tax or 0) for s in splits.values()
    )


async def test_a_sale_is_taxed_by_the_regime_of_its_day(own_database: Database) -> None:
    studio = uuid4()
    await with_regime(own_database, studio, "vat_5", NOW - timedelta(days=9))
    await with_regime(own_database, studio, "none", NOW)
    _, early = await delivered(own_database, 105_00, organisations=(studio,), now=NOW - timedelta(days=1))
    _, late = await delivered(own_database, 105_00, organisations=(studio,), now=NOW)
    await splitter_of(own_database, StillClock()).split_batch()
    splits = {s.line_id: s.tax for s in await splits_of(own_database, [early[0].id, late[0].id])}
    assert splits == {early[0].id: 5_00, late[0].id: 0}


async def test_a_part_is_kept_back_until_its_day(own_database: Database) -> None:
    studio, clock = uuid4(), StillClock()
    splitter = splitter_of(own_database, clock, reserve_percent=10, reserve_days=60)
    await delivered(own_database, 100_00, organisations=(studio,))
    await splitter.split_batch()
    payable, reserve = Account(Kind.PAYABLE, str(studio)), Account(Kind.RESERVE, str(studio))
    assert (await posting.balance(own_database, payable)).available == 76_50
    assert (await posting.balance(own_database, reserve)).available == 8_50
    clock.time = NOW + timedelta(days=60, seconds=-1)
    assert await splitter.release_batch() == 0
    clock.time = NOW + timedelta(days=60)
    assert await splitter.release_batch() == 1
    assert await splitter.release_batch() == 0
    assert (await posting.balance(own_database, payable)).available == 85_00
    assert (await posting.balance(own_database, reserve)).available == 0


async def test_new_earnings_pay_an_old_debt_first(own_database: Database) -> None:
    studio = uuid4()
    debt, payable = Account(Kind.DEBT, str(studio)), Account(Kind.PAYABLE, str(studio))
    async with own_database.transaction() as tx:
        await tx.execute("INSERT INTO revenue_owners VALUES ($1, 'RUB', 0, 5000)", str(studio))
        await post(tx, uuid4(), debt, Account(Kind.REFUNDS_DUE), 50_00)
    await delivered(own_database, 100_00, organisations=(studio,))
    await splitter_of(own_database, StillClock()).split_batch()
    assert (await posting.balance(own_database, payable)).available == 35_00
    assert await folded(own_database, debt) == 0
    assert (
        await own_database.fetch_value("SELECT debt FROM revenue_owners WHERE owner = $1", str(studio)) == 0
    )


async def test_a_batch_that_fails_leaves_everything_to_the_next(own_database: Database) -> None:
    order, lines = await paid(own_database, 100_00)
    async with own_database.transaction() as tx:
        await record(tx, order, lines, now=NOW.replace(year=1999))
    splitter = splitter_of(own_database, StillClock())
    with pytest.raises(LookupError):
        await splitter.split_batch()
    assert await own_database.fetch_value("SELECT count(*) FROM sales WHERE split_at IS NULL") == 1
    assert await folded(own_database, PREPAID) == 100_00


async def test_two_thousand_lines_are_one_batch(own_database: Database) -> None:
    studio = uuid4()
    for _ in range(4):
        await delivered(own_database, *([9_99] * 500), organisations=(studio,))
    assert await splitter_of(own_database, StillClock(), reserve_percent=10).split_batch() == 2_000
    assert await folded(own_database, PREPAID) == 0
    assert await folded(own_database, Account(Kind.PAYABLE, str(studio))) > 0
