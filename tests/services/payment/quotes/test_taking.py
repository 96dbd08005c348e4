"""A quote is taken once, in time, by whose it is, and as it was signed."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.errors import SamovarError
from samovar.kit.settings import Secret
from samovar.services.payment.errors import QuoteNotFound
from samovar.services.payment.quotes import taking
from samovar.services.payment.quotes.domain import Quote
from samovar.services.payment.quotes.errors import QuoteExpired, QuoteTaken, QuoteTampered
from tests.services.payment.conftest import SIGNING_SECRET
from tests.services.payment.quotes.making import NOW, keep, line, quote


async def take(
    database: Database,
    made: Quote,
    *,
    account_id: UUID | None = None,
    signature: str | None = None,
    secret: str = SIGNING_SECRET,
    now: datetime = NOW,
) -> Quote:
    async with database.transaction() as tx:
        return await taking.take(
            tx,
            made.id,
            account_id=account_id or made.account_id,
            signature=signature,
            secret=Secret(secret),
            now=now,
        )


async def taken(database: Database) -> int:
    return int(await database.fetch_value("SELECT count(*) FROM quotes WHERE taken_at IS NOT NULL"))


async def test_what_is_taken_is_what_was_quoted(own_database: Database) -> None:
    owner, friend = uuid4(), uuid4()
    gift = line(friend, 5_000, is_gift=True, message="С днём рождения!", bundle_id=uuid4())
    made = await keep(own_database, quote(owner, line(owner, organisation_id=None), gift))
    got = await take(own_database, made, signature=made.signature)
    assert (got.lines, got.total, got.taken_at) == (made.lines, made.total, NOW)


async def test_a_quote_is_taken_once(own_database: Database) -> None:
    made = await keep(own_database, quote(uuid4()))
    results = await asyncio.gather(*(take(own_database, made) for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(result, Quote) for result in results) == 1
    assert sum(isinstance(result, QuoteTaken) for result in results) == 7


async def test_a_quote_runs_out(own_database: Database) -> None:
    made = await keep(own_database, quote(uuid4()))
    with pytest.raises(QuoteExpired):
        await take(own_database, made, now=made.expires_at)
    assert await taken(own_database) == 0
    await take(own_database, made, now=made.expires_at - timedelta(microseconds=1))
    assert await taken(own_database) == 1


async def test_nobody_takes_the_quote_of_another(own_database: Database) -> None:
    made = await keep(own_database, quote(uuid4()))
    with pytest.raises(QuoteNotFound):
        await take(own_database, made, account_id=uuid4())
    with pytest.raises(QuoteNotFound):
        await take(own_database, quote(uuid4()))
    assert await taken(own_database) == 0


@pytest.mark.parametrize("sent", ["", "x", "подпись"])
async def test_another_signature_is_refused(own_database: Database, sent: str) -> None:
    made = await keep(own_database, quote(uuid4()))
    with pytest.raises(QuoteTampered):
        await take(own_database, made, signature=sent)
    assert await taken(own_database) == 0


@pytest.mark.parametrize(
    "change",
    [
        "total = total - 1",
        "expires_at = expires_at + interval '1 hour'",
        "currency = 'USD'",
        "lines = jsonb_set(lines, '{0,final}', '1')",
    ],
)
async def test_a_quote_that_was_changed_in_the_database_is_refused(
    own_database: Database, change: str
) -> None:
    made = await keep(own_database, quote(uuid4()))
    async with own_database.transaction() as tx:
        await tx.execute(f"UPDATE quotes SET {change}")
    with pytest.raises(QuoteTampered):
        await take(own_database, made)


async def test_another_secret_takes_nothing(own_database: Database) -> None:
    made = await keep(own_database, quote(uuid4()))
    with pytest.raises(QuoteTampered):
        await take(own_database, made, secret="another secret, which is as long as it must be")


async def test_an_order_that_fails_leaves_the_quote_free(own_database: Database) -> None:
    made = await keep(own_database, quote(uuid4()))

    async def fail() -> None:
        async with own_database.transaction() as tx:
            await taking.take(
                tx,
                made.id,
                account_id=made.account_id,
                signature=None,
                secret=Secret(SIGNING_SECRET),
                now=NOW,
            )
            raise SamovarError("the wallet is empty")

    with pytest.raises(SamovarError):
        await fail()
    assert (await take(own_database, made)).id == made.id
