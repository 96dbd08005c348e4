"""Those who bought before a game was out are told when it is, once, page by page."""

from uuid import UUID, uuid4

import msgspec

from samovar.kit.money import Money
from samovar.services.notification.releases.use_cases import Releases
from samovar.services.payment.contract.events import GiftAccepted, OrderPaid, RefundedLine, RefundStarted
from tests.services.notification.conftest import NOW, Ears
from tests.services.notification.happenings import app_changed, order_paid


def _releases(ears: Ears) -> Releases:
    return Releases(ears.database, teller=ears.teller, clock=ears.clock)


async def _hear(ears: Ears, *events: object) -> Releases:
    releases = _releases(ears)
    for event in events:
        await ears.hear(event, provided={"releases": releases})  # type: ignore[arg-type]
    return releases


def _taken_back(order: OrderPaid) -> RefundStarted:
    (line,) = order.lines
    return RefundStarted(
        refund_id=uuid4(),
        order_id=order.order_id,
        account_id=order.account_id,
        lines=(
            RefundedLine(
                line_id=line.line_id,
                package_id=line.package_id,
                app_ids=line.app_ids,
                recipient_id=line.recipient_id,
                amount=Money(1, "RUB"),
            ),
        ),
        reason="preorder_canceled",
        started_at=NOW,
    )


async def _count(ears: Ears, kind: str) -> int:
    found: int = await ears.database.fetch_value("SELECT count(*) FROM notifications WHERE kind = $1", kind)
    return found


async def test_who_waits_is_told_once_and_pages_leave_nobody_out(ears: Ears) -> None:
    game = uuid4()
    orders = [order_paid(uuid4(), apps=(game,), is_preorder=True) for _ in range(501)]
    releases = await _hear(ears, app_changed(game, stage="coming_soon"), *orders)
    assert await releases.tell() == 0
    await _hear(ears, app_changed(game, version=2))
    assert await releases.tell() == 501
    assert await releases.tell() == 0
    assert await _count(ears, "preorder_released") == 501


async def test_a_purchase_that_is_heard_of_after_the_release_is_told_too(ears: Ears) -> None:
    game, buyer = uuid4(), uuid4()
    releases = await _hear(ears, app_changed(game), order_paid(buyer, apps=(game,), is_preorder=True))
    assert await releases.tell() == 1
    (told, _) = await ears.inbox_of(buyer)
    assert (told.kind, told.link) == ("preorder_released", "/game/veter")


async def test_what_was_given_back_is_not_waited_for_in_either_order(ears: Ears) -> None:
    game = uuid4()
    first, second = (order_paid(uuid4(), apps=(game,), is_preorder=True) for _ in range(2))
    releases = await _hear(ears, first, _taken_back(first), _taken_back(second), second)
    await _hear(ears, app_changed(game))
    assert await releases.tell() == 0
    assert await releases.forget_lost_lines() == 0
    ears.clock.advance(46 * 86_400)
    assert await releases.forget_lost_lines() == 2


async def test_a_gift_counts_for_whoever_takes_it(ears: Ears) -> None:
    game, buyer, friend = uuid4(), uuid4(), uuid4()
    order = order_paid(buyer, apps=(game,), is_preorder=True)
    line = msgspec.structs.replace(order.lines[0], recipient_id=friend, is_gift=True)
    accepted = GiftAccepted(
        gift_id=uuid4(),
        line_id=line.line_id,
        sender_id=buyer,
        recipient_id=friend,
        package_id=line.package_id,
        app_ids=(game,),
        accepted_at=NOW,
    )
    releases = await _hear(
        ears,
        app_changed(game, stage="coming_soon"),
        msgspec.structs.replace(order, lines=(line,)),
        accepted,
        app_changed(game, version=2),
    )
    assert await releases.tell() == 1
    assert await ears.kinds(friend) == ["preorder_released"]


async def test_a_game_that_is_out_makes_no_pre_order_of_a_gift(ears: Ears) -> None:
    game: UUID = uuid4()
    gift = GiftAccepted(
        gift_id=uuid4(),
        line_id=uuid4(),
        sender_id=uuid4(),
        recipient_id=uuid4(),
        package_id=uuid4(),
        app_ids=(game,),
        accepted_at=NOW,
    )
    releases = await _hear(ears, app_changed(game), gift)
    assert await releases.tell() == 0
