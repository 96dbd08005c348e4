"""Counts that are kept are dropped in time, and who waits is woken."""

import asyncio
import time
from uuid import uuid4

from samovar.services.notification.inbox.bell import KEPT_S, Bell
from samovar.testing.hosting import WAIT_S
from tests.services.notification.conftest import Ears
from tests.services.notification.happenings import order_paid


async def test_a_kept_count_lives_until_the_bell_rings_or_its_time_is_over(ears: Ears) -> None:
    now, me = [100.0], uuid4()
    bell = Bell(ears.database, monotonic=lambda: now[0], waiting_max=1)
    assert (await bell.count(me)).unread == 0
    await ears.hear(order_paid(me))
    assert (await bell.count(me)).unread == 0
    now[0] += KEPT_S
    assert (await bell.count(me)).unread == 1
    await ears.hear(order_paid(me))
    bell.ring([uuid4()])
    assert (await bell.count(me)).unread == 1
    bell.ring([me])
    assert (await bell.count(me)).unread == 2


async def test_who_waits_is_woken_long_before_their_time_is_over(ears: Ears) -> None:
    me = uuid4()
    bell = Bell(ears.database, monotonic=time.monotonic, waiting_max=1)
    waiting = asyncio.create_task(bell.await_other(me, lambda count: count.unread == 0, 3_600))
    await ears.hear(order_paid(me))
    async with asyncio.timeout(WAIT_S):
        while not waiting.done():
            bell.ring([me])
            await asyncio.sleep(0.01)
    assert waiting.result().unread == 1


async def test_more_than_may_wait_are_answered_at_once(ears: Ears) -> None:
    bell = Bell(ears.database, monotonic=time.monotonic, waiting_max=0)
    async with asyncio.timeout(WAIT_S):
        assert (await bell.await_other(uuid4(), lambda _: True, 3_600)).unread == 0


async def test_old_notifications_are_forgotten(ears: Ears) -> None:
    me = uuid4()
    await ears.hear(order_paid(me))
    assert await ears.inbox.forget_old() == 0
    ears.clock.advance(181 * 86_400)
    assert await ears.inbox.forget_old() == 1
    assert await ears.kinds(me) == []
