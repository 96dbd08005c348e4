"""One browser at the process: whose it is, and what it must not be told."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from flet.controls.page import Page
from flet.messaging.protocol import Message, MessageAction, SessionCrashedBody
from flet_web.fastapi.flet_app import FletApp
from flet_web.fastapi.flet_app_manager import app_manager
from starlette.websockets import WebSocket

from samovar.client.browser import Browser

SESSION_TIMEOUT_S = 120
_FORBIDDEN = 1_008
_CODE_BYTES = 4

log = structlog.get_logger(__name__)


Main = Callable[[Page, Browser], Awaitable[object]]


class _Unprinted(Message):
    """A message that Flet does not print: it makes the text of each for its log, kept or not, which took a tenth of the processor's time."""

    def __repr__(self) -> str:
        return self.action.name


class _Connection(FletApp):  # type: ignore[misc]  # Flet's server has no annotations.
    """A connection that tells the browser of a fault by a code alone, Flet would send the stack trace; and that may be closed.

    Between the end of its socket and the session's hearing of it Flet fails on whatever is sent, and with that the session draws nothing
    any more, also for the browser that comes back. Nothing is lost by leaving it out: who comes back is sent all of the page.
    """

    def send_message(self, message: Message) -> None:
        if self._FletApp__send_queue is None:
            return
        if message.action == MessageAction.SESSION_CRASHED:
            code = secrets.token_hex(_CODE_BYTES).upper()
            log.error("session crashed", code=code, reason=getattr(message.body, "message", ""))
            message = Message(MessageAction.SESSION_CRASHED, SessionCrashedBody(f"UI-{code}"))
        super().send_message(_Unprinted(message.action, message.body))


async def connect(socket: WebSocket, main: Main) -> None:
    """Serve one connection until it ends; a page of another origin gets none."""
    if not is_own(socket.headers):
        await socket.close(_FORBIDDEN)
        return
    browser = Browser(socket.headers, socket.cookies)

    async def begin(page: Page) -> None:
        await main(page, browser)

    connection: Any = _Connection(
        loop=asyncio.get_running_loop(),
        executor=app_manager.executor,
        main=begin,
        before_main=None,
        session_timeout_seconds=SESSION_TIMEOUT_S,
    )
    await connection.handle(socket)


def is_own(headers: Mapping[str, str]) -> bool:
    """Return whether a handshake comes from a page of our own origin: browsers always say from which."""
    return headers.get("origin", "").partition("://")[2] == headers.get("host", "-")
