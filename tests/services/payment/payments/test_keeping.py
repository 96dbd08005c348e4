"""Instruments that are kept for next time: so many of an account and no more, however many payments end at one moment."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

from samovar.kit.database import Database
from samovar.services.payment.payments.domain import Payment
from samovar.services.payment.payments.instruments.domain import METHODS_MAX
from samovar.services.payment.payments.instruments.keeping import Instruments
from samovar.services.payment.providers.port import Instrument
from tests.services.payment.payments.desk import NOW


def paid(account_id: UUID) -> Payment:
    return Payment(
        id=uuid4(),
        purpose="top_up",
        purpose_id=uuid4(),
        account_id=account_id,
        method="card",
        amount=1_000,
        currency="RUB",
        description="a top-up",
        save_method=True,
        state="captured",
        provider="first",
        expires_at=NOW + timedelta(hours=1),
        created_at=NOW,
    )


async def test_of_many_payments_at_one_moment_no_more_instruments_are_kept_than_may_be(
    own_database: Database,
) -> None:
    instruments, account_id = Instruments(uuid4), uuid4()
    ready = asyncio.Barrier(4)

    async def keep(number: int) -> None:
        async with own_database.transaction() as tx:
            if number >= METHODS_MAX - 2:
                # All of these have begun before one of them ends.
                await tx.fetch_value("SELECT count(*) FROM saved_methods")
                await ready.wait()
            card = Instrument(token=f"card-{number}", title=f"•• {number}")
            await instruments.keep(tx, paid(account_id), card, NOW)

    for number in range(METHODS_MAX - 2):
        await keep(number)
    await asyncio.gather(*(keep(number) for number in range(METHODS_MAX - 2, METHODS_MAX + 2)))
    kept = await own_database.fetch_value(
        "SELECT count(*) FROM saved_methods WHERE account_id = $1", account_id
    )
    assert kept == METHODS_MAX
