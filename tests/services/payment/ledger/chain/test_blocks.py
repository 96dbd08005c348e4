"""The chain seals what is long past, and names the first transfer that was altered."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.money import Money
from samovar.services.payment import invariants
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.chain import blocks
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.testing.hosting import WAIT_S

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
CLEARING, PREPAID = Account(Kind.CLEARING, "yookassa"), Account(Kind.PREPAID)


def capture(amount: int = 100) -> Transfer:
    cause = uuid4()
    return Transfer(
        id=leg_id(cause, "capture"),
        debit=CLEARING,
        credit=PREPAID,
        amount=Money(amount, "RUB"),
        code="capture",
        cause_id=cause,
    )


async def written(database: Database, *amounts: int) -> list[UUID]:
    made = [capture(amount) for amount in amounts]
    async with database.transaction() as tx:
        await posting.post(tx, made, now=NOW)
    return [transfer.id for transfer in made]


async def chained(database: Database, transfers: int) -> None:
    """Make blocks until so many more transfers are in them: a transaction anywhere on this server may hold them back for a moment."""
    async with asyncio.timeout(WAIT_S):
        while transfers > 0:
            transfers -= await blocks.extend(database, now=NOW)
            await asyncio.sleep(0)
    assert transfers == 0


async def harm(database: Database, sql: str, *args: object) -> None:
    async with database.transaction() as tx:
        await tx.execute("ALTER TABLE ledger_transfers DISABLE TRIGGER ledger_transfers_are_append_only")
        await tx.execute("ALTER TABLE ledger_blocks DISABLE TRIGGER ledger_blocks_are_append_only")
        await tx.execute(sql, *args)
        await tx.execute("ALTER TABLE ledger_transfers ENABLE TRIGGER ledger_transfers_are_append_only")


async def test_a_balance_is_the_same_before_and_after_it_is_rolled_up(own_database: Database) -> None:
    await written(own_database, 1, 2, 3)
    before = await posting.balance(own_database, PREPAID)
    await chained(own_database, 3)
    assert await blocks.extend(own_database, now=NOW) == 0
    assert await posting.balance(own_database, PREPAID) == before
    await written(own_database, 4)
    assert (await posting.balance(own_database, PREPAID)).credits_posted == 10


async def test_nothing_is_chained_that_an_open_transaction_may_come_before(own_database: Database) -> None:
    """It has its number already and commits later: it would stand before the end of the chain and in no block."""
    await written(own_database, 9)
    await chained(own_database, 1)
    async with own_database.transaction() as early:
        await posting.post(early, [capture(1)], now=NOW)
        await written(own_database, 2)
        assert await blocks.extend(own_database, now=NOW) == 0
    await chained(own_database, 2)
    verdict = await blocks.verify(own_database)
    assert (verdict.transfers, verdict.fault) == (3, None)


async def test_transactions_are_ordered_as_numbers(own_database: Database) -> None:
    """999 comes before 1000, which as text it does not."""
    first, second = await written(own_database, 1, 2)
    move = "UPDATE ledger_transfers SET written_in = $2::text::xid8 WHERE id = $1"
    await harm(own_database, move, first, "99")
    await harm(own_database, move, second, "100")
    await chained(own_database, 2)
    assert (await blocks.verify(own_database)).fault is None
    assert await invariants.faults(own_database) == []


async def test_two_writers_make_one_chain(own_database: Database) -> None:
    for _ in range(4):
        await written(own_database, *range(1, 301))
    done = await asyncio.gather(*(blocks.extend(own_database, now=NOW) for _ in range(6)))
    assert sum(done) == 1_200
    verdict = await blocks.verify(own_database)
    assert (verdict.blocks, verdict.transfers, verdict.fault) == (2, 1_200, None)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE ledger_transfers SET amount = amount + 1 WHERE id = $1", "is not as it was put into block 2"),
        ("UPDATE ledger_transfers SET code = 'gift' WHERE id = $1", "is not as it was put into block 2"),
        ("UPDATE ledger_transfers SET created_at = created_at - interval '1 us' WHERE id = $1", "is not as it was"),
        ("DELETE FROM ledger_transfers WHERE id = $1", "was taken out of block 2"),
    ],
)  # fmt: skip
async def test_the_altered_transfer_is_named(own_database: Database, change: str, told: str) -> None:
    await written(own_database, 1, 2, 3)
    await chained(own_database, 3)
    ids = await written(own_database, 4, 5, 6)
    await chained(own_database, 3)
    await harm(own_database, change, ids[1])
    fault = (await blocks.verify(own_database)).fault
    assert fault is not None
    assert (fault.invariant, fault.subject) == ("L3", f"transfer {ids[1]}")
    assert told in fault.detail


async def test_a_transfer_slipped_in_among_old_ones_is_named(own_database: Database) -> None:
    first = await written(own_database, 1, 2)
    await chained(own_database, 2)
    await harm(
        own_database,
        """
        INSERT INTO ledger_transfers OVERRIDING SYSTEM VALUE
        SELECT $2, kind, credit_account_id, debit_account_id, 1, currency, code, cause_id, NULL, NULL, NULL, NULL, created_at,
            written_in, -1
        FROM ledger_transfers WHERE id = $1
        """,
        first[1],
        leg_id(first[0], "slipped in"),
    )
    fault = (await blocks.verify(own_database)).fault
    assert fault is not None
    assert fault.subject == f"transfer {leg_id(first[0], 'slipped in')}"


async def test_a_block_written_anew_is_seen(own_database: Database) -> None:
    await written(own_database, 1, 2)
    await chained(own_database, 2)
    await harm(own_database, "UPDATE ledger_blocks SET leaves = overlay(leaves PLACING '\\x00' FROM 40)")
    fault = (await blocks.verify(own_database)).fault
    assert fault is not None
    assert fault.subject == "block 1"


async def test_a_block_cut_off_the_end_is_seen(own_database: Database) -> None:
    await written(own_database, 1)
    await chained(own_database, 1)
    await written(own_database, 2)
    await chained(own_database, 1)
    await harm(own_database, "DELETE FROM ledger_blocks WHERE number = 2")
    fault = (await blocks.verify(own_database)).fault
    assert fault is not None
    assert fault.subject == "block 2"


async def test_data_of_another_server_is_told_from_its_counter(own_database: Database) -> None:
    await written(own_database, 1)
    await chained(own_database, 1)
    await harm(own_database, "UPDATE ledger_position SET written_in = '9000000000000'")
    fault = (await blocks.verify(own_database)).fault
    assert fault is not None
    assert fault.subject == "the end of the chain"
