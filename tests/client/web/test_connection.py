"""The connection of one browser, at its end."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from flet.messaging.protocol import Message, MessageAction

from samovar.client.web.connection import _Connection


async def test_what_is_drawn_while_the_browser_leaves_is_left_out() -> None:
    connection: Any = _Connection(
        loop=asyncio.get_running_loop(), executor=ThreadPoolExecutor(1), main=lambda _: None, before_main=None
    )
    drawn = Message(MessageAction.PATCH_CONTROL, None)
    queue: asyncio.Queue[bytes] = asyncio.Queue()
    connection._FletApp__send_queue = queue
    connection.send_message(drawn)
    # So Flet leaves it once the socket is closed, before the session hears of it.
    connection._FletApp__send_queue = None
    connection.send_message(drawn)
    assert queue.qsize() == 1
