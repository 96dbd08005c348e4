"""Installs, updates, repairs and resumes: the network, the threads and one operation brought together.

The loop is never held up: everything that reads, hashes, unpacks or writes is done by threads; one of them alone writes.
"""

import asyncio
import errno
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

from samovar.content.engine.feed import Feed, Source
from samovar.content.install.disk import Disk
from samovar.content.install.errors import NoSpace
from samovar.content.install.journal import Begun
from samovar.content.install.looking import Report, verify
from samovar.content.install.operation import Operation, begin, check_app, resume, standing
from samovar.content.install.portions import Group
from samovar.content.install.removing import remove
from samovar.content.install.state import Installed, Lock, State
from samovar.content.install.trust import Offer, Trust

AHEAD_GROUPS = 16
FULL = {errno.ENOSPC, errno.EDQUOT}

T = TypeVar("T")


class Progress(NamedTuple):
    """How far an operation is, in bytes.

    Attributes:
        done: Written and verified.
        total: To be written in all.
        fetched: Come over the network to this process, also of frames that are not whole yet.
    """

    done: int
    total: int
    fetched: int


Tell = Callable[[Progress], None]


class Result(NamedTuple):
    """What an operation did.

    Attributes:
        installed: What is installed now.
        fetched: Bytes fetched.
        aside: Files of the player's that stood in the way, now or earlier, and are kept in `.samovar/aside`.
    """

    installed: Installed
    fetched: int
    aside: list[str]


class Folder:
    """A game's folder that this process holds.

    Args:
        state: Its state folder.
        threads: Verify and unpack.
        writer: One thread that writes.
    """

    def __init__(self, state: State, threads: Executor, writer: Executor) -> None:
        self._state = state
        self._threads = threads
        self._writer = writer
        self.trust = Trust(state)
        self.installed: Installed | None = None
        self.under_way: Begun | None = None
        self._certain = True

    async def look(self) -> None:
        """Find out how things stand."""
        self.installed, self.under_way, self._certain = await self._write(standing, self._state)

    def belong(self, app: bytes) -> None:
        """See that the folder is of an app, or of none yet, before anything is asked for and remembered for it.

        Raises:
            Occupied: Another app is installed here.
        """
        check_app(self._state, app, self.under_way, self.installed)

    @property
    def base(self) -> str | None:
        """The build from which a plan may start; None when it has to be the empty tree."""
        if self.installed is None or self.under_way is not None or not self._certain:
            return None
        return self.installed.build

    async def install(
        self,
        offer: Offer,
        source: Source,
        *,
        tell: Tell = lambda _: None,
        anew: bool = False,
    ) -> Result:
        """Bring the folder to what is offered. With a plan from the empty tree this is also a repair.

        Args:
            offer: What.
            source: Gives the bytes.
            tell: Is told how far it is.
            anew: Do not go on with an operation that has the same plan: what it found on the disk is not there any more.

        Raises:
            Occupied: Another app is installed here.
            Damaged: Files are not what the plan starts from; a plan from the empty tree mends that.
            NoSpace: The disk has no room.
            SourceFailed: The bytes cannot be got; the folder can be resumed, as after any other error.
            Tampered: Something is not what was signed.
            Malformed: Something does not follow the format.
        """
        with _full_disk():
            operation = await self._write(lambda: begin(self._state, offer, self._threads, anew=anew))
        return await self._run(operation, source, tell)

    async def resume(self, source: Source, *, tell: Tell = lambda _: None) -> Result:
        """Go on with what is under way; raises as `install`."""
        with _full_disk():
            operation = await self._write(resume, self._state)
        return await self._run(operation, source, tell)

    async def verify(self, *, tell: Callable[[int], None] = lambda _: None) -> Report:
        """Compare the folder with what is installed, every byte of it.

        Raises:
            LookupError: Nothing is installed.
        """
        installed = self.installed
        if installed is None:
            raise LookupError("nothing is installed here")
        tree = await self._write(installed.tree)
        return await self._write(lambda: verify(self._state.game, tree, self._threads, tell=tell))

    async def remove(self, app: bytes) -> bool:
        """Take a game off the disk, and this folder with it where nothing of the player's lies in it; returns whether it is gone.

        Raises:
            Occupied: Another app is installed here.
        """
        self.belong(app)
        gone = await self._write(remove, self._state)
        self.installed, self.under_way, self._certain = None, None, True
        return gone

    async def _run(self, operation: Operation, source: Source, tell: Tell) -> Result:
        feed: Feed | None = None

        def show() -> None:
            if feed is not None:
                tell(Progress(total - left + operation.builder.verified, total, feed.received))

        try:
            with _full_disk():
                needed, left, total = await self._write(operation.left)
                feed = Feed(operation.plan, needed, source, self._threads, heard=show)
                await self._take(operation, feed, show)
                installed = await self._write(operation.finish, self._state)
        except BaseException:
            # What is written already need not be fetched again.
            await self._write(_stop, operation)
            raise
        finally:
            if feed is not None:
                await feed.close()
        self.installed, self.under_way, self._certain = installed, None, True
        aside = sorted(path.name for path in self._state.aside.iterdir())
        return Result(installed, feed.fetched, aside)

    async def _take(self, operation: Operation, feed: Feed, show: Callable[[], None]) -> None:
        groups = operation.groups()
        loop = asyncio.get_running_loop()
        ahead: deque[Group] = deque()
        writing: asyncio.Future[None] | None = None
        show()
        try:
            while True:
                if len(ahead) < AHEAD_GROUPS // 2:
                    ahead.extend(await loop.run_in_executor(self._threads, _next, groups))
                if not ahead:
                    break
                group = ahead.popleft()
                soon = dict.fromkeys(number for one in ahead for number in one.frames)
                frames = await feed.frames(group.frames, [*soon])
                if writing is not None:
                    await writing
                    show()
                writing = loop.run_in_executor(self._writer, operation.builder.take, group, frames)
            if writing is not None:
                await writing
                show()
        finally:
            if writing is not None:
                await asyncio.wait({writing})
                # Another error was first.
                writing.exception()

    async def _write(self, work: Callable[..., T], *arguments: object) -> T:
        """Do something in the thread that writes; also when this task is cancelled, it is waited for."""
        future = asyncio.get_running_loop().run_in_executor(self._writer, work, *arguments)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            await asyncio.wait({future})
            raise


def _next(groups: Iterator[Group]) -> list[Group]:
    return [*islice(groups, AHEAD_GROUPS // 2)]


def _stop(operation: Operation) -> None:
    try:
        with suppress(OSError):
            operation.builder.pause()
    finally:
        operation.close()


@contextmanager
def _full_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise NoSpace from None
        raise


@asynccontextmanager
async def open_folder(game: Path, threads: Executor, *, disk: Disk | None = None) -> AsyncIterator[Folder]:
    """Hold a game's folder.

    Raises:
        Busy: Another process holds it.
        OSError: It cannot be read or written.
    """
    state = State(game, disk or Disk())
    with ThreadPoolExecutor(1, thread_name_prefix="writer") as writer:
        await asyncio.get_running_loop().run_in_executor(writer, state.prepare)
        with Lock(state):
            folder = Folder(state, threads, writer)
            await folder.look()
            yield folder
