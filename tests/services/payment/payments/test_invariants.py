"""The checks of payments find what is wrong, and nothing where all is well."""

from uuid import uuid4

import msgspec
import pytest

from samovar.kit.database import Database
from samovar.kit.money import Money
from samovar.services.payment.chargebacks import repository
from samovar.services.payment.chargebacks.domain import Chargeback
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer
from samovar.services.payment.payments.invariants import faults
from tests.services.payment.payments.desk import NOW, Desk, Till


@pytest.fixture
async def till(own_database: Database) -> Till:
    """Return payments: one that is paid, one whose money goes back, one that waits."""
    till = Till(own_database, Desk("yookassa"))
    for amount in (None, 900):
        payment_id = await till.start()
        await till.driver.advance(payment_id)
        till.desks[0].pay(amount=amount, income=800)
        await till.driver.hear(payment_id)
    await till.driver.advance(await till.start())
    return till


async def test_nothing_is_found_where_all_is_well(till: Till) -> None:
    assert await faults(till.database) == []
    await till.settle(3)
    assert await faults(till.database) == []


@pytest.mark.parametrize(
    ("change", "invariant"),
    [
        ("UPDATE payments SET refunded = 10 WHERE failure_code IS NULL AND captured > 0", "L6"),
        ("UPDATE payment_refunds SET amount = amount + 1", "L6"),
        ("UPDATE payments SET captured = captured + 1 WHERE captured > 0", "L7"),
        ("UPDATE payments SET fee = fee + 1 WHERE failure_code IS NULL AND fee > 0", "L12"),
    ],
)
async def test_what_does_not_agree_is_found(till: Till, change: str, invariant: str) -> None:
    async with till.database.transaction() as tx:
        assert await tx.execute(change)
    assert invariant in {fault.invariant for fault in await faults(till.database)}


async def test_what_a_bank_took_and_gave_back_is_in_its_place(till: Till) -> None:
    case = Chargeback(
        id=uuid4(),
        payment_id=await till.database.fetch_value(
            "SELECT id FROM payments WHERE state = 'captured' LIMIT 1"
        ),
        account_id=uuid4(),
        provider="yookassa",
        case_id="case-1",
        amount=100,
        currency="RUB",
        covered=100,
        reason="fraud",
        note=None,
        status="opened",
        actor_id=uuid4(),
        opened_at=NOW,
    )
    async with till.database.transaction() as tx:
        await repository.insert(tx, case)
        await posting.post(tx, [case.taken()], now=NOW)
    assert await faults(till.database) == []
    won = msgspec.structs.replace(case, status="won", note="won", decider_id=uuid4(), decided_at=NOW)
    async with till.database.transaction() as tx:
        await repository.decide(tx, won)
        await posting.post(tx, [won.returned()], now=NOW)
    assert await faults(till.database) == []


async def test_money_that_left_clearing_for_nothing_is_found(till: Till) -> None:
    stray = Transfer(
        id=uuid4(),
        debit=Account(Kind.CLEARING, "yookassa"),
        credit=Account(Kind.PREPAID),
        amount=Money(1, "RUB"),
        code="capture",
        cause_id=uuid4(),
    )
    async with till.database.transaction() as tx:
        await posting.post(tx, [stray], now=NOW)
    assert [fault.invariant for fault in await faults(till.database)] == ["L12"]
