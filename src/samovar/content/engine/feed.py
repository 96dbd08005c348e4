"""Fetches the frames of a plan: in few ranges, some ahead, each verified before anything is unpacked.

A source may be slow, wrong or gone; whatever it sends is compared with the plan. Frames stay packed in memory until they are used, at
most `AHEAD_BYTES` of them and one range for each connection.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import Executor
from typing import NamedTuple, Protocol

from samovar.content.format.canonical import hash_of
from samovar.content.format.errors import Tampered
from samovar.content.format.packs import unpack_frame
from samovar.content.format.plan import Plan
from samovar.content.install.errors import SourceFailed

RANGE_BYTES = 8 * 1024 * 1024
AHEAD_BYTES = 64 * 1024 * 1024
UNPACKED_AHEAD = 4
USED_BYTES = 16 * 1024 * 1024
ATTEMPTS = 4


class Source(Protocol):
    """Where objects come from."""

    def read(self, key: str, offset: int, length: int) -> AsyncIterator[bytes]:
        """Yield the bytes of a range of an object, in pieces.

        Raises:
            SourceFailed: They cannot be got.
        """

    def at_once(self) -> int:
        """Return how many ranges may be read beside each other now; with 0 nothing is fetched ahead."""

    def blame(self, key: str) -> None:
        """Take note that what was read last of an object was wrong: another place may have it right."""


class Range(NamedTuple):
    """Frames that are fetched by one request.

    Attributes:
        key: Of the object.
        offset: Where it begins.
        length: Its bytes.
        frames: Numbers of the frames, in the order of the object.
    """

    key: str
    offset: int
    length: int
    frames: tuple[int, ...]


def ranges(plan: Plan, needed: Iterable[int]) -> list[Range]:
    """Return the ranges for frames: those near to each other together, up to `RANGE_BYTES`."""
    order = sorted(needed, key=lambda number: (plan.frames[number].object, plan.frames[number].offset))
    found: list[Range] = []
    for number in order:
        frame = plan.frames[number]
        last = found[-1] if found else None
        if last is not None and last.key == plan.objects[frame.object]:
            length = max(last.length, frame.offset + frame.length - last.offset)
            gap = frame.offset - last.offset - last.length
            if gap <= plan.join and length <= RANGE_BYTES:
                found[-1] = last._replace(length=length, frames=(*last.frames, number))
                continue
        found.append(Range(plan.objects[frame.object], frame.offset, frame.length, (number,)))
    return found


class Feed:
    """Gives out frames.

    Args:
        plan: The plan.
        needed: The numbers of the frames that will be asked for.
        source: Where they come from.
        threads: Verify and unpack.
        heard: Is called whenever bytes have come.

    Attributes:
        fetched: Bytes of frames that are whole and right.
        received: Bytes that have come, whatever becomes of them.
    """

    def __init__(
        self,
        plan: Plan,
        needed: Iterable[int],
        source: Source,
        threads: Executor,
        *,
        heard: Callable[[], None] = lambda: None,
    ) -> None:
        self.fetched = self.received = 0
        self._heard = heard
        self._plan = plan
        self._source = source
        self._threads = threads
        self._ranges = {number: one for one in ranges(plan, needed) for number in one.frames}
        self._packed: dict[int, bytes] = {}
        self._used: dict[int, None] = {}
        self._held = 0
        self._unpacked: OrderedDict[int, asyncio.Future[bytes]] = OrderedDict()
        self._running: dict[asyncio.Task[None], Range] = {}
        self._arrived: dict[int, asyncio.Event] = {}

    async def frames(self, numbers: Sequence[int], ahead: Sequence[int]) -> dict[int, bytes]:
        """Return frames, unpacked.

        Args:
            numbers: Which.
            ahead: Those that will be asked for next.

        Raises:
            SourceFailed: They cannot be got.
            Tampered: Every attempt gave something else.
            Malformed: The plan names a frame that cannot be unpacked.
        """
        self._fetch_ahead([*numbers, *ahead])
        found = {number: await self._frame(number) for number in numbers}
        for number in ahead[:UNPACKED_AHEAD]:
            if number in self._packed and number not in self._unpacked:
                self._unpack(number)
        while len(self._unpacked) > 2 * UNPACKED_AHEAD + len(numbers):
            _, oldest = self._unpacked.popitem(last=False)
            oldest.cancel()
        self._forget(numbers, ahead)
        return found

    async def _frame(self, number: int) -> bytes:
        if number in self._unpacked:
            self._unpacked.move_to_end(number)
            return await self._unpacked[number]
        while number not in self._packed:
            await self._arrival(number)
        return await self._unpack(number)

    def _unpack(self, number: int) -> asyncio.Future[bytes]:
        frame = self._plan.frames[number]
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(
            self._threads, unpack_frame, self._packed[number], frame.size, frame.hash
        )
        self._unpacked[number] = future
        return future

    async def _arrival(self, number: int) -> None:
        """Wait until a frame is there; fetch it again if it has been and is gone."""
        task = next((task for task, one in self._running.items() if number in one.frames), None)
        ahead = task is not None and not self._arrived[number].is_set()
        if task is None or not ahead:
            frame = self._plan.frames[number]
            alone = Range(self._plan.objects[frame.object], frame.offset, frame.length, (number,))
            task = self._start(self._ranges.get(number, alone))
        event = self._arrived[number]
        waiting = asyncio.create_task(event.wait())
        try:
            await asyncio.wait({task, waiting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        # What failed when it was fetched ahead is tried once more, now that it is needed.
        if not event.is_set() and task.done() and not ahead:
            task.result()

    def _fetch_ahead(self, numbers: Iterable[int]) -> None:
        at_once = self._source.at_once()
        planned = self._held + sum(one.length for one in self._running.values())
        for number in numbers:
            found = self._ranges.get(number)
            if found is None or number in self._packed:
                continue
            if len(self._running) >= at_once or planned >= AHEAD_BYTES:
                return
            planned += found.length
            self._start(found)

    def _start(self, found: Range) -> asyncio.Task[None]:
        for number in found.frames:
            self._ranges.pop(number, None)
            self._arrived[number] = asyncio.Event()
        task = asyncio.create_task(self._fetch(found))
        self._running[task] = found
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        if not task.cancelled():
            # Whoever waits for a frame sees the error; when nobody does, it is fetched again once it is needed.
            task.exception()

    async def _fetch(self, found: Range) -> None:
        """Fetch a range; what is missing or wrong is fetched again, from somewhere else if there is one."""
        left = list(found.frames)
        for attempt in range(1, ATTEMPTS + 1):
            try:
                await self._read(found.key, left)
            except (SourceFailed, Tampered):
                if attempt == ATTEMPTS:
                    raise
            if not left:
                return
        raise SourceFailed(f"{found.key}: the answers are too short")

    async def _read(self, key: str, left: list[int]) -> None:
        """Read the frames that are left in one request and take out those that have come."""
        frames = self._plan.frames
        begin = frames[left[0]].offset
        end = max(frames[number].offset + frames[number].length for number in left)
        held = bytearray()
        at = begin
        async for data in self._source.read(key, begin, end - begin):
            held += data
            self.received += len(data)
            self._heard()
            if len(held) > end - at:
                self._source.blame(key)
                raise SourceFailed(f"{key}: the answer is longer than what was asked for")
            while left:
                frame = frames[left[0]]
                skip = frame.offset - at
                if len(held) < skip + frame.length:
                    break
                packed = bytes(held[skip : skip + frame.length])
                del held[: skip + frame.length]
                at = frame.offset + frame.length
                await self._keep(key, left[0], packed)
                del left[0]

    async def _keep(self, key: str, number: int, packed: bytes) -> None:
        loop = asyncio.get_running_loop()
        digest = await loop.run_in_executor(self._threads, hash_of, packed)
        if digest != self._plan.frames[number].hash:
            self._source.blame(key)
            raise Tampered("a frame is not the one that was asked for")
        self.fetched += len(packed)
        self._packed[number] = packed
        self._held += len(packed)
        self._arrived[number].set()

    def _forget(self, used: Iterable[int], soon: Iterable[int]) -> None:
        """Forget frames that have been used, but for a few that may be needed again; such a one is fetched anew."""
        self._used.update(dict.fromkeys(used))
        for number in soon:
            self._used.pop(number, None)
        kept = sum(len(self._packed[number]) for number in self._used)
        while kept > USED_BYTES:
            number = next(iter(self._used))
            del self._used[number]
            dropped = len(self._packed.pop(number))
            self._held -= dropped
            kept -= dropped

    async def close(self) -> None:
        """Stop fetching."""
        running = [*self._running]
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await asyncio.gather(*self._unpacked.values(), return_exceptions=True)
