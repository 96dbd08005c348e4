"""The blocking face of `client`, for programs without an event loop: its coroutines run in a thread of their own."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self, TypeVar

from samovar.sdk.client import GameClient

CALL_TIMEOUT_S = 120.0

T = TypeVar("T")


class BlockingGame:
    """A game client that waits: `with BlockingGame(make) as game: game.call(game.client.saves.sync())`.

    Args:
        make: Makes the client; called in the thread in which it lives.
    """

    client: GameClient

    def __init__(self, make: Callable[[], GameClient]) -> None:
        self._make = make
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="samovar-sdk", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        try:
            self.client = self.call(self._begin())
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self.call(self.client.__aexit__(kind, error, trace))
        finally:
            self._end()

    def call(self, coroutine: Coroutine[Any, Any, T], *, timeout_s: float = CALL_TIMEOUT_S) -> T:
        """Run a coroutine of the client to its end and return what it returns.

        Raises:
            TimeoutError: It takes longer than that.
        """
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout_s)

    async def _begin(self) -> GameClient:
        return await self._make().__aenter__()

    def _end(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
