"""The checks find what they are for, and nothing in books that are right."""

from itertools import pairwise
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.kit.database import Database
from samovar.services.payment import invariants
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.chain import blocks
from samovar.services.payment.ledger.checking.books import SLICE_TRANSFERS, slices
from tests.services.payment.ledger.test_posting import NOW, PREPAID, filled, pending, transfer

FAULTS = [
    ("L1", "UPDATE ledger_balances SET credits_posted = credits_posted + 1"),
    ("L1", "UPDATE ledger_transfers SET currency = 'USD' WHERE code = 'purchase' AND kind = 'posted'"),
    ("L1", "DELETE FROM ledger_accounts WHERE kind = 'prepaid'"),
    ("L2", "ALTER TABLE ledger_balances DROP CONSTRAINT no_overdraft"),
    ("L2", "DROP INDEX ledger_transfers_by_pending"),
    ("L2", "ALTER TABLE ledger_balances DROP CONSTRAINT no_overdraft; UPDATE ledger_balances SET debits_posted = 9000"),
    ("L3", "UPDATE ledger_balances SET debits_posted = debits_posted - 1"),
    ("L3", "UPDATE ledger_sums SET debits_posted = debits_posted + 1"),
    ("L3", "DELETE FROM ledger_balances"),
    ("L4", "UPDATE ledger_transfers SET id = gen_random_uuid() WHERE kind = 'posted'"),
    ("L5", "UPDATE ledger_transfers SET amount = 900 WHERE kind = 'post'"),
    ("L5", "UPDATE ledger_transfers SET amount = 1 WHERE kind = 'void'"),
    ("L5", "UPDATE ledger_transfers SET expires_at = created_at - interval '2 hours' WHERE id = (SELECT id FROM held)"),
]  # fmt: skip


async def used(database: Database) -> UUID:
    """Leave books with a bit of everything; returns a pending transfer that nothing resolves."""
    payer = await filled(database, 10_000)
    held = [pending(payer, PREPAID, 800) for _ in range(3)]
    async with database.transaction() as tx:
        await posting.post(tx, [transfer(payer, PREPAID, 300), *held], now=NOW)
        await posting.post_pending(tx, held[0].id, amount=500, now=NOW)
        await posting.void(tx, held[1].id, now=NOW)
    await blocks.extend(database, now=NOW)
    async with database.transaction() as tx:
        await posting.post(tx, [transfer(payer, PREPAID, 10)], now=NOW)
    return held[2].id


async def test_right_books_have_no_fault(own_database: Database) -> None:
    await used(own_database)
    assert await invariants.faults(own_database) == []


@pytest.mark.parametrize(("rule", "harm"), FAULTS)
async def test_a_fault_is_found(own_database: Database, rule: str, harm: str) -> None:
    held = await used(own_database)
    async with own_database.transaction() as tx:
        await tx.execute("ALTER TABLE ledger_transfers DISABLE TRIGGER ledger_transfers_are_append_only")
        await tx.execute(f"CREATE TEMP TABLE held ON COMMIT DROP AS SELECT '{held}'::uuid AS id")
        await tx.execute(harm)
        await tx.execute("ALTER TABLE ledger_transfers ENABLE TRIGGER ledger_transfers_are_append_only")
    assert rule in {fault.invariant for fault in await invariants.faults(own_database)}


async def test_a_guard_that_is_off_is_found(own_database: Database) -> None:
    async with own_database.transaction() as tx:
        await tx.execute("ALTER TABLE ledger_transfers DISABLE TRIGGER ledger_transfers_are_append_only")
    (fault,) = await invariants.faults(own_database)
    assert (fault.invariant, fault.subject) == ("L2", "ledger_transfers_are_append_only")


def test_slices_cover_each_id_once() -> None:
    found = list(slices(7 * SLICE_TRANSFERS + 5))
    assert len(found) == 8
    assert found[0][0] == UUID(int=0)
    assert found[-1][1] == UUID(int=2**128 - 1)
    assert all(after[0].int == before[1].int + 1 for before, after in pairwise(found))


async def test_a_retried_posting_with_drawn_ids_is_found(own_database: Database) -> None:
    """Each attempt would move the money again: nothing tells them apart."""
    payer = await filled(own_database, 1_000)
    for _ in range(2):
        async with own_database.transaction() as tx:
            drawn = msgspec.structs.replace(transfer(payer, PREPAID, 300), id=uuid4())
            await posting.post(tx, [drawn], now=NOW)
    assert [fault.invariant for fault in await invariants.faults(own_database)] == ["L4", "L4"]
