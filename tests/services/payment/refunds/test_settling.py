"""Once granted, a refund reaches its end whatever is lost, doubled or late, and no kopeck goes astray."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID, uuid4

import pytest

from samovar.kit.database import Transaction
from samovar.services.payment.domain import Order, OrderLine
from samovar.services.payment.ledger.domain import Kind
from samovar.services.payment.payments.errors import RefundBeyondCaptured
from samovar.services.payment.refunds import granting, settling
from tests.services.payment.refunds.shop import NOW, Shop

Step = Callable[[Transaction], Awaitable[object]]


class Crash(Exception):
    """The process dies before its transaction commits."""


async def run(shop: Shop, step: Step) -> None:
    async with shop.database.transaction() as tx:
        await step(tx)


async def crash(shop: Shop, step: Step) -> None:
    async def die(tx: Transaction) -> None:
        await step(tx)
        raise Crash

    with pytest.raises(Crash):
        await run(shop, die)


def granted(order: Order, lines: list[OrderLine], destination: str = "instrument") -> Step:
    return lambda tx: granting.grant(
        tx,
        order_id=order.id,
        line_ids=[line.id for line in lines],
        reason="preorder_canceled",
        destination="wallet" if destination == "wallet" else "instrument",
        actor_id=None,
        now=NOW,
    )


def ended(line: OrderLine) -> Step:
    return lambda tx: settling.licence_ended(tx, line.id, now=NOW)


def arrived(part_id: UUID) -> Step:
    return lambda tx: settling.arrived(tx, part_id, now=NOW)


def refused(part_id: UUID, code: str) -> Step:
    return lambda tx: settling.refused(tx, part_id, code=code, now=NOW)


async def only_refund(shop: Shop) -> UUID:
    refund_id: UUID = await shop.database.fetch_value("SELECT id FROM refunds")
    return refund_id


async def paying(shop: Shop, finals: list[int], **sources: Any) -> tuple[Order, list[OrderLine], UUID]:
    order, lines = await shop.sell(finals, **sources)
    await run(shop, granted(order, lines))
    for line in lines:
        await run(shop, ended(line))
    return order, lines, await only_refund(shop)


async def test_money_goes_back_to_each_source(shop: Shop) -> None:
    order, _, refund_id = await paying(shop, [700, 300], bonus=200, wallet=300)
    assert await shop.bonus(order.account_id) == 200
    assert await shop.wallet(order.account_id) == 300
    assert await shop.status(refund_id) == "paying"
    assert (await shop.books())["refunds_due"] == 500
    (part_id,) = await shop.parts(refund_id)
    await run(shop, arrived(part_id))
    assert await shop.status(refund_id) == "settled"
    assert (await shop.order(order.id))[0].status == "refunded"
    books = await shop.books()
    assert {"refunds_due", "prepaid"} & set(books) == set()
    (settled,) = await shop.settled()
    assert (settled.amount.amount, settled.destination, settled.is_whole) == (1_000, "instrument", True)


async def test_nothing_moves_until_the_last_licence_is_gone(shop: Shop) -> None:
    order, lines = await shop.sell([700, 300], wallet=1_000)
    await run(shop, granted(order, lines))
    await run(shop, ended(lines[0]))
    assert await shop.wallet(order.account_id) == 0
    await run(shop, ended(lines[1]))
    assert await shop.wallet(order.account_id) == 1_000


async def test_the_player_may_choose_the_wallet(shop: Shop) -> None:
    order, lines = await shop.sell([1_000])
    await run(shop, granted(order, lines, "wallet"))
    await run(shop, ended(lines[0]))
    assert await shop.wallet(order.account_id) == 1_000
    assert (await shop.settled())[0].destination == "wallet"


@pytest.mark.parametrize("crashed_at", range(3))
async def test_a_crash_at_any_step_and_doubles_of_all_change_nothing(shop: Shop, crashed_at: int) -> None:
    order, lines = await shop.sell([1_001], bonus=100, wallet=333)

    async def at_last(tx: Transaction) -> None:
        for part_id in await shop.parts(await only_refund(shop)):
            await settling.arrived(tx, part_id, now=NOW)

    steps: list[Step] = [granted(order, lines), ended(lines[0]), at_last]
    for place, step in enumerate(steps):
        if place == crashed_at:
            await crash(shop, step)
        await run(shop, step)
        await run(shop, step)
    assert await shop.status(await only_refund(shop)) == "settled"
    assert await shop.wallet(order.account_id) == 333
    assert await shop.bonus(order.account_id) == 100
    assert await shop.books() == {"goodwill": -100, "clearing": -333, "bonus": 100, "wallet": 333}
    assert len(await shop.settled()) == 1


async def test_what_the_provider_cannot_give_back_goes_to_the_wallet(shop: Shop) -> None:
    order, _, refund_id = await paying(shop, [1_000])
    (part_id,) = await shop.parts(refund_id)
    await run(shop, refused(part_id, "too_late"))
    await run(shop, refused(part_id, "too_late"))
    assert await shop.wallet(order.account_id) == 1_000
    assert await shop.status(refund_id) == "settled"
    assert (await shop.settled())[0].destination == "wallet"


async def test_a_refusal_of_another_kind_waits_for_a_person(shop: Shop) -> None:
    order, _, refund_id = await paying(shop, [1_000])
    (part_id,) = await shop.parts(refund_id)
    await run(shop, refused(part_id, "disputed"))
    assert await shop.status(refund_id) == "paying"
    assert await shop.wallet(order.account_id) == 0


async def test_a_provider_that_pays_after_its_refusal_leaves_a_loss_and_even_books(shop: Shop) -> None:
    order, _, refund_id = await paying(shop, [1_000])
    (part_id,) = await shop.parts(refund_id)
    await run(shop, refused(part_id, "too_late"))
    await run(shop, arrived(part_id))
    await run(shop, arrived(part_id))
    assert await shop.books() == {Kind.WALLET: 1_000, Kind.LOSS: -1_000}
    assert await shop.wallet(order.account_id) == 1_000


async def test_an_arrival_that_was_held_settles_it(shop: Shop) -> None:
    _, _, refund_id = await paying(shop, [1_000])
    (part_id,) = await shop.parts(refund_id)
    await run(shop, refused(part_id, "disputed"))
    await run(shop, arrived(part_id))
    assert await shop.status(refund_id) == "settled"


async def test_refunds_of_others_are_passed_over(shop: Shop) -> None:
    await run(shop, arrived(uuid4()))
    await run(shop, refused(uuid4(), "too_late"))
    async with shop.database.transaction() as tx:
        assert not await settling.licence_ended(tx, uuid4(), now=NOW)


async def test_lines_refunded_one_by_one_take_each_source_to_its_last_kopeck(shop: Shop) -> None:
    order, lines = await shop.sell([333, 333, 335], bonus=101, wallet=299)
    for line in lines:
        await run(shop, granted(order, [line], "wallet"))
        await run(shop, ended(line))
    assert await shop.bonus(order.account_id) == 101
    assert await shop.wallet(order.account_id) == 900
    taken = await shop.database.fetch_value("SELECT bool_and(taken = paid) FROM refund_funds")
    assert taken is True


async def test_more_than_was_captured_never_leaves(shop: Shop) -> None:
    order, lines = await shop.sell([1_000])
    async with shop.database.transaction() as tx:
        await tx.execute("UPDATE payments SET refunded = 1 WHERE id = $1", order.payment_id)
    await run(shop, granted(order, lines))
    with pytest.raises(RefundBeyondCaptured):
        await run(shop, ended(lines[0]))
