"""The queue of this computer: fetches games by the engine, one after another, and tells the platform how far each is."""

import asyncio
import logging
import os
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import aiohttp

from samovar.client.state.downloads.here import Here, Stage
from samovar.client.state.downloads.speed import SAMPLES_MAX
from samovar.client.window.record import Kept
from samovar.content.engine.downloads import Download, Queue
from samovar.content.engine.installing import Tell, open_folder
from samovar.content.engine.mirrors import new_session
from samovar.content.engine.pace import Pace, Schedule
from samovar.content.format.errors import ContentError
from samovar.content.install.errors import NoSpace, SourceFailed
from samovar.sdk.api import Api
from samovar.sdk.clock import Clock
from samovar.sdk.errors import Offline, Refused, SdkError
from samovar.sdk.launcher.fetching import GameAtPlatform, Wanted, get

_log = logging.getLogger(__name__)
TICK_S = 1.0
REPORT_EVERY_S = 2.0
# A download that broke off for want of a connection goes on by itself: soon at first, then less often.
AGAIN_S = (15.0, 60.0, 300.0)
_THREADS_MAX = 8


class Fetcher:
    """Fetches games.

    Args:
        api: The platform, as the player, patient enough for an order.
        device_id: This computer, as the platform knows it.
        here: What screens see.
        clock: The time.
        limit: Bytes a second at most.
        ended: Called with a game when it is complete.

    Attributes:
        heard: The state of each download in the platform's queue, as it was told or heard last: the same is not told again.
    """

    def __init__(
        self,
        api: Api,
        device_id: str,
        here: Here,
        *,
        clock: Clock,
        limit: int | None,
        ended: Callable[[str], None],
    ) -> None:
        self._api = api
        self._device_id = device_id
        self._here = here
        self._clock = clock
        self._ended = ended
        self.heard: dict[str, str] = {}
        self._queue = Queue(changed=self._changed)
        self._pace = Pace(
            Schedule(otherwise=limit), now=lambda: clock.now().astimezone(), monotonic=clock.monotonic
        )
        threads = min(_THREADS_MAX, 2 * (os.cpu_count() or 1))
        self.pool = ThreadPoolExecutor(threads, thread_name_prefix="content")
        self._contents: aiohttp.ClientSession | None = None
        self._orders: dict[str, GameAtPlatform] = {}
        self._turns: dict[str, asyncio.Lock] = {}
        self._attempts: dict[str, int] = {}
        self._fetched: dict[str, int] = {}
        self._samples: dict[str, deque[int]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def order(self) -> list[str]:
        """The games of the queue, the first one first."""
        return [one.name for one in self._queue.downloads]

    def row(self, game_id: str) -> str | None:
        """Return the id of a game's row in the platform's queue, once it was ordered."""
        order = self._orders.get(game_id)
        return str(order.ordered.id) if order is not None and order.ordered is not None else None

    def add(self, game_id: str, kept: Kept, *, whole: bool = False, paused: bool = False) -> None:
        """Put a game at the end of the queue: to install, update or, with `whole`, to look at every byte and mend it."""
        if self._holds(game_id):
            return
        self._see(game_id, "queued", folder=kept.folder, name=kept.name, done=0, total=0)
        self._queue.add(game_id, partial(self._bring, game_id, kept, whole))
        if paused:
            self._queue.pause(game_id)

    def pause(self, game_id: str) -> None:
        """Stop a game where it is."""
        if self._holds(game_id):
            self._queue.pause(game_id)

    def resume(self, game_id: str) -> None:
        """Let a game go on that is paused or has failed."""
        if self._holds(game_id):
            self._queue.resume(game_id)

    def put(self, game_id: str, position: int) -> None:
        """Give a game another place in the queue, 0 being the first."""
        if self._holds(game_id):
            self._queue.move(game_id, position)
            order = self.order
            first = {one: self._here.games[one] for one in order if one in self._here.games}
            self._here.games = {**first, **self._here.games}

    async def drop(self, game_id: str) -> None:
        """Take a game out of the queue; returns when nothing works on its folder any more."""
        if self._holds(game_id):
            await self._queue.remove(game_id)
            self._forget(game_id)

    def limit(self, bytes_per_s: int | None) -> None:
        """Let no more bytes come in a second, from now on."""
        self._pace.schedule = Schedule(otherwise=bytes_per_s)

    async def tell(self, game_id: str, **change: object) -> None:
        """Tell the platform how a download stands, one word after another."""
        order, state = self._orders.get(game_id), change.get("state")
        if state is not None and state == self.heard.get(game_id):
            return
        if order is not None and order.ordered is not None:
            if state is not None:
                self.heard[game_id] = str(state)
            async with self._turns.setdefault(game_id, asyncio.Lock()):
                await order.tell(**change)

    async def close(self) -> None:
        """Stop everything where it is."""
        for task in self._tasks:
            task.cancel()
        await self._queue.close()
        if self._contents is not None:
            await self._contents.close()
        self.pool.shutdown(wait=False, cancel_futures=True)

    def _holds(self, game_id: str) -> bool:
        return game_id in self.order

    async def _bring(self, game_id: str, kept: Kept, whole: bool, tell: Tell, /) -> None:  # noqa: FBT001  Given by `partial`.
        if self._contents is None:
            self._contents = new_session()
        wanted = Wanted(
            game_id=UUID(game_id),
            device_id=self._device_id,
            branch=kept.branch,
            password=kept.password,
        )
        ticking = asyncio.create_task(self._tick(game_id))
        try:
            async with open_folder(Path(kept.folder), self.pool) as folder:
                order = GameAtPlatform(self._api, self._contents, folder, wanted, clock=self._clock)
                self._orders[game_id] = order
                await get(
                    order, self._contents, folder, self._pace, clock=self._clock, tell=tell, whole=whole
                )
        finally:
            ticking.cancel()
            await asyncio.wait({ticking})

    async def _tick(self, game_id: str) -> None:
        """Show how far a game is once a second, and tell the platform less often."""
        self._fetched[game_id] = 0
        is_told = False
        told_at = self._clock.monotonic() - REPORT_EVERY_S
        while True:
            await asyncio.sleep(TICK_S)
            self._show(game_id)
            ordered = order.ordered if (order := self._orders.get(game_id)) else None
            if ordered is None or self._clock.monotonic() - told_at < REPORT_EVERY_S:
                continue
            told_at = self._clock.monotonic()
            if not is_told:
                await self.tell(game_id, state="running")
                is_told = True
            # Its state is told once: the player may have changed it from elsewhere since.
            elif total := self._here.of(game_id).total:
                share = self._here.of(game_id).done / total
                await self.tell(game_id, done_bytes=round(ordered.download_bytes * share))

    def _show(self, game_id: str) -> None:
        download = next((one for one in self._queue.downloads if one.name == game_id), None)
        if download is None:
            return
        progress = download.progress
        # Looked for on the disk first: nothing is fetched, and it is no slow download.
        if progress.fetched:
            samples = self._samples.setdefault(game_id, deque(maxlen=SAMPLES_MAX))
            samples.append(max(0, progress.fetched - self._fetched.get(game_id, 0)))
            self._fetched[game_id] = progress.fetched
        self._see(
            game_id,
            "running",
            done=progress.done,
            total=progress.total,
            samples=tuple(self._samples.get(game_id, ())),
        )

    def _changed(self, download: Download) -> None:
        game_id, status = download.name, download.status
        match status:
            case "done":
                self._later(self._complete(game_id))
            case "failed":
                self._fail(game_id, download.error)
            case "queued" | "running" | "paused":
                self._samples.pop(game_id, None)
                self._see(game_id, status, samples=(), failure="", said="", needed=0)
                if status != "running":
                    self._later(self.tell(game_id, state=status))

    async def _complete(self, game_id: str) -> None:
        await self._queue.remove(game_id)
        self._forget(game_id)
        self._see(game_id, "installed", samples=(), done=0, total=0)
        self._ended(game_id)

    def _fail(self, game_id: str, error: BaseException | None) -> None:
        code, said = _why(error)
        needed = error.needed if isinstance(error, NoSpace) else 0
        self._see(game_id, "failed", samples=(), failure=code, said=said, needed=needed)
        self._later(self.tell(game_id, state="failed", failure=code))
        if isinstance(error, Offline | SourceFailed):
            self._later(self._again(game_id))

    async def _again(self, game_id: str) -> None:
        attempt = self._attempts.get(game_id, 0)
        self._attempts[game_id] = attempt + 1
        await asyncio.sleep(AGAIN_S[min(attempt, len(AGAIN_S) - 1)])
        if self._here.of(game_id).stage == "failed":
            self.resume(game_id)

    def _see(self, game_id: str, stage: Stage, **change: Any) -> None:
        self._here.see(game_id, replace(self._here.of(game_id), stage=stage, **change))

    def _forget(self, game_id: str) -> None:
        for kept in (self._orders, self._turns, self._attempts, self._fetched, self._samples, self.heard):
            kept.pop(game_id, None)

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _why(error: BaseException | None) -> tuple[str, str]:
    """Return the code of a failure, and what the platform said of it where it was the platform's."""
    match error:
        case ContentError():
            return error.code, ""
        case Refused() | Offline() if error.problem:
            return str(error.problem.get("code") or "client.refused"), str(error.problem.get("detail") or "")
        case Offline():
            return "client.offline", ""
        case SdkError():
            return "client.signed_out", ""
        case OSError():
            return "computer.disk", error.strerror or ""
    _log.error("a download broke off", exc_info=error)
    return "computer.fault", ""
