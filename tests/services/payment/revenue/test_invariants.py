"""The check finds nothing in books that are right, and each fault that is planted."""

from uuid import uuid4

import pytest

from samovar.kit.database import Database
from samovar.services.payment.revenue.invariants import faults
from samovar.services.payment.revenue.reversal import reverse
from tests.services.payment.revenue.selling import NOW, StillClock, delivered, splitter_of


async def some_sales(database: Database) -> None:
    order, lines = await delivered(database, 99_99, 12_34, organisations=(uuid4(), None))
    early, early_lines = await delivered(database, 50_00, currency="KZT")
    async with database.transaction() as tx:
        await reverse(tx, order=early, line=early_lines[0], amount=10_00, refund_id=uuid4(), now=NOW)
    await splitter_of(database, StillClock(), reserve_percent=10).split_batch()
    async with database.transaction() as tx:
        await reverse(tx, order=order, line=lines[0], amount=33_33, refund_id=uuid4(), now=NOW)


async def test_right_books_have_no_faults(own_database: Database) -> None:
    assert await faults(own_database) == []
    await some_sales(own_database)
    assert await faults(own_database) == []


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE sales SET commission = commission + 1, developer = developer - 1 WHERE commission > 0",
        "UPDATE sales SET basis_before = 9000000000",
        "UPDATE sales SET vat_percent = 22",
        "UPDATE sales SET reversed_developer = reversed_developer - 1 WHERE reversed_developer > 0",
        "UPDATE sale_reversals SET amount = amount - 1, commission = commission - 1 WHERE commission > 0",
        "UPDATE sale_reversals SET amount = amount + 1 WHERE is_early",
        "UPDATE revenue_owners SET developer = developer + 1",
        "UPDATE revenue_owners SET basis = basis + 1",
        "UPDATE revenue_owners SET debt = debt + 1",
        "UPDATE reserve_holds SET released_at = now(), released = 0",
        'UPDATE tier_tables SET tiers = \'[{"above": 0, "basis_points": 1600}]\'',
    ],
)
async def test_a_planted_fault_is_found(own_database: Database, harm: str) -> None:
    await some_sales(own_database)
    async with own_database.transaction() as tx:
        await tx.execute(harm)
    found = await faults(own_database)
    assert {fault.invariant for fault in found} == {"L8"}
