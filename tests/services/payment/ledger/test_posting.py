"""Money moves once, in whole or not at all, and never below zero where that is guarded."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.kit.database import Database
from samovar.kit.money import Money
from samovar.services.payment.ledger import posting
from samovar.services.payment.ledger.domain import Account, Kind, Transfer, leg_id
from samovar.services.payment.ledger.errors import AlreadyResolved, InsufficientFunds, TransferConflict

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
CLEARING, PREPAID = Account(Kind.CLEARING, "yookassa"), Account(Kind.PREPAID)


def wallet() -> Account:
    return Account(Kind.WALLET, str(uuid4()))


def transfer(
    debit: Account, credit: Account, amount: int, *, cause: UUID | None = None, leg: str = "a"
) -> Transfer:
    cause = cause or uuid4()
    money = Money(amount, "RUB")
    return Transfer(
        id=leg_id(cause, leg), debit=debit, credit=credit, amount=money, code="purchase", cause_id=cause
    )


def pending(debit: Account, credit: Account, amount: int, expires_at: datetime | None = None) -> Transfer:
    made = transfer(debit, credit, amount)
    return msgspec.structs.replace(made, is_pending=True, expires_at=expires_at)


async def filled(database: Database, amount: int) -> Account:
    account = wallet()
    async with database.transaction() as tx:
        await posting.post(tx, [transfer(CLEARING, account, amount)], now=NOW)
    return account


async def test_a_purchase_leaves_the_rest(own_database: Database) -> None:
    payer = await filled(own_database, 1_000)
    async with own_database.transaction() as tx:
        assert await posting.post(tx, [transfer(payer, PREPAID, 300)], now=NOW)
    assert (await posting.balance(own_database, payer)).available == 700


async def test_nobody_spends_what_is_not_there(own_database: Database) -> None:
    payer = await filled(own_database, 1_000)
    with pytest.raises(InsufficientFunds):
        async with own_database.transaction() as tx:
            await posting.post(tx, [transfer(payer, PREPAID, 1_001)], now=NOW)
    assert (await posting.balance(own_database, payer)).available == 1_000


async def test_the_same_again_moves_nothing(own_database: Database) -> None:
    payer = await filled(own_database, 1_000)
    wanted = transfer(payer, PREPAID, 300)
    async with own_database.transaction() as tx:
        assert await posting.post(tx, [wanted], now=NOW)
    async with own_database.transaction() as tx:
        assert not await posting.post(tx, [wanted], now=NOW)
    assert (await posting.balance(own_database, payer)).available == 700


async def test_another_transfer_by_the_same_name_is_refused(own_database: Database) -> None:
    payer, cause = await filled(own_database, 1_000), uuid4()
    async with own_database.transaction() as tx:
        await posting.post(tx, [transfer(payer, PREPAID, 300, cause=cause)], now=NOW)
    with pytest.raises(TransferConflict):
        async with own_database.transaction() as tx:
            await posting.post(tx, [transfer(payer, PREPAID, 301, cause=cause)], now=NOW)


async def test_what_is_set_aside_again_keeps_its_first_end(own_database: Database) -> None:
    payer = await filled(own_database, 1_000)
    first = pending(payer, PREPAID, 300, NOW + timedelta(minutes=10))
    later = msgspec.structs.replace(first, expires_at=NOW + timedelta(minutes=20))
    async with own_database.transaction() as tx:
        assert await posting.post(tx, [first], now=NOW)
    async with own_database.transaction() as tx:
        assert not await posting.post(tx, [later], now=NOW)
        assert await posting.expire(tx, first.id, now=NOW + timedelta(minutes=10))
    assert (await posting.balance(own_database, payer)).available == 1_000


async def test_a_half_new_set_of_legs_is_refused(own_database: Database) -> None:
    payer, cause = await filled(own_database, 1_000), uuid4()
    first = transfer(payer, PREPAID, 100, cause=cause, leg="a")
    async with own_database.transaction() as tx:
        await posting.post(tx, [first], now=NOW)
    with pytest.raises(TransferConflict):
        async with own_database.transaction() as tx:
            await posting.post(tx, [first, transfer(payer, PREPAID, 100, cause=cause, leg="b")], now=NOW)
    assert (await posting.balance(own_database, payer)).available == 900


async def test_many_at_once_spend_no_more_than_there_is(own_database: Database) -> None:
    payer = await filled(own_database, 1_000)

    async def buy() -> bool:
        try:
            async with own_database.transaction() as tx:
                await posting.post(tx, [transfer(payer, PREPAID, 7)], now=NOW)
        except InsufficientFunds:
            return False
        return True

    bought = await asyncio.gather(*(buy() for _ in range(160)))
    assert sum(bought) == 142
    assert (await posting.balance(own_database, payer)).available == 1_000 - 142 * 7


async def test_what_is_pending_cannot_be_spent_and_comes_back(own_database: Database) -> None:
    payer = await filled(own_database, 1_000)
    held = pending(payer, PREPAID, 800)
    async with own_database.transaction() as tx:
        await posting.post(tx, [held], now=NOW)
    assert (await posting.balance(own_database, payer)).available == 200
    async with own_database.transaction() as tx:
        assert await posting.post_pending(tx, held.id, amount=500, now=NOW)
        assert not await posting.post_pending(tx, held.id, amount=500, now=NOW)
    assert (await posting.balance(own_database, payer)).available == 500
    with pytest.raises(AlreadyResolved):
        async with own_database.transaction() as tx:
            await posting.void(tx, held.id, now=NOW)


async def test_a_pending_transfer_expires_when_its_time_is_over(own_database: Database) -> None:
    payer = await filled(own_database, 1_000)
    held = pending(payer, PREPAID, 800, NOW + timedelta(minutes=5))
    async with own_database.transaction() as tx:
        await posting.post(tx, [held], now=NOW)
    with pytest.raises(ValueError, match="not over"):
        async with own_database.transaction() as tx:
            await posting.expire(tx, held.id, now=NOW)
    async with own_database.transaction() as tx:
        assert await posting.expire(tx, held.id, now=NOW + timedelta(minutes=5))
    assert (await posting.balance(own_database, payer)).available == 1_000
