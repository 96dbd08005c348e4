"""Quotes that became no order are forgotten after a day."""

from datetime import timedelta
from uuid import uuid4

from samovar.kit.database import Database
from samovar.services.payment.quotes import jobs, repository, taking
from samovar.services.payment.quotes.use_cases import KEPT, Forgetting
from samovar.testing.clock import FakeClock
from tests.services.payment.quotes.making import NOW, keep, quote


async def test_what_nobody_took_is_forgotten_after_a_day(own_database: Database) -> None:
    made = [await keep(own_database, quote(uuid4())) for _ in range(3)]
    later = made[0].expires_at + timedelta(seconds=1)
    fresh = await keep(own_database, quote(uuid4(), expires_at=later))
    async with own_database.transaction() as tx:
        await repository.mark_taken(tx, made[0].id, NOW)
    clock = FakeClock(made[0].expires_at + KEPT + timedelta(milliseconds=1))
    await jobs.forget_quotes.function(Forgetting(own_database, clock))
    kept = [await taking.find(own_database, one.id) is not None for one in (*made, fresh)]
    assert kept == [True, False, False, True]
