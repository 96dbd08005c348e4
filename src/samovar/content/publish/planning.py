"""The planner: for each file the cheapest of keeping, copying, a delta and chunks, in an order that needs little disk.

A file that the old build has is copied, one for which a delta is stored is patched when that costs less than its missing chunks, any
other is put together from chunks; a file of which the old build has nothing is fetched whole by the same means.
"""

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from samovar.content.format.errors import Unplannable
from samovar.content.format.packs import Pack
from samovar.content.format.plan import (
    JOIN_GAP_BYTES,
    VERSION,
    Build,
    Copy,
    Frame,
    Patch,
    Piece,
    Plan,
    Step,
    kept,
    ranges,
)
from samovar.content.format.reading import last_readers, local_parts, reads
from samovar.content.format.tree import Tree
from samovar.content.publish.pairing import Delta, DeltaSet

REQUEST_BYTES = 4 * 1024 * 1024
REQUESTS_FREE = 16


class FrameAt(NamedTuple):
    """A stored frame: key of its object, where it lies there, what it unpacks to, and its BLAKE3."""

    key: str
    offset: int
    length: int
    size: int
    hash: bytes


class Place(NamedTuple):
    """Where a chunk lies.

    Attributes:
        frame: The frame.
        at: Where it begins in the unpacked frame.
        fill: 0 in the packs of builds, else the number of the set of deltas that it fills up, from 1.
    """

    frame: FrameAt
    at: int
    fill: int


class Stored:
    """What the store has: where chunks lie, and which deltas there are.

    Args:
        packs: Packs of chunks.
        deltas: Sets of deltas; their fill is packs of chunks, too.
    """

    def __init__(self, packs: Iterable[Pack], deltas: Iterable[DeltaSet] = ()) -> None:
        self.chunks: dict[bytes, list[Place]] = defaultdict(list)
        self.deltas: dict[bytes, list[tuple[Delta, DeltaSet]]] = defaultdict(list)
        sets = list(deltas)
        self.fills = len(sets)
        for fill, packs_of in enumerate([packs, *(one.fill for one in sets)]):
            for pack in packs_of:
                for frame, ids_sizes in _frames(pack, pack.key):
                    at = 0
                    for chunk_id, size in ids_sizes:
                        self.chunks[chunk_id].append(Place(frame, at, fill))
                        at += size
        for one in sets:
            for delta in one.deltas:
                self.deltas[delta.new].append((delta, one))


def _frames(pack: Pack, key: str) -> Iterator[tuple[FrameAt, list[tuple[bytes, int]]]]:
    offset = 0
    for frame in pack.index.frames:
        yield (
            FrameAt(key, offset, frame.length, frame.size, frame.hash),
            [(chunk.id, chunk.size) for chunk in frame.chunks()],
        )
        offset += frame.length


def stream_frames(deltas: DeltaSet) -> list[tuple[FrameAt, int]]:
    """Return the frames of a set of deltas with where each begins in the set's stream."""
    found = []
    start = 0
    for pack in deltas.packs:
        for place, _ in _frames(pack, f"deltas/{pack.id.hex()}"):
            found.append((place, start))
            start += place.size
    return found


def make_plan(old: Tree, new: Tree, stored: Stored) -> Plan:
    """Return the cheapest plan from one tree to another.

    Raises:
        Unplannable: A chunk that is needed is not stored.
    """
    return _Planner(old, new, stored).plan()


class _Planner:
    def __init__(self, old: Tree, new: Tree, stored: Stored) -> None:
        self._old = old
        self._new = new
        self._stored = stored
        self._kept = kept(old, new)
        self._by_content = {file.hash: number for number, (_, file) in reversed(list(enumerate(old.files)))}
        self._owners: dict[bytes, int] = {}
        for number, (_, file) in enumerate(old.files):
            for chunk in old.chunks(file):
                self._owners.setdefault(chunk.id, number)

    def plan(self) -> Plan:
        """Choose, order, place, count."""
        chosen = {
            number: self._choose(number) for number in range(len(self._new.files)) if number not in self._kept
        }
        steps = self._with_built(self._ordered(chosen))
        frames, chunks, steps = _Stream(self._stored, self._deltas).lay(self._needed(steps), steps)
        return self._counted(frames, chunks, steps)

    def _choose(self, number: int) -> Step:
        path, file = self._new.files[number]
        if file.hash in self._by_content and file.size:
            return Copy(number, self._by_content[file.hash])
        build = Build(number, self._sources(path, number), ())
        delta = self._deltas.get(number)
        if delta is None:
            return build
        olds = tuple(self._by_content[one] for one in delta[0].olds)
        pieces = (Piece(one.size, one.offset, one.length, one.kind, 0, one.delta) for one in delta[0].pieces)
        return Patch(number, olds, tuple(pieces))

    @cached_property
    def _deltas(self) -> dict[int, tuple[Delta, DeltaSet]]:
        """The smallest stored delta for each file that starts from old files.

        A file that the old build has all chunks of needs none. Otherwise a delta is stored only when it costs less than chunks.
        """
        found = {}
        for number, (_, file) in enumerate(self._new.files):
            if number in self._kept or file.hash not in self._stored.deltas:
                continue
            usable = [
                (delta, of)
                for delta, of in self._stored.deltas[file.hash]
                if all(one in self._by_content for one in delta.olds)
            ]
            if usable and any(chunk.id not in self._owners for chunk in self._new.chunks(file)):
                found[number] = min(
                    usable, key=lambda one: sum(piece.delta for piece in one[0].pieces) * _ratio(one[1])
                )
        return found

    def _sources(self, path: str, number: int) -> tuple[int, ...]:
        """The old files that a file takes chunks from: the one at its path first, so that others are read seldom."""
        first = self._old.numbers.get(path)
        needed = {chunk.id for chunk in self._new.chunks(self._new.files[number].file)} & self._owners.keys()
        sources = []
        if first is not None:
            there = {chunk.id for chunk in self._old.chunks(self._old.files[first].file)} & needed
            if there:
                sources.append(first)
                needed -= there
        return (*sources, *sorted({self._owners[one] for one in needed} - {*sources}))

    def _ordered(self, chosen: dict[int, Step]) -> list[Step]:
        """Put who reads an old file before who takes its place, as far as there is no circle."""
        readers: dict[int, list[int]] = defaultdict(list)
        for number, step in chosen.items():
            for old in reads(step):
                readers[old].append(number)
        ordered: dict[int, Step] = {}
        for first in chosen:
            pending = [(first, False)]
            entered = set()
            while pending:
                number, ready = pending.pop()
                if ready:
                    ordered[number] = chosen[number]
                elif number not in ordered and number not in entered:
                    entered.add(number)
                    pending.append((number, True))
                    replaced = self._old.numbers.get(self._new.files[number].path)
                    if replaced is not None:
                        pending += [(one, False) for one in reversed(readers[replaced])]
        return list(ordered.values())

    def _with_built(self, steps: list[Step]) -> list[Step]:
        """Let files take chunks that no old file has from new files that are complete before them."""
        made: dict[bytes, int] = {}
        found: list[Step] = []
        for step in steps:
            chunks = self._new.chunks(self._new.files[step.file].file)
            if isinstance(step, Build):
                lacking = {chunk.id for chunk in chunks} - self._owners.keys()
                built = sorted({made[one] for one in lacking & made.keys()})
                found.append(Build(step.file, step.sources, tuple(built)))
            else:
                found.append(step)
            for chunk in chunks:
                if chunk.id not in self._owners:
                    made.setdefault(chunk.id, step.file)
        return found

    def _needed(self, steps: list[Step]) -> dict[bytes, int]:
        needed = {}
        for step in steps:
            if isinstance(step, Build):
                for part in local_parts(step, self._old, self._new):
                    if part.origin == "stream":
                        needed[part.chunk.id] = part.chunk.size
        return needed

    def _counted(self, frames: list[FrameAt], chunks: list[int], steps: list[Step]) -> Plan:
        objects = list(dict.fromkeys(place.key for place in frames))
        numbers = {key: number for number, key in enumerate(objects)}
        found = tuple(Frame(numbers[one.key], one.offset, one.length, one.size, one.hash) for one in frames)
        join = _join(found)
        fetched = ranges(found, join)
        old_nodes = self._old.nodes
        return Plan(
            version=VERSION,
            old=self._old.root,
            new=self._new.root,
            nodes=tuple(data for node_id, data in self._new.nodes.items() if node_id not in old_nodes),
            objects=tuple(objects),
            frames=found,
            chunks=tuple(chunks),
            steps=tuple(steps),
            join=join,
            requests=len(fetched),
            fetches=sum(one.length for one in fetched),
            writes=sum(self._new.files[step.file].file.size for step in steps),
            peak=self._peak(steps),
        )

    def _peak(self, steps: list[Step]) -> int:
        """Play the steps and return the most bytes beyond the old build; a file that nobody reads goes at once."""
        last = last_readers(steps)
        staying = {self._old.numbers[self._new.files[number].path] for number in self._kept}
        makers = {self._new.files[step.file].path: at for at, step in enumerate(steps)}
        leaving: Counter[int] = Counter()
        for number, (path, file) in enumerate(self._old.files):
            if number not in staying:
                leaving[max(last.get(number, -1), makers.get(path, -1))] += file.size
        beyond = peak = -leaving[-1]
        for at, step in enumerate(steps):
            beyond += self._new.files[step.file].file.size
            peak = max(peak, beyond)
            beyond -= leaving[at]
        return max(0, peak)


def _ratio(deltas: DeltaSet) -> float:
    places = [place for place, _ in stream_frames(deltas)]
    return sum(place.length for place in places) / max(1, sum(place.size for place in places))


def _join(frames: tuple[Frame, ...]) -> int:
    """Return how far apart frames may lie to be fetched together: farther when there would be too many requests."""
    join = JOIN_GAP_BYTES
    while True:
        found = ranges(frames, join)
        if len(found) <= sum(one.length for one in found) // REQUEST_BYTES + REQUESTS_FREE:
            return join
        if len(found) == len({one.object for one in found}):
            return join
        join *= 2


class _Stream:
    """Lays the frames that are fetched into one stream and finds the place of each chunk and delta in it."""

    def __init__(self, stored: Stored, deltas: dict[int, tuple[Delta, DeltaSet]]) -> None:
        self._stored = stored
        self._deltas = deltas
        self._starts: dict[FrameAt, int] = {}
        self._end = 0

    def lay(self, needed: dict[bytes, int], steps: list[Step]) -> tuple[list[FrameAt], list[int], list[Step]]:
        """Return the frames, the gaps of the chunks, and the steps with the gaps of their deltas.

        Deltas come first in their own order: those of one set follow one another, and a frame holds many.
        """
        patched = self._lay_deltas(steps)
        chosen = self._choose(needed)
        gaps = []
        end = 0
        for chunk_id, size in needed.items():
            place = chosen[chunk_id]
            at = self._start(place.frame) + place.at
            gaps.append(at - end)
            end = at + size
        return list(self._starts), gaps, patched

    def _start(self, place: FrameAt) -> int:
        if place not in self._starts:
            self._starts[place] = self._end
            self._end += place.size
        return self._starts[place]

    def _choose(self, needed: dict[bytes, int]) -> dict[bytes, Place]:
        """Return for each chunk where to take it from, so that little else is fetched.

        The fill of a set was made for one pair of builds: all of it is wanted, or little. So each fill is tried as a whole.
        """
        useful: Counter[FrameAt] = Counter()
        for chunk_id, size in needed.items():
            if not self._stored.chunks.get(chunk_id):
                raise Unplannable(f"the chunk {chunk_id.hex()} is not stored")
            for place in self._stored.chunks[chunk_id]:
                useful[place.frame] += size

        def chosen(fill: int) -> dict[bytes, Place]:
            def dear(place: Place) -> tuple[bool, float]:
                return place.fill != fill, place.frame.length / useful[place.frame]

            return {chunk_id: min(self._stored.chunks[chunk_id], key=dear) for chunk_id in needed}

        def cost(places: dict[bytes, Place]) -> int:
            return sum(frame.length for frame in {place.frame for place in places.values()})

        return min(map(chosen, range(self._stored.fills + 1)), key=cost)

    def _lay_deltas(self, steps: list[Step]) -> list[Step]:
        starts = self._lay_frames(steps)
        found: list[Step] = []
        end = 0
        for step in steps:
            if not isinstance(step, Patch):
                found.append(step)
                continue
            delta, of = self._deltas[step.file]
            pieces = []
            for piece, there in zip(step.pieces, delta.pieces, strict=True):
                at = starts[id(of)](there.at)
                pieces.append(
                    Piece(piece.size, piece.offset, piece.length, piece.kind, at - end, piece.delta)
                )
                end = at + piece.delta
            found.append(Patch(step.file, step.olds, tuple(pieces)))
        return found

    def _lay_frames(self, steps: list[Step]) -> dict[int, Callable[[int], int]]:
        """Lay the frames that patches need, in the order of their sets, so that a delta over two frames stays whole.

        Returns for each set, by identity, what turns a place in its stream into a place in the plan's.
        """
        sets: dict[int, DeltaSet] = {}
        spans: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for step in steps:
            if isinstance(step, Patch):
                delta, of = self._deltas[step.file]
                sets[id(of)] = of
                spans[id(of)] += [(piece.at, piece.at + piece.delta) for piece in delta.pieces]
        return {number: self._lay_set(of, sorted(spans[number])) for number, of in sets.items()}

    def _lay_set(self, of: DeltaSet, spans: list[tuple[int, int]]) -> Callable[[int], int]:
        stored = stream_frames(of)
        begins = [begin for _, begin in stored]
        laid: dict[int, int] = {}
        for begin, end in spans:
            at = bisect_right(begins, begin) - 1
            while at < len(stored) and begins[at] < end:
                laid[at] = self._start(stored[at][0])
                at += 1

        def place(there: int) -> int:
            at = bisect_right(begins, there) - 1
            return laid[at] + there - begins[at]

        return place
