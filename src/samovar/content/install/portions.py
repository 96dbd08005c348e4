"""A plan's steps as portions: what is written at once, and which frames of the stream it needs.

A portion is a part of a file that is put together, a piece of one that is patched, or a whole file that is copied or empty. A group is
portions in their order that need little of the stream, so that a thread is asked once for many small files.
"""

from bisect import bisect_right
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Literal, NamedTuple

from samovar.content.format.plan import Build, Copy, Piece, Plan
from samovar.content.format.reading import Part, Work, works
from samovar.content.format.tree import Tree

GROUP_BYTES = 8 * 1024 * 1024
GROUP_PORTIONS = 512
GROUP_FRAMES = 2
LOCAL = {"old", "built", "itself", "found"}

Origin = Literal["old", "built", "itself", "stream", "found", "copy", "patch", "nothing"]


class Portion(NamedTuple):
    """What is written at once.

    Attributes:
        step: Position of its step in the plan.
        offset: Where it begins in the new file.
        size: Its bytes.
        last: Whether the file is complete with it.
        origin: Where its bytes come from.
        number: Of the file that they come from.
        at: Where they begin there, or in the stream.
        chunk: Id of the chunk that they are; empty if they are none.
        piece: Of a patch, else None.
    """

    step: int
    offset: int
    size: int
    last: bool
    origin: Origin
    number: int
    at: int
    chunk: bytes
    piece: Piece | None


class Group(NamedTuple):
    """Portions that are written one after another.

    Attributes:
        portions: In order.
        frames: Numbers of the frames that they need, in order.
    """

    portions: list[Portion]
    frames: tuple[int, ...]


class Place(NamedTuple):
    """Where a chunk was found on the disk.

    Attributes:
        number: Of the file in the list of what was found.
        offset: In the file.
        until: The last position in the plan at which the file is still there.
    """

    number: int
    offset: int
    until: int


class Stock:
    """What lies on the disk already when the plan starts from the empty tree.

    Args:
        intact: Numbers of the new files that are complete.
        places: Chunks of other files.
    """

    def __init__(self, intact: Container[int] = (), places: Mapping[bytes, Place] | None = None) -> None:
        self.intact = intact
        self.places = places or {}


class Frames:
    """Which frames hold which part of the stream."""

    def __init__(self, plan: Plan) -> None:
        self.starts = [0, *accumulate(frame.size for frame in plan.frames)]

    def over(self, at: int, size: int) -> range:
        """Return the numbers of the frames that hold `size` bytes of the stream from `at`."""
        first = bisect_right(self.starts, at) - 1
        last = first
        while self.starts[last + 1] < at + size:
            last += 1
        return range(first, last + 1)


def portions(plan: Plan, old: Tree, new: Tree, stock: Stock) -> Iterator[Portion]:
    """Yield the portions of all steps whose file is not intact.

    Raises:
        Malformed: As `works`.
    """
    for position, work in enumerate(works(plan, old, new)):
        if work.step.file in stock.intact:
            continue
        file = new.files[work.step.file].file
        if isinstance(work.step, Copy):
            yield Portion(position, 0, file.size, True, "copy", work.step.old, 0, b"", None)
        elif not file.size:
            yield Portion(position, 0, 0, True, "nothing", 0, 0, b"", None)
        elif isinstance(work.step, Build):
            yield from _parts(position, work.parts, file.size, stock)
        else:
            yield from _pieces(position, work, file.size)


def _parts(position: int, parts: Iterable[Part], size: int, stock: Stock) -> Iterator[Portion]:
    offset = 0
    for part in parts:
        end = offset + part.chunk.size
        origin: Origin = part.origin
        number, at = part.number, part.offset
        place = stock.places.get(part.chunk.id) if origin == "stream" else None
        if place is not None and place.until >= position:
            origin, number, at = "found", place.number, place.offset
        yield Portion(position, offset, part.chunk.size, end == size, origin, number, at, part.chunk.id, None)
        offset = end


def _pieces(position: int, work: Work, size: int) -> Iterator[Portion]:
    offset = 0
    for piece, at in work.pieces:
        end = offset + piece.size
        yield Portion(position, offset, piece.size, end == size, "patch", 0, at, b"", piece)
        offset = end


def needs(portion: Portion, frames: Frames) -> range:
    """Return the numbers of the frames that a portion needs."""
    if portion.origin == "stream":
        return frames.over(portion.at, portion.size)
    if portion.piece is not None:
        return frames.over(portion.at, portion.piece.delta)
    return range(0)


def grouped(found: Iterable[Portion], frames: Frames) -> Iterator[Group]:
    """Put portions into groups."""
    held: list[Portion] = []
    needed: dict[int, None] = {}
    size = 0
    for portion in found:
        more = [number for number in needs(portion, frames) if number not in needed]
        full = size + portion.size > GROUP_BYTES or len(held) >= GROUP_PORTIONS
        if held and (full or len(needed) + len(more) > GROUP_FRAMES):
            yield Group(held, tuple(needed))
            held, needed, size = [], {}, 0
            more = [*needs(portion, frames)]
        held.append(portion)
        needed.update(dict.fromkeys(more))
        size += portion.size
    if held:
        yield Group(held, tuple(needed))


def runs(found: Sequence[Portion]) -> Iterator[list[Portion]]:
    """Yield portions, those together that lie one after another in one other file."""
    run: list[Portion] = []
    for portion in found:
        last = run[-1] if run else None
        if (
            last is None
            or portion.origin not in LOCAL
            or portion.origin == "itself"
            or (portion.step, portion.origin, portion.number) != (last.step, last.origin, last.number)
            or portion.at != last.at + last.size
        ):
            if run:
                yield run
            run = []
        run.append(portion)
    if run:
        yield run
