"""The queue of a device: which games are fetched, in which order, and what the player sees of it.

A download that is paused, moved back or taken out is stopped where it is; the folder goes on from there whenever it is its turn again.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Literal, Protocol

from samovar.content.engine.installing import Progress, Tell

ACTIVE = 1
NOTHING = Progress(0, 0, 0)

Status = Literal["queued", "running", "paused", "done", "failed"]


class Work(Protocol):
    """Brings one game to its newest build; it may be stopped at any moment and called again."""

    def __call__(self, tell: Tell, /) -> Awaitable[object]:
        """Do it."""


class Steady:
    """Progress that never goes back, whatever happens to the plan on the way."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._last = NOTHING

    def __call__(self, progress: Progress) -> None:
        """Pass on how far it is."""
        total = max(progress.total, self._last.total)
        self._last = Progress(
            max(progress.done, self._last.done), total, max(progress.fetched, self._last.fetched)
        )
        self._tell(self._last)


@dataclass(slots=True)
class Download:
    """A game in the queue.

    Attributes:
        name: Of the game, unique in the queue.
        status: What it does.
        progress: How far it is.
        error: Why it failed.
    """

    name: str
    work: Work
    status: Status = "queued"
    progress: Progress = NOTHING
    error: BaseException | None = None
    task: "asyncio.Task[None] | None" = None
    tell: Steady = field(init=False)

    def __post_init__(self) -> None:
        self.tell = Steady(self._note)

    def _note(self, progress: Progress) -> None:
        self.progress = progress


class Queue:
    """Runs downloads, the first ones first.

    Args:
        active: How many at once.
        changed: Is called when something about a download has changed, but for its progress.
    """

    def __init__(self, *, active: int = ACTIVE, changed: Callable[[Download], None] = lambda _: None) -> None:
        self._active = active
        self._changed = changed
        self._downloads: list[Download] = []
        self._rest = asyncio.Event()
        self._rest.set()

    @property
    def downloads(self) -> tuple[Download, ...]:
        """All, in their order."""
        return tuple(self._downloads)

    def add(self, name: str, work: Work) -> Download:
        """Put a game at the end.

        Raises:
            ValueError: It is in the queue already.
        """
        if any(one.name == name for one in self._downloads):
            raise ValueError(f"{name} is in the queue already")
        download = Download(name, work)
        self._downloads.append(download)
        self._balance()
        return download

    def move(self, name: str, position: int) -> None:
        """Move a game to a place, 0 being the first."""
        download = self._find(name)
        self._downloads.remove(download)
        self._downloads.insert(position, download)
        self._balance()

    def pause(self, name: str) -> None:
        """Stop a game until it is resumed."""
        download = self._find(name)
        if download.status in {"queued", "running"}:
            self._set(download, "paused")
            self._balance()

    def resume(self, name: str) -> None:
        """Let a game go on that is paused or has failed."""
        download = self._find(name)
        if download.status in {"paused", "failed"}:
            download.error = None
            self._set(download, "queued")
            self._balance()

    async def remove(self, name: str) -> None:
        """Take a game out; returns when nothing works on its folder any more."""
        download = self._find(name)
        self._downloads.remove(download)
        if download.task is not None:
            download.task.cancel()
            await asyncio.wait({download.task})
        self._balance()

    async def wait(self) -> None:
        """Return when nothing runs and nothing is to run."""
        await self._rest.wait()

    async def close(self) -> None:
        """Stop everything where it is."""
        running = [one.task for one in self._downloads if one.task is not None]
        for download in self._downloads:
            if download.status in {"queued", "running"}:
                download.status = "paused"
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)

    def _find(self, name: str) -> Download:
        for download in self._downloads:
            if download.name == name:
                return download
        raise LookupError(f"{name} is not in the queue")

    def _set(self, download: Download, status: Status) -> None:
        download.status = status
        self._changed(download)

    def _balance(self) -> None:
        """Let the first ones run, and no others; one that is being stopped keeps its place until it has."""
        wanted = [one for one in self._downloads if one.status in {"queued", "running"}][: self._active]
        for download in self._downloads:
            if download.task is not None and download not in wanted:
                download.task.cancel()
                if download.status == "running":
                    self._set(download, "queued")
        for download in wanted:
            busy = sum(one.task is not None for one in self._downloads)
            if download.task is None and busy < self._active:
                self._set(download, "running")
                download.task = asyncio.create_task(self._run(download))
                download.task.add_done_callback(partial(self._ended, download))
        if any(one.task is not None for one in self._downloads):
            self._rest.clear()
        else:
            self._rest.set()

    async def _run(self, download: Download) -> None:
        await download.work(download.tell)
        self._set(download, "done")

    def _ended(self, download: Download, task: "asyncio.Task[None]") -> None:
        download.task = None
        error = None if task.cancelled() else task.exception()
        if error is not None:
            download.error = error
            self._set(download, "failed")
        self._balance()
