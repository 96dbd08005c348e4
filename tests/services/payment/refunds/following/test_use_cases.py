"""A refund whose messages were lost goes on by itself."""

from datetime import timedelta

from samovar.kit.rpc.client import Peers
from samovar.services.payment.refunds.following.use_cases import PATIENCE, Following
from samovar.services.payment.refunds.judging.adapters import Library
from samovar.testing.clock import FakeClock
from tests.services.payment.refunds.shop import Desk


def following(desk: Desk, peers: Peers) -> Following:
    later = FakeClock(desk.paid_at + timedelta(hours=1) + PATIENCE)
    return Following(desk.database, library=Library(peers), clock=later)


async def test_a_lost_answer_of_library_is_asked_for(desk: Desk, peers: Peers) -> None:
    order, lines = await desk.sell([100], wallet=100)
    desk.library.granted.add(str(lines[0].id))
    await desk.ask(order)
    await following(desk, peers).resume()
    assert str(lines[0].id) in desk.library.revoked
    assert await desk.wallet(order.account_id) == 100


async def test_where_library_never_gave_a_licence_it_is_told_again(desk: Desk, peers: Peers) -> None:
    order, lines = await desk.sell([100], wallet=100)
    await desk.ask(order)
    await following(desk, peers).resume()
    told = [event for event in await desk.started() if event.order_id == order.id]
    assert [event.lines[0].line_id for event in told] == [lines[0].id] * 2
    assert await desk.wallet(order.account_id) == 0
