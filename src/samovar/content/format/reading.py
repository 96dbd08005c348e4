"""What a plan's numbers mean: where each chunk of a file comes from, and what lies in the stream of fetched frames."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import Literal, NamedTuple

from samovar.content.format.canonical import hash_of
from samovar.content.format.chunking import Chunk
from samovar.content.format.errors import Malformed, Tampered
from samovar.content.format.packs import unpack_frame
from samovar.content.format.plan import Build, Copy, Patch, Piece, Plan
from samovar.content.format.tree import Tree

# Steps take deltas and chunks in turn, each in the order of the stream.
FRAMES_HELD = 8

Origin = Literal["old", "built", "itself", "stream"]


class Part(NamedTuple):
    """A part of a file that is put together, the size of one chunk.

    Attributes:
        chunk: What it must be.
        origin: An old file, a new file that is complete, this very file, or the stream.
        number: Of the file; of what is fetched, its number among the fetched chunks.
        offset: In the file; or in the stream.
    """

    chunk: Chunk
    origin: Origin
    number: int
    offset: int


class PieceAt(NamedTuple):
    """A piece of a patched file and where its delta lies in the stream."""

    piece: Piece
    at: int


class Work(NamedTuple):
    """A step with its numbers resolved.

    Attributes:
        step: The step.
        parts: Of a `Build`, in order.
        pieces: Of a `Patch`, in order.
    """

    step: Copy | Build | Patch
    parts: list[Part]
    pieces: list[PieceAt]


def works(plan: Plan, old: Tree, new: Tree) -> Iterator[Work]:
    """Yield the steps of a plan in their order.

    Raises:
        Malformed: The plan names more or fewer chunks than its steps need, or a place outside the stream.
    """
    total = sum(frame.size for frame in plan.frames)
    fetched = _Fetched(plan.chunks, total)
    delta_end = 0
    for step in plan.steps:
        parts: list[Part] = []
        pieces: list[PieceAt] = []
        if isinstance(step, Build):
            parts = [fetched.placed(part) for part in local_parts(step, old, new)]
        elif isinstance(step, Patch):
            for piece in step.pieces:
                pieces.append(PieceAt(piece, delta_end + piece.gap))
                delta_end = _inside(delta_end + piece.gap, piece.delta, total)
        yield Work(step, parts, pieces)
    fetched.close()


class _Fetched:
    """Gives the chunks that are fetched their numbers and places, in the order in which they are met."""

    def __init__(self, gaps: tuple[int, ...], total: int) -> None:
        self._gaps = gaps
        self._total = total
        self._places: dict[bytes, tuple[int, int]] = {}
        self._end = 0

    def placed(self, part: Part) -> Part:
        """Return a part with its place, if it is fetched."""
        if part.origin != "stream":
            return part
        if part.chunk.id not in self._places:
            number = len(self._places)
            if number == len(self._gaps):
                raise Malformed("the plan fetches fewer chunks than its steps need")
            at = self._end + self._gaps[number]
            self._end = _inside(at, part.chunk.size, self._total)
            self._places[part.chunk.id] = (number, at)
        number, at = self._places[part.chunk.id]
        return part._replace(number=number, offset=at)

    def close(self) -> None:
        """Refuse a plan that fetches more than its steps need."""
        if len(self._places) != len(self._gaps):
            raise Malformed("the plan fetches more chunks than its steps need")


def _inside(at: int, size: int, total: int) -> int:
    if at < 0 or at + size > total:
        raise Malformed("a place lies outside what the plan fetches")
    return at + size


def local_parts(step: Build, old: Tree, new: Tree) -> Iterator[Part]:
    """Yield where each chunk of a file comes from; of those that no file has, only that they are fetched."""
    places: dict[bytes, tuple[Origin, int, int]] = {}
    for number in step.sources:
        _add_places(places, "old", number, old)
    for number in step.built:
        _add_places(places, "built", number, new)
    offset = 0
    for chunk in new.chunks(new.files[step.file].file):
        yield Part(chunk, *places.get(chunk.id, ("stream", 0, 0)))
        places.setdefault(chunk.id, ("itself", step.file, offset))
        offset += chunk.size


def _add_places(
    places: dict[bytes, tuple[Origin, int, int]], origin: Origin, number: int, tree: Tree
) -> None:
    offset = 0
    for chunk in tree.chunks(tree.files[number].file):
        places.setdefault(chunk.id, (origin, number, offset))
        offset += chunk.size


class Stream:
    """The fetched frames of a plan as one long sequence of bytes, of which a few frames are in memory.

    Args:
        plan: The plan.
        read: Returns bytes of an object of the store: its key, an offset and a length.
    """

    def __init__(self, plan: Plan, read: Callable[[str, int, int], bytes]) -> None:
        self._plan = plan
        self._read = read
        self._starts = [0, *accumulate(frame.size for frame in plan.frames)]
        self._held: dict[int, bytes] = {}

    def read(self, at: int, size: int) -> bytes:
        """Return bytes of the stream; what is read in order is fetched once.

        Raises:
            Tampered: A frame is not what the plan says.
            Malformed: A frame cannot be unpacked, or the place lies outside the stream.
        """
        found = []
        _inside(at, size, self._starts[-1])
        while size:
            number = bisect_right(self._starts, at) - 1
            start = at - self._starts[number]
            data = self._frame(number)[start : start + size]
            found.append(data)
            at, size = at + len(data), size - len(data)
        return b"".join(found)

    def chunk(self, part: Part) -> bytes:
        """Return a chunk that is fetched.

        Raises:
            Tampered: It is not what its id says.
            Malformed: As `read`.
        """
        data = self.read(part.offset, part.chunk.size)
        if hash_of(data) != part.chunk.id:
            raise Tampered(f"a chunk is not what its id {part.chunk.id.hex()} says")
        return data

    def _frame(self, number: int) -> bytes:
        data = self._held.pop(number, None)
        if data is None:
            frame = self._plan.frames[number]
            packed = self._read(self._plan.objects[frame.object], frame.offset, frame.length)
            data = unpack_frame(packed, frame.size, frame.hash)
        self._held[number] = data
        if len(self._held) > FRAMES_HELD:
            del self._held[next(iter(self._held))]
        return data


def last_readers(steps: Iterable[Copy | Build | Patch]) -> dict[int, int]:
    """Return for each old file that is read the position of the last step that reads it."""
    last: dict[int, int] = {}
    for position, step in enumerate(steps):
        for number in reads(step):
            last[number] = position
    return last


def reads(step: Copy | Build | Patch) -> tuple[int, ...]:
    """Return the numbers of the old files that a step reads."""
    if isinstance(step, Copy):
        return (step.old,)
    return step.sources if isinstance(step, Build) else step.olds
