"""A promo code is used up with the order, never oversold, and free again when nobody pays."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec
import pytest

from samovar.kit.database import Database
from samovar.kit.settings import Secret
from samovar.services.payment.promo import repository, returning
from samovar.services.payment.promo.domain import PromoCode
from samovar.services.payment.promo.errors import PromoCodeExhausted
from samovar.services.payment.quotes import taking
from samovar.services.payment.quotes.domain import Quote
from tests.services.payment.conftest import SIGNING_SECRET
from tests.services.payment.promo.making import code, keep
from tests.services.payment.quotes import making
from tests.services.payment.quotes.making import NOW


async def quoted(database: Database, made: PromoCode, account_id: UUID | None = None) -> Quote:
    buyer = account_id or uuid4()
    return await making.keep(database, making.quote(buyer, promo_code_id=made.id, promo_code=made.code))


async def take(database: Database, quote: Quote) -> Quote:
    async with database.transaction() as tx:
        return await taking.take(
            tx,
            quote.id,
            account_id=quote.account_id,
            signature=None,
            secret=Secret(SIGNING_SECRET),
            now=NOW,
        )


async def give_back(database: Database, quote: Quote) -> bool:
    async with database.transaction() as tx:
        return await returning.give_back(tx, quote.id, now=NOW)


async def redeemed(database: Database, made: PromoCode) -> int:
    found = await repository.find_code(database, made.id)
    assert found is not None
    counted = (await repository.count_redemptions(database, [made.id])).get(made.id, 0)
    if found.limit_total is not None:
        assert found.redeemed == counted
    return counted


def outcomes(results: list[Any]) -> tuple[int, int]:
    taken = sum(isinstance(result, Quote) for result in results)
    refused = sum(isinstance(result, PromoCodeExhausted) for result in results)
    assert taken + refused == len(results), results
    return taken, refused


async def test_a_code_is_never_oversold(own_database: Database) -> None:
    made = await keep(own_database, code(limit_total=5))
    quotes = [await quoted(own_database, made) for _ in range(16)]
    results = await asyncio.gather(*(take(own_database, one) for one in quotes), return_exceptions=True)
    assert outcomes(results) == (5, 11)
    assert await redeemed(own_database, made) == 5


async def test_an_account_uses_a_code_as_often_as_it_may(own_database: Database) -> None:
    made, buyer = await keep(own_database, code(limit_per_account=2)), uuid4()
    quotes = [await quoted(own_database, made, buyer) for _ in range(8)]
    results = await asyncio.gather(*(take(own_database, one) for one in quotes), return_exceptions=True)
    assert outcomes(results) == (2, 6)
    assert await repository.count_uses(own_database, made.id, buyer) == 2


async def test_who_is_refused_uses_up_nothing(own_database: Database) -> None:
    made, buyer = await keep(own_database, code(limit_total=5)), uuid4()
    await take(own_database, await quoted(own_database, made, buyer))
    again = await quoted(own_database, made, buyer)
    with pytest.raises(PromoCodeExhausted):
        await take(own_database, again)
    assert await redeemed(own_database, made) == 1
    kept = await taking.find(own_database, again.id)
    assert kept is not None
    assert kept.taken_at is None


async def test_a_code_comes_back_once(own_database: Database) -> None:
    made, buyer = await keep(own_database, code(limit_total=1)), uuid4()
    quote = await quoted(own_database, made, buyer)
    await take(own_database, quote)
    results = await asyncio.gather(*(give_back(own_database, quote) for _ in range(6)))
    assert sorted(results) == [False] * 5 + [True]
    assert await redeemed(own_database, made) == 0
    await take(own_database, await quoted(own_database, made, buyer))
    assert await redeemed(own_database, made) == 1


async def test_a_purchase_without_a_code_gives_none_back(own_database: Database) -> None:
    assert not await give_back(own_database, await making.keep(own_database, making.quote(uuid4())))


@pytest.mark.parametrize(
    "fields", [{"ends_at": NOW}, {"ended_at": NOW - timedelta(minutes=1)}, {"starts_at": NOW + timedelta(1)}]
)
async def test_a_code_that_ended_since_is_refused(own_database: Database, fields: dict[str, Any]) -> None:
    made = code(**fields)
    await keep(own_database, made)
    if made.ended_at:
        async with own_database.transaction() as tx:
            await repository.end_code(tx, made.id, made.ended_at)
    with pytest.raises(PromoCodeExhausted):
        await take(own_database, await quoted(own_database, made))


async def test_a_code_that_nobody_knows_is_refused(own_database: Database) -> None:
    quote = await quoted(own_database, msgspec.structs.replace(code(), id=uuid4()))
    with pytest.raises(PromoCodeExhausted):
        await take(own_database, quote)
