"""Makes the deltas from one build to the next, in the background: for each changed file the old file that resembles it most.

A set of deltas is one stream in packs with frames of 4 MiB at a high level, because deltas of one build resemble each other. What is
new and resembles nothing goes into a pack of its own, so that an update fetches whole frames of what it needs and nothing else.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Annotated, NamedTuple

import msgspec
from backports import zstd
from msgspec import Meta

from samovar.content.format.canonical import Count, Hash, Size
from samovar.content.format.chunking import Chunk, chunk_of
from samovar.content.format.deltas import (
    HDIFFPATCH,
    PIECE_BYTES,
    PIECE_BYTES_MAX,
    PIECE_MARGIN_BYTES,
    make,
)
from samovar.content.format.packs import FRAME_BYTES_MAX, Pack, PackWriter
from samovar.content.format.plan import kept
from samovar.content.format.tree import Tree

LEVEL = 19
TRIAL_LEVEL = 9
# Chunks that are tried one by one look larger than they are in a frame.
WORTHWHILE = 0.95
OLDS_MAX = 3

Read = Callable[[int, int, int], bytes]


class DeltaPiece(msgspec.Struct, frozen=True, array_like=True):
    """As a plan's `Piece`; `at` is where the delta lies in the stream of its set."""

    size: Size
    offset: Size
    length: Size
    kind: Count
    at: Size
    delta: Size


class Delta(msgspec.Struct, frozen=True, array_like=True):
    """How one file is made.

    Attributes:
        new: BLAKE3 of the file that is made.
        olds: BLAKE3 of the files that it is made from, one after another.
        pieces: In order.
    """

    new: Hash
    olds: Annotated[tuple[Hash, ...], Meta(min_length=1)]
    pieces: tuple[DeltaPiece, ...]


class DeltaSet(msgspec.Struct, frozen=True, array_like=True):
    """The deltas from one build to another.

    Attributes:
        packs: Hold the stream of the deltas, cut into frames; their keys are `deltas/<hex id>`.
        deltas: Of the files for which one is worth it.
        fill: Packs with the chunks of the other files that the old build lacks; their keys are `packs/<hex id>`.
    """

    packs: tuple[Pack, ...]
    deltas: tuple[Delta, ...]
    fill: tuple[Pack, ...]


class Side(NamedTuple):
    """A build.

    Attributes:
        tree: Its tree.
        read: Returns bytes of a file: its number, an offset, a length.
    """

    tree: Tree
    read: Read


def reader(folder: Path, tree: Tree) -> Read:
    """Return what reads the files of a build from a folder."""

    def read(number: int, offset: int, length: int) -> bytes:
        with (folder / tree.files[number].path).open("rb") as file:
            file.seek(offset)
            return file.read(length)

    return read


class _Writer:
    """Joins deltas to a stream of full frames."""

    def __init__(self, packs: PackWriter) -> None:
        self.at = 0
        self._packs = packs
        self._held = b""

    def add(self, data: bytes) -> int:
        at = self.at
        self.at += len(data)
        self._held += data
        while len(self._held) >= FRAME_BYTES_MAX:
            self._flush()
        return at

    def close(self) -> None:
        if self._held:
            self._flush()

    def _flush(self) -> None:
        data, self._held = self._held[:FRAME_BYTES_MAX], self._held[FRAME_BYTES_MAX:]
        self._packs.add(chunk_of(data), data)


def make_deltas(
    old: Side, new: Side, folder: Path, threads: Executor, *, kind: int = HDIFFPATCH, level: int = LEVEL
) -> DeltaSet:
    """Write the deltas from one build to another into packs in a folder; one file at a time is in memory."""
    likeness = Likeness(old.tree, new.tree)
    deltas = []
    rest = []
    with PackWriter(folder, threads, level=level, frame_bytes=FRAME_BYTES_MAX) as packs:
        stream = _Writer(packs)
        for number in likeness.changed:
            olds = likeness.bases(number)
            pieces = _worthwhile(old, new, number, olds, likeness, kind) if olds else []
            if pieces:
                deltas.append(
                    Delta(
                        new.tree.files[number].file.hash,
                        tuple(old.tree.files[one].file.hash for one in olds),
                        tuple(
                            DeltaPiece(size, offset, length, kind, stream.add(data), len(data))
                            for size, offset, length, data in pieces
                        ),
                    )
                )
            else:
                rest.append(number)
        stream.close()
    with PackWriter(folder, threads, level=level, frame_bytes=FRAME_BYTES_MAX) as fill:
        seen: set[bytes] = set()
        for number in rest:
            for chunk, offset in likeness.missing(number):
                if chunk.id not in seen:
                    seen.add(chunk.id)
                    fill.add(chunk, new.read(number, offset, chunk.size))
    return DeltaSet(tuple(packs.packs), tuple(deltas), tuple(fill.packs))


def _worthwhile(
    old: Side, new: Side, number: int, olds: list[int], likeness: "Likeness", kind: int
) -> list[tuple[int, int, int, bytes]]:
    """Return the pieces of a file as (size, offset, length, delta); none if its chunks cost less."""
    plain = 0
    for chunk, offset in likeness.missing(number):
        plain += len(zstd.compress(new.read(number, offset, chunk.size), TRIAL_LEVEL))
    pieces = []
    cost = 0
    for size, at, offset, length in likeness.regions(number, olds):
        data = make(kind, read_joined(old, olds, offset, length), new.read(number, at, size))
        cost += len(zstd.compress(data, TRIAL_LEVEL))
        pieces.append((size, offset, length, data))
    return pieces if cost < plain * WORTHWHILE else []


def read_joined(side: Side, numbers: list[int] | tuple[int, ...], offset: int, length: int) -> bytes:
    """Return bytes of files as if they were one, one after another."""
    found = []
    for number in numbers:
        size = side.tree.files[number].file.size
        if length and offset < size:
            found.append(side.read(number, offset, min(length, size - offset)))
            length -= len(found[-1])
        offset = max(0, offset - size)
    return b"".join(found)


class Likeness:
    """Which old file a new one resembles: the one at its path, those that share its chunks, or one with a similar name."""

    def __init__(self, old: Tree, new: Tree) -> None:
        self._old = old
        self._new = new
        self._owners: dict[bytes, tuple[int, int]] = {}
        self._names: dict[str, list[int]] = {}
        for number, (path, file) in enumerate(old.files):
            self._names.setdefault(_stem(path), []).append(number)
            offset = 0
            for chunk in old.chunks(file):
                self._owners.setdefault(chunk.id, (number, offset))
                offset += chunk.size
        same = kept(old, new)
        contents = {file.hash for _, file in old.files}
        self.changed = [
            number
            for number, (_, file) in enumerate(new.files)
            if number not in same and file.hash not in contents and file.size
        ]

    def missing(self, number: int) -> Iterator[tuple[Chunk, int]]:
        """Yield the chunks of a new file that the old build lacks, with their offsets."""
        offset = 0
        for chunk in self._new.chunks(self._new.files[number].file):
            if chunk.id not in self._owners:
                yield chunk, offset
            offset += chunk.size

    def bases(self, number: int) -> list[int]:
        """Return the old files to make a new one from, most alike first; together not larger than a piece unless it is one file."""
        path, file = self._new.files[number]
        shared: Counter[int] = Counter()
        for chunk in self._new.chunks(file):
            if chunk.id in self._owners:
                shared[self._owners[chunk.id][0]] += chunk.size
        found = [self._old.numbers[path]] if path in self._old.numbers else []
        found += [one for one, _ in shared.most_common(OLDS_MAX) if one not in found]
        if not found:
            alike = self._names.get(_stem(path), [])
            found = sorted(alike, key=lambda one: abs(self._old.files[one].file.size - file.size))[:1]
        bases: list[int] = []
        size = 0
        for one in found:
            length = self._old.files[one].file.size
            if length and (not bases or (size + length <= PIECE_BYTES_MAX and len(bases) < OLDS_MAX)):
                bases.append(one)
                size += length
        return bases

    def regions(self, number: int, olds: list[int]) -> Iterator[tuple[int, int, int, int]]:
        """Yield the pieces of a new file as (size, its offset, offset in the old files, length there)."""
        size = self._new.files[number].file.size
        length = sum(self._old.files[one].file.size for one in olds)
        if max(size, length) <= PIECE_BYTES_MAX:
            yield size, 0, 0, length
            return
        chunks = list(self._placed(number, olds[0]))
        for at in range(0, size, PIECE_BYTES):
            here = min(PIECE_BYTES, size - at)
            # Where the piece's first known chunk lies in the old file tells how far everything has moved.
            moved = next((there - place for place, there in chunks if at <= place < at + here), 0)
            begin = min(max(0, at + moved - PIECE_MARGIN_BYTES), length)
            yield here, at, begin, min(length - begin, here + 2 * PIECE_MARGIN_BYTES)

    def _placed(self, number: int, old: int) -> Iterator[tuple[int, int]]:
        offset = 0
        for chunk in self._new.chunks(self._new.files[number].file):
            owner = self._owners.get(chunk.id)
            if owner and owner[0] == old:
                yield offset, owner[1]
            offset += chunk.size


def _stem(path: str) -> str:
    """Return a file's name without what versions change in it."""
    return re.sub(r"[\d.]+", "#", path.rsplit("/", 1)[-1])
