"""The checks of quotes, promo codes and gifts find what must never be, and nothing else."""

from uuid import uuid4

import pytest

from samovar.kit.database import Database
from samovar.kit.ids import new_id
from samovar.services.payment.gifts import invariants as gifts
from samovar.services.payment.gifts import sending
from samovar.services.payment.promo import invariants as promo
from samovar.services.payment.promo import redeeming, repository
from samovar.services.payment.quotes import invariants as quotes
from tests.services.payment.gifts.making import ordered
from tests.services.payment.promo import making
from tests.services.payment.quotes.making import NOW, keep, quote


async def ruin(database: Database, sql: str) -> None:
    async with database.transaction() as tx:
        await tx.execute(sql)


async def test_a_gift_opens_nothing_before_it_is_accepted(own_database: Database) -> None:
    order, lines = await ordered(own_database, uuid4(), uuid4())
    (missing,) = await gifts.faults(own_database)
    assert "no gift was sent" in missing.detail
    async with own_database.transaction() as tx:
        await sending.send(tx, order, lines, now=NOW, new_id=new_id)
    assert await gifts.faults(own_database) == []
    await ruin(own_database, "UPDATE order_lines SET licensed_at = now()")
    (early,) = await gifts.faults(own_database)
    assert early.subject == f"order line {lines[0].id}"
    await ruin(own_database, "UPDATE gifts SET state = 'accepted', resolved_at = now()")
    assert await gifts.faults(own_database) == []


@pytest.mark.parametrize(
    "change", ["total = total - 1, subtotal = total", "currency = 'USD'", "taken_at = NULL"]
)
async def test_an_order_costs_what_was_quoted(own_database: Database, change: str) -> None:
    await ordered(own_database, uuid4(), uuid4())
    await ruin(own_database, "UPDATE quotes SET taken_at = now()")
    assert await quotes.faults(own_database) == []
    await ruin(own_database, f"UPDATE quotes SET {change}")
    assert len(await quotes.faults(own_database)) == 1


async def test_what_is_counted_of_a_code_is_what_was_redeemed(own_database: Database) -> None:
    made = await making.keep(own_database, making.code(limit_total=3))
    bought = await keep(own_database, quote(uuid4(), promo_code_id=made.id, promo_code=made.code))
    async with own_database.transaction() as tx:
        await redeeming.redeem(tx, bought, now=NOW)
    assert await promo.faults(own_database) == []
    await ruin(own_database, "UPDATE promo_codes SET redeemed = 0")
    await ruin(own_database, "UPDATE promo_uses SET uses = 0")
    found = await promo.faults(own_database)
    assert [fault.subject for fault in found] == [
        f"promo code {made.id}",
        f"promo code {made.id} of {bought.account_id}",
    ]
    assert await repository.count_uses(own_database, made.id, bought.account_id) == 0
