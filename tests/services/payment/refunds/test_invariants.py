"""The check of refunds finds nothing on the way, and each planted fault."""

from collections.abc import Sequence

import pytest

from samovar.kit.database import Database
from samovar.services.payment.refunds import granting, invariants, settling
from samovar.services.payment.refunds.domain import Wish
from tests.services.payment.refunds.shop import NOW, Shop


async def found(database: Database) -> Sequence[str]:
    return [str(fault) for fault in await invariants.faults(database)]


async def refund(shop: Shop) -> None:
    """Bring a refund to where the provider is to answer, and look after each step."""
    order, lines = await shop.sell([700, 300], bonus=200, wallet=300)
    async with shop.database.transaction() as tx:
        locked, _ = await granting.lock(tx, order.id, None)
        amounts = {line.id: line.final for line in lines}
        wish = Wish(reason="asked", destination="instrument", needs_review=True)
        begun = await granting.begin(tx, locked, lines, amounts, wish, now=NOW)
    assert await found(shop.database) == []
    async with shop.database.transaction() as tx:
        await granting.approve(tx, begun, actor_id=order.account_id, note="Да", now=NOW)
    assert await found(shop.database) == []
    async with shop.database.transaction() as tx:
        for line in lines:
            await settling.licence_ended(tx, line.id, now=NOW)
    assert await found(shop.database) == []


async def test_nothing_is_wrong_on_the_way(shop: Shop) -> None:
    await refund(shop)
    part_id = await shop.database.fetch_value("SELECT id FROM refund_parts WHERE destination = 'instrument'")
    async with shop.database.transaction() as tx:
        await settling.arrived(tx, part_id, now=NOW)
    assert await found(shop.database) == []


async def test_a_rejected_refund_leaves_nothing_behind(shop: Shop) -> None:
    order, lines = await shop.sell([700], wallet=300)
    async with shop.database.transaction() as tx:
        locked, _ = await granting.lock(tx, order.id, None)
        wish = Wish(reason="asked", destination="instrument", needs_review=True)
        begun = await granting.begin(tx, locked, lines, {lines[0].id: 700}, wish, now=NOW)
        await granting.reject(tx, begun, actor_id=order.account_id, note="Нет", now=NOW)
    # What was dropped is no part any more, and the line may be asked for again.
    assert [line for line in await found(shop.database) if "refund " not in line] == []
    assert (await shop.order(order.id))[1][0].refund_pending == 0


@pytest.mark.parametrize(
    ("fault", "what"),
    [
        ("UPDATE order_lines SET refunded = refunded + 1, refund_pending = refund_pending - 1", "line"),
        ("UPDATE refund_funds SET taken = taken - 1", "source"),
        ("UPDATE refunds SET amount = amount + 1", "refund"),
        ("UPDATE refunds SET status = 'settled'", "refund"),
    ],
)
async def test_a_planted_fault_is_found(shop: Shop, fault: str, what: str) -> None:
    await refund(shop)
    async with shop.database.transaction() as tx:
        await tx.execute(fault)
    assert any(f"L6  {what} " in line for line in await found(shop.database))
